package dev.corvid.node;

import dev.corvid.bittorrent.RejectReason;
import dev.corvid.bittorrent.swarm.Swarm;
import dev.corvid.node.release.Releases;
import dev.corvid.node.root.RootRegistry;
import dev.corvid.node.torrent.Traffic;
import dev.corvid.node.tracker.NodeTrackerLink;
import dev.corvid.wire.node.NodeReport;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What a peer shows of itself. The number of series does not depend on the releases. */
final class PeerMetrics {
  private PeerMetrics() {}

  static void register(
      MeterRegistry meters, Releases releases, Traffic traffic, NodeTrackerLink link, Swarm swarm) {
    for (NodeReport.State state : NodeReport.State.values()) {
      Gauge.builder(
              "corvid.peer.releases",
              releases,
              all -> all.reports().stream().filter(report -> report.state() == state).count())
          .description("Releases on this node, by the state of the wanted revision")
          .tag("state", state.name().toLowerCase(Locale.ROOT))
          .register(meters);
    }
    Gauge.builder("corvid.peer.tracker.connected", link, l -> l.isConnected() ? 1 : 0)
        .description("1 when the last exchange with the tracker succeeded")
        .register(meters);
    received(meters, traffic, "seeder", Traffic.Totals::fromSeeder);
    received(meters, traffic, "peers", Traffic.Totals::fromPeers);
    received(meters, traffic, "node", Traffic.Totals::reused);
    FunctionCounter.builder(
            "corvid.peer.received.across.zones", traffic, all -> all.totals().acrossZones())
        .description("Payload received from nodes in other zones")
        .baseUnit("bytes")
        .register(meters);
    FunctionCounter.builder("corvid.peer.uploaded", traffic, all -> all.totals().uploaded())
        .description("Payload sent to other nodes")
        .baseUnit("bytes")
        .register(meters);
    for (RejectReason kind : RejectReason.values()) {
      FunctionCounter.builder("corvid.peer.connections.refused", swarm, s -> s.refused(kind))
          .description("Connections rejected or closed for misbehavior, by kind")
          .tag("kind", kind.name().toLowerCase(Locale.ROOT))
          .register(meters);
    }
  }

  static void register(MeterRegistry meters, RootRegistry roots) {
    Gauge.builder("corvid.peer.roots.moved", roots, RootRegistry::moved)
        .description(
            "Roots where a different disk or directory is mounted than when the peer started")
        .register(meters);
  }

  private static void received(
      MeterRegistry meters,
      Traffic traffic,
      String source,
      ToDoubleFunction<Traffic.Totals> figure) {
    FunctionCounter.builder(
            "corvid.peer.received", traffic, all -> figure.applyAsDouble(all.totals()))
        .description("Payload received, by where it came from")
        .baseUnit("bytes")
        .tag("source", source)
        .register(meters);
  }
}
