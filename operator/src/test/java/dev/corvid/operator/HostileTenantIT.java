package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.wire.grant.Content;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many releases one tenant has, and how large he makes them, is not felt by the others. */
class HostileTenantIT extends Installation {
  /** Characters: several times what a spec may have, and soon read by the API server. */
  private static final int MANY = 300_000;

  private static final int SMALL = 1000;
  private static final String SELECTOR = "'nodes': {'selector': {}}";

  /** How a spec becomes large. */
  private static final List<IntFunction<String>> LARGE =
      List.of(
          n -> "'nodes': {'selector': {'matchExpressions': [%s]}}".formatted(expressions(n)),
          n -> "'nodes': {'selector': {'matchLabels': {'%s': 'x'}}}".formatted("k".repeat(n)),
          n -> SELECTOR + ", 'seeder': {'nodeSelector': {%s}}".formatted(entries(n)),
          n -> SELECTOR + ", 'seeder': {'tolerations': [%s]}".formatted(tolerations(n)),
          n -> SELECTOR + ", 'seeder': {'resources': {'limits': {%s}}}".formatted(entries(n)),
          n -> SELECTOR + ", 'rollout': {'maxFailed': '%s'}".formatted("9".repeat(n)),
          n -> SELECTOR + ", 'source': {'http': {'url': 'https://a/%s'}}".formatted("9".repeat(n)),
          n -> "'nodes': {'selector': {'matchLabels': {'k': '%s'}}}".formatted("v".repeat(n)));

  private String attacker;

  @AfterEach
  void end() throws Exception {
    List<SwarmRelease> left = releases(attacker);
    inParallel(left.size(), i -> client.resource(left.get(i)).delete());
    awaitSlowly(
        () -> {
          cluster.finishDeletions(attacker);
          return releases(attacker).isEmpty();
        });
  }

  @Test
  void aTenantCannotFellTheOperator() throws Exception {
    attacker = namespace + "-x";
    cluster.namespace(attacker);
    for (IntFunction<String> kind : LARGE) {
      refuses("many", kind.apply(MANY));
    }
    // As large as the API server reads at all.
    String longest = LARGE.getLast().apply(1_400_000);
    inParallel(12, i -> refuses("large-" + i, longest));
    assertThat(releases(attacker)).isEmpty();
    inParallel(SMALL, i -> create("small-" + i, SELECTOR));

    Content content = rollOut("a");

    assertThat(serves(awaitRelease(found -> true), content)).isTrue();
    awaitSlowly(() -> beyond().size() == SMALL - 50);
    String beyond = beyond().getFirst();
    assertThat(ready(cluster.release(attacker, beyond).get()).getMessage())
        .contains("50")
        .contains(attacker);

    // Deleting works beyond the limit, and the next in the line takes the place.
    cluster.release(attacker, beyond).delete();
    await().until(() -> cluster.release(attacker, beyond).get() == null);
    cluster.release(attacker, served().getFirst()).delete();
    awaitSlowly(() -> beyond().size() == SMALL - 52);
  }

  private void refuses(String name, String spec) {
    assertThatThrownBy(() -> create(name, spec))
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            refusal -> assertThat(refusal.getCode()).as("%s", refusal).isEqualTo(422));
  }

  /** A look at a thousand releases is work for the API server as well. */
  private static void awaitSlowly(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(240)).pollInterval(Duration.ofSeconds(1)).until(condition);
  }

  private static void inParallel(int count, IntConsumer action) throws Exception {
    try (var threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> begun = new ArrayList<>();
      IntStream.range(0, count).forEach(i -> begun.add(threads.submit(() -> action.accept(i))));
      for (Future<?> each : begun) {
        each.get();
      }
    }
  }

  /** As it is written: a client takes seconds to read the largest. */
  private void create(String name, String spec) {
    String source =
        spec.contains("'source'") ? "" : "'source': {'http': {'url': 'https://a/a.tar'}},";
    String json =
        """
        {'apiVersion': 'corvid.dev/v1alpha1', 'kind': 'SwarmRelease',
         'metadata': {'name': '%s'}, 'spec': {%s %s}}
        """
            .formatted(name, source, spec)
            .replace('\'', '"');
    client.raw(
        "/apis/corvid.dev/v1alpha1/namespaces/%s/swarmreleases".formatted(attacker), "POST", json);
  }

  private List<SwarmRelease> releases(String in) {
    return client.resources(SwarmRelease.class).inNamespace(in).list().getItems();
  }

  private List<String> beyond() {
    return releases(attacker).stream()
        .filter(release -> is(release, "False", "LimitExceeded"))
        .map(release -> release.getMetadata().getName())
        .toList();
  }

  private List<String> served() {
    return releases(attacker).stream()
        .filter(release -> ready(release) != null && !is(release, "False", "LimitExceeded"))
        .map(release -> release.getMetadata().getName())
        .toList();
  }

  private static String expressions(int length) {
    String values = joined(length / 10, "'v%06d'");
    return "{'key': 'k', 'operator': 'In', 'values': [%s]}".formatted(values);
  }

  private static String entries(int length) {
    return joined(length / 15, "'k%06d': '1'");
  }

  private static String tolerations(int length) {
    return joined(length / 20, "{'key': 'k%06d'}");
  }

  private static String joined(int count, String format) {
    return IntStream.range(0, count).mapToObj(format::formatted).collect(Collectors.joining(","));
  }
}
