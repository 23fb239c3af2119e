package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.NodesStatus;
import dev.corvid.operator.release.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How many releases are in which condition, counted from the cache when Prometheus asks: the number
 * of series does not grow with the releases, unless each of them is to have some. Thread-safe.
 */
public final class ReleaseMetrics extends Collector implements Collector.Describable {
  /** More than conditions and reasons there are; statuses of other hands may name any. */
  private static final int MOST_STATES = 200;

  private static final State OTHER = new State("Other", "Unknown", "Other");

  private final Supplier<List<SwarmRelease>> releases;
  private final boolean perRelease;

  private record State(String condition, String status, String reason)
      implements Comparable<State> {
    static State of(Condition condition) {
      return new State(condition.getType(), condition.getStatus(), condition.getReason());
    }

    List<String> labels() {
      return List.of(condition, status, reason);
    }

    @Override
    public int compareTo(State other) {
      return labels().toString().compareTo(other.labels().toString());
    }
  }

  /**
   * @param releases all that there are, of this instance if it leads; else none
   * @param perRelease whether each release gets series of its own
   */
  public ReleaseMetrics(Supplier<List<SwarmRelease>> releases, boolean perRelease) {
    this.releases = releases;
    this.perRelease = perRelease;
  }

  /** By these names it is found when somebody asks. */
  @Override
  public List<MetricFamilySamples> describe() {
    return families(List.of());
  }

  @Override
  public List<MetricFamilySamples> collect() {
    return families(releases.get());
  }

  private List<MetricFamilySamples> families(List<SwarmRelease> all) {
    List<MetricFamilySamples> families = new ArrayList<>();
    families.add(states(all));
    if (perRelease) {
      families.add(ready(all));
      families.add(nodes(all));
      families.add(info(all));
    }
    return families;
  }

  private static GaugeMetricFamily states(List<SwarmRelease> all) {
    Map<State, Integer> counts = new TreeMap<>();
    for (SwarmRelease release : all) {
      List<Condition> conditions = conditions(release);
      if (Conditions.find(conditions, Conditions.READY).isEmpty()) {
        count(counts, new State(Conditions.READY, "Unknown", "NotReconciled"));
      }
      conditions.forEach(condition -> count(counts, State.of(condition)));
    }
    var family =
        new GaugeMetricFamily(
            "corvid_operator_releases",
            "SwarmReleases by condition, its status and its reason",
            List.of("condition", "status", "reason"));
    counts.forEach((state, count) -> family.addMetric(state.labels(), count));
    return family;
  }

  private static void count(Map<State, Integer> counts, State state) {
    boolean fits = counts.containsKey(state) || counts.size() < MOST_STATES;
    counts.merge(fits ? state : OTHER, 1, Integer::sum);
  }

  private static GaugeMetricFamily ready(List<SwarmRelease> all) {
    var family =
        new GaugeMetricFamily(
            "corvid_operator_release_ready",
            "1 while the SwarmRelease is Ready; only with the chart's metrics.perRelease",
            List.of("namespace", "release"));
    for (SwarmRelease release : all) {
      boolean ready =
          Conditions.find(conditions(release), Conditions.READY)
              .filter(condition -> "True".equals(condition.getStatus()))
              .isPresent();
      family.addMetric(name(release), ready ? 1 : 0);
    }
    return family;
  }

  private static GaugeMetricFamily nodes(List<SwarmRelease> all) {
    var family =
        new GaugeMetricFamily(
            "corvid_operator_release_nodes",
            "Nodes of the SwarmRelease, by the counts in its status; only with the chart's"
                + " metrics.perRelease",
            List.of("namespace", "release", "state"));
    for (SwarmRelease release : all) {
      NodesStatus nodes = release.getStatus() == null ? null : release.getStatus().nodes();
      if (nodes != null) {
        add(family, release, "desired", nodes.desired());
        add(family, release, "verified", nodes.verified());
        add(family, release, "updated", nodes.updated());
        add(family, release, "failed", nodes.failed());
        add(family, release, "unreachable", nodes.unreachable());
        add(family, release, "unserved", nodes.unserved());
      }
    }
    return family;
  }

  private static GaugeMetricFamily info(List<SwarmRelease> all) {
    var family =
        new GaugeMetricFamily(
            "corvid_operator_release_info",
            "1, with the version and the revision that are active on every node of the"
                + " SwarmRelease; only with the chart's metrics.perRelease",
            List.of("namespace", "release", "version", "revision"));
    for (SwarmRelease release : all) {
      SwarmReleaseStatus status = release.getStatus();
      if (status != null && status.currentRevision() != null) {
        List<String> labels = new ArrayList<>(name(release));
        labels.add(Objects.toString(status.currentVersion(), ""));
        labels.add(status.currentRevision());
        family.addMetric(labels, 1);
      }
    }
    return family;
  }

  private static void add(
      GaugeMetricFamily family, SwarmRelease release, String state, @Nullable Integer count) {
    if (count != null) {
      List<String> labels = new ArrayList<>(name(release));
      labels.add(state);
      family.addMetric(labels, count);
    }
  }

  private static List<Condition> conditions(SwarmRelease release) {
    SwarmReleaseStatus status = release.getStatus();
    return status == null || status.conditions() == null ? List.of() : status.conditions();
  }

  private static List<String> name(SwarmRelease release) {
    return List.of(release.getMetadata().getNamespace(), release.getMetadata().getName());
  }
}
