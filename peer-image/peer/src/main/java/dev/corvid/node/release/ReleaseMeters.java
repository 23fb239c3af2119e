package dev.corvid.node.release;

import dev.corvid.node.torrent.Traffic;
import dev.corvid.wire.grant.NodeLimits;
import dev.corvid.wire.grant.ReleaseName;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/**
 * Series of each release on this node, where the chart asks for them: what it may move, and what it
 * does. Thread-safe.
 */
public final class ReleaseMeters {
  private final MeterRegistry meters;
  private final boolean wanted;
  private final Map<Tags, List<Meter>> registered = new ConcurrentHashMap<>();

  /**
   * @param wanted whether the chart asks for them
   */
  public ReleaseMeters(MeterRegistry meters, boolean wanted) {
    this.meters = meters;
    this.wanted = wanted;
  }

  /** The release has an agent from now on. */
  public void add(String root, ReleaseName name, ReleaseAgent agent) {
    if (wanted) {
      Tags tags = tags(root, name);
      registered.put(
          tags,
          List.of(
              counter(
                  "corvid.peer.release.received",
                  "Payload of the release that was received; only with the chart's metrics.perRelease",
                  agent,
                  tags,
                  Traffic.Totals::received),
              counter(
                  "corvid.peer.release.uploaded",
                  "Payload of the release that was sent; only with the chart's metrics.perRelease",
                  agent,
                  tags,
                  Traffic.Totals::uploaded),
              limit("download", agent, tags, NodeLimits::download),
              limit("upload", agent, tags, NodeLimits::upload)));
    }
  }

  /** Its agent ends. */
  public void remove(String root, ReleaseName name) {
    List<Meter> gone = registered.remove(tags(root, name));
    if (gone != null) {
      gone.forEach(meters::remove);
    }
  }

  private static Tags tags(String root, ReleaseName name) {
    return Tags.of("namespace", name.namespace(), "release", name.name(), "root", root);
  }

  private Meter counter(
      String name,
      String description,
      ReleaseAgent agent,
      Tags tags,
      ToDoubleFunction<Traffic.Totals> figure) {
    return FunctionCounter.builder(name, agent, a -> figure.applyAsDouble(a.moved()))
        .description(description)
        .baseUnit("bytes")
        .tags(tags)
        .register(meters);
  }

  private Meter limit(
      String direction, ReleaseAgent agent, Tags tags, ToDoubleFunction<NodeLimits> figure) {
    return Gauge.builder(
            "corvid.peer.release.bandwidth.limit", agent, a -> figure.applyAsDouble(a.limits()))
        .description(
            "Bytes per second that spec.bandwidth allows to the release; 0 for no limit; only"
                + " with the chart's metrics.perRelease")
        .baseUnit("bytes_per_second")
        .tags(tags)
        .tag("direction", direction)
        .register(meters);
  }
}
