package dev.corvid.node;

import dev.corvid.node.release.Releases;
import dev.corvid.wire.grant.NodeLimits;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToLongFunction;

/** What a peer shows of the limits in force. What moves is among the {@link PeerMetrics}. */
final class BandwidthMetrics {
  private static final String RATE = "bytes_per_second";

  private BandwidthMetrics() {}

  static void register(MeterRegistry meters, PeerOptions ceilings, Releases releases) {
    register(meters, "download", ceilings.downloadLimit(), releases, NodeLimits::download);
    register(meters, "upload", ceilings.uploadLimit(), releases, NodeLimits::upload);
  }

  private static void register(
      MeterRegistry meters,
      String direction,
      long ceiling,
      Releases releases,
      ToLongFunction<NodeLimits> limit) {
    Gauge.builder("corvid.peer.bandwidth.ceiling", () -> ceiling)
        .description("Bytes per second that all releases of this node may move; 0 for no ceiling")
        .baseUnit(RATE)
        .tag("direction", direction)
        .register(meters);
    Gauge.builder(
            "corvid.peer.bandwidth.limit", releases, all -> all.limits().mapToLong(limit).sum())
        .description(
            "Bytes per second that spec.bandwidth allows in total to the releases that it limits"
                + " on this node")
        .baseUnit(RATE)
        .tag("direction", direction)
        .register(meters);
    Gauge.builder(
            "corvid.peer.bandwidth.limited.releases",
            releases,
            all -> all.limits().mapToLong(limit).filter(rate -> rate > 0).count())
        .description("Releases on this node that spec.bandwidth limits")
        .tag("direction", direction)
        .register(meters);
  }
}
