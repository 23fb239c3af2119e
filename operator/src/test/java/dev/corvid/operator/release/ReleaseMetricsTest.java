package dev.corvid.operator.release;

import static dev.corvid.operator.release.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.NodesStatus;
import dev.corvid.operator.release.status.Conditions;
import dev.corvid.operator.release.status.Situation;
import io.fabric8.kubernetes.api.model.Condition;
import io.prometheus.client.CollectorRegistry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReleaseMetricsTest {
  private final List<SwarmRelease> releases = new ArrayList<>();

  @Test
  void countsReleasesByConditionAndReason() {
    releases.add(release("a", "True", "Succeeded"));
    releases.add(release("b", "True", "Succeeded"));
    releases.add(release("c", "False", "DigestMismatch"));
    releases.add(Given.release(""));
    CollectorRegistry registry = registry(false);

    assertThat(count(registry, "Ready", "True", "Succeeded")).isEqualTo(2);
    assertThat(count(registry, "Ready", "False", "DigestMismatch")).isEqualTo(1);
    assertThat(count(registry, "Ready", "Unknown", "NotReconciled")).isEqualTo(1);
    assertThat(samples(registry)).isEqualTo(3);
  }

  @Test
  void hasNoSeriesForEachRelease() {
    CollectorRegistry registry = registry(false);
    for (int i = 0; i < 1000; i++) {
      releases.add(release("r" + i, "True", "Succeeded"));
    }

    assertThat(samples(registry)).isEqualTo(1);
  }

  @Test
  void hasSomeForEachIfTold() {
    releases.add(release("a", "True", "Succeeded"));
    releases.add(release("b", "False", "Paused"));
    releases.add(Given.release(""));
    CollectorRegistry registry = registry(true);

    assertThat(ready(registry, "a")).isEqualTo(1);
    assertThat(ready(registry, "b")).isZero();
    assertThat(ready(registry, "model")).isZero();
    assertThat(
            registry.getSampleValue(
                "corvid_operator_release_nodes",
                new String[] {"namespace", "release", "state"},
                new String[] {"search", "a", "verified"}))
        .isEqualTo(3);
  }

  @Test
  void hasTheVersionAndTheRevisionThatAreActive() {
    SwarmRelease active = Given.release("");
    active.setStatus(
        new Situation("", Given.selection(Given.serving("a", Given.NEW))).named("1.0").status());
    releases.add(active);
    releases.add(release("b", "False", "Progressing"));

    assertThat(
            registry(true)
                .getSampleValue(
                    "corvid_operator_release_info",
                    new String[] {"namespace", "release", "version", "revision"},
                    new String[] {"search", "model", "1.0", Given.NEW.revision()}))
        .isEqualTo(1);
    assertThat(
            Collections.list(registry(true).metricFamilySamples()).stream()
                .filter(family -> family.name.equals("corvid_operator_release_info"))
                .mapToLong(family -> family.samples.size())
                .sum())
        .isEqualTo(1);
  }

  @Test
  void boundsWhatStatusesOfOtherHandsName() {
    CollectorRegistry registry = registry(false);
    for (int i = 0; i < 1000; i++) {
      releases.add(release("r" + i, "False", "Reason" + i));
    }

    assertThat(samples(registry)).isEqualTo(201);
    assertThat(count(registry, "Other", "Unknown", "Other")).isEqualTo(800);
  }

  private CollectorRegistry registry(boolean perRelease) {
    var registry = new CollectorRegistry();
    registry.register(new ReleaseMetrics(() -> releases, perRelease));
    return registry;
  }

  private static long samples(CollectorRegistry registry) {
    return Collections.list(registry.metricFamilySamples()).stream()
        .mapToLong(family -> family.samples.size())
        .sum();
  }

  private static Double count(CollectorRegistry registry, String... labels) {
    return registry.getSampleValue(
        "corvid_operator_releases", new String[] {"condition", "status", "reason"}, labels);
  }

  private static Double ready(CollectorRegistry registry, String name) {
    return registry.getSampleValue(
        "corvid_operator_release_ready",
        new String[] {"namespace", "release"},
        new String[] {"search", name});
  }

  private static SwarmRelease release(String name, String ready, String reason) {
    SwarmRelease release = Given.release("");
    release.getMetadata().setName(name);
    List<Condition> conditions =
        new Conditions(List.of(), 1, NOW).add(Conditions.READY, ready, reason, "").build();
    release.setStatus(
        new SwarmReleaseStatus(
            1L,
            conditions,
            null,
            null,
            null,
            null,
            new NodesStatus(4, 0, 3, 2, 0, 1, null, null, null),
            null,
            null,
            null,
            null,
            null,
            null,
            null));
    return release;
  }
}
