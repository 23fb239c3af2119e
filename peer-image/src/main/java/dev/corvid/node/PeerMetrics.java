package dev.corvid.node;

import dev.corvid.wire.NodeReport;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What a peer shows of itself. The number of series does not depend on the releases. */
final class PeerMetrics {
  private PeerMetrics() {}

  static void register(MeterRegistry meters, Releases releases, TrackerLink link) {
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
    bytes(meters, releases, "seeder", NodeReport::bytesFromSeeder);
    bytes(meters, releases, "peers", NodeReport::bytesFromPeers);
    bytes(meters, releases, "node", NodeReport::bytesReused);
    FunctionCounter.builder("corvid.peer.uploaded", releases, Releases::uploaded)
        .description("Payload sent to other nodes for the releases that run")
        .baseUnit("bytes")
        .register(meters);
  }

  private static void bytes(
      MeterRegistry meters, Releases releases, String source, ToDoubleFunction<NodeReport> figure) {
    FunctionCounter.builder(
            "corvid.peer.received",
            releases,
            all -> all.reports().stream().mapToDouble(figure).sum())
        .description("Bytes of the wanted revisions, by where they came from")
        .baseUnit("bytes")
        .tag("source", source)
        .register(meters);
  }
}
