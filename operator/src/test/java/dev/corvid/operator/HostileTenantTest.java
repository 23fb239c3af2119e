package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.wire.Content;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What one tenant does with releases of his own is not felt by the others. */
class HostileTenantTest extends Installation {
  /** How a spec becomes large. */
  private static final List<IntFunction<String>> LARGE =
      List.of(
          n -> "nodes: {selector: {matchExpressions: [%s]}}".formatted(expressions(n)),
          n -> "nodes: {selector: {matchLabels: {? \"%s\" : x}}}".formatted("k".repeat(n)),
          n -> "nodes: {selector: {}}, seeder: {nodeSelector: {%s}}".formatted(entries(n)),
          n -> "nodes: {selector: {}}, seeder: {tolerations: [%s]}".formatted(tolerations(n)),
          n -> "nodes: {selector: {}}, seeder: {resources: {limits: {%s}}}".formatted(entries(n)),
          n -> "nodes: {selector: {}}, rollout: {maxFailed: \"%s\"}".formatted("9".repeat(n)),
          n -> "nodes: {selector: {}}, source: {s3: {k: \"%s\"}}".formatted("9".repeat(n)),
          n -> "nodes: {selector: {matchLabels: {k: \"%s\"}}}".formatted("v".repeat(n)));

  @Test
  void aTenantCannotFellTheOperator() throws Exception {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(240)); // a thousand of each, one by one
    String attacker = namespace + "-x";
    cluster.namespace(attacker);
    for (int i = 0; i < 200; i++) {
      String name = "large-" + i;
      // Each kind once; then one that is quickly written and read.
      String spec = LARGE.get(Math.min(i, LARGE.size() - 1)).apply(1_400_000);
      assertThatThrownBy(() -> create(attacker, name, spec))
          .isInstanceOf(KubernetesClientException.class);
    }
    assertThat(releases(attacker)).isEmpty();
    createSmall(attacker, 1000);

    Content content = rollOut("a");

    assertThat(serves(awaitRelease(found -> true), content)).isTrue();
    await().until(() -> saying("LimitExceeded", attacker).size() == 950);
    String beyond = saying("LimitExceeded", attacker).getFirst();
    assertThat(ready(cluster.release(attacker, beyond).get()).getMessage())
        .contains("50")
        .contains(attacker);

    // Deleting works beyond the limit, and the next in the line takes the place.
    cluster.release(attacker, beyond).delete();
    await().until(() -> cluster.release(attacker, beyond).get() == null);
    cluster.release(attacker, served(attacker).getFirst()).delete();
    await().until(() -> saying("LimitExceeded", attacker).size() == 948);
    deleteAll(attacker);
    await()
        .until(
            () -> {
              cluster.finishDeletions(attacker);
              return releases(attacker).isEmpty();
            });
  }

  /** A number that Java's type does not hold would keep the operator from reading any release. */
  @Test
  void noNumberIsTooLargeToRead() {
    for (String rollout :
        List.of(
            "{maxFailed: 99999999999}",
            "{maxUnavailable: 99999999999}",
            "{waves: [{upTo: 99999999999}, {upTo: 100%}]}",
            "{progressDeadline: 99999999999999999999h}")) {
      assertThatThrownBy(
              () -> create(namespace, "model", "nodes: {selector: {}}, rollout: " + rollout))
          .isInstanceOf(KubernetesClientException.class)
          .hasMessageContaining("spec.rollout");
    }
  }

  private void createSmall(String in, int count) throws Exception {
    forEach(
        IntStream.range(0, count).boxed().toList(),
        i -> create(in, "small-" + i, "nodes: {selector: {}}"));
  }

  private void deleteAll(String in) throws Exception {
    forEach(releases(in), release -> client.resource(release).delete());
  }

  private static <T> void forEach(List<T> all, Consumer<T> action) throws Exception {
    try (var threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> begun = new ArrayList<>();
      all.forEach(each -> begun.add(threads.submit(() -> action.accept(each))));
      for (Future<?> each : begun) {
        each.get();
      }
    }
  }

  private void create(String in, String name, String spec) {
    String source =
        spec.contains("source:") ? "" : "source: {http: {urls: [\"https://a/a.tar\"]}},";
    client
        .resource(
            client
                .getKubernetesSerialization()
                .unmarshal(
                    """
                    apiVersion: corvid.dev/v1alpha1
                    kind: SwarmRelease
                    metadata: {name: %s, namespace: %s}
                    spec: {%s %s}
                    """
                        .formatted(name, in, source, spec),
                    GenericKubernetesResource.class))
        .create();
  }

  private List<SwarmRelease> releases(String in) {
    return client.resources(SwarmRelease.class).inNamespace(in).list().getItems();
  }

  private List<String> saying(String reason, String in) {
    return releases(in).stream()
        .filter(release -> is(release, "False", reason))
        .map(release -> release.getMetadata().getName())
        .toList();
  }

  private List<String> served(String in) {
    return releases(in).stream()
        .filter(release -> ready(release) != null && !is(release, "False", "LimitExceeded"))
        .map(release -> release.getMetadata().getName())
        .toList();
  }

  private static String expressions(int length) {
    return "{key: k, operator: In, values: ["
        + IntStream.range(0, length / 8)
            .mapToObj("v%06d"::formatted)
            .collect(Collectors.joining(","))
        + "]}";
  }

  private static String entries(int length) {
    return IntStream.range(0, length / 12)
        .mapToObj("k%06d: \"1\""::formatted)
        .collect(Collectors.joining(","));
  }

  private static String tolerations(int length) {
    return IntStream.range(0, length / 16)
        .mapToObj("{key: k%06d}"::formatted)
        .collect(Collectors.joining(","));
  }
}
