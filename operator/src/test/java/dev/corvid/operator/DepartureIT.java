package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.operator.testing.TestNodes;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.Grant;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes that no longer match, by somebody's will or by mistake. */
class DepartureIT extends Installation {
  private static final String[] NODES = {"node1", "node2", "node3"};
  private static final Content CONTENT = TestCluster.content("a");

  private final TestNodes nodes = new TestNodes();
  private String uid;

  @BeforeEach
  void answer() {
    tracker.nodes(nodes);
  }

  @AfterEach
  void unlabel() {
    for (String node : NODES) {
      cluster.node(node, Map.of());
      tracker.join(node);
    }
  }

  @Test
  void aTypoRemovesNothingUntilItIsAllowed() throws Exception {
    label("reader", NODES);
    rollOutTo("reader", 3);
    cluster.makeAvailable(uid);
    String volume = volumeUid();

    select("raeder", 3);
    SwarmRelease held = awaitRelease(release -> is(release, "False", "NoNodesMatched"));

    assertThat(ready(held).getMessage())
        .isEqualTo(
            "0 nodes match spec.nodes.selector, spec.nodes.minimum is 3; %s is still active on 3 nodes that no longer match"
                .formatted(CONTENT.revision()));
    Condition condition = removalHeld(held).orElseThrow();
    assertThat(condition.getStatus()).isEqualTo("True");
    assertThat(condition.getMessage())
        .startsWith("3 nodes that hold the release")
        .endsWith(
            "annotate swr model corvid.dev/allow-removal=2 --overwrite --field-manager=corvid-user");
    assertThat(nodes.removed()).isEmpty();
    assertThat(volumeUid()).as("the volume, as it was").isEqualTo(volume);

    int pushes = tracker.pushCount();
    operator.close();
    startOperator();
    await().until(() -> tracker.pushCount() > pushes);
    assertThat(nodes.removed()).as("removed after a restart").isEmpty();
    select("reader", 3);
    awaitRelease(release -> serves(release, CONTENT) && removalHeld(release).isEmpty());
    assertThat(nodes.removed()).isEmpty();
    assertThat(volumeUid()).as("the volume, as it was").isEqualTo(volume);

    select("raeder", 3);
    awaitRelease(release -> removalHeld(release).isPresent());
    annotate("corvid.dev/allow-removal", 4);
    await().until(() -> !nodes.removed().isEmpty());
    awaitRelease(release -> removalHeld(release).isEmpty());
    assertThat(nodes.removed()).containsExactly("node1");
  }

  @Test
  void labelsThatAreLostCostOneNodeAtMost() throws Exception {
    label("reader", NODES);
    rollOutTo("reader", 1);

    unlabel();

    awaitRelease(release -> removalHeld(release).isPresent());
    assertThat(nodes.removed()).hasSizeLessThan(2);
    label("reader", NODES);
    awaitRelease(release -> serves(release, CONTENT) && removalHeld(release).isEmpty());
    await().until(() -> nodes.serving(CONTENT).size() == 3);
  }

  @Test
  void aRestartOfAllWhileNodesAreNotReadyLiftsNothing() throws Exception {
    label("reader", NODES);
    rollOutTo("reader", 1);
    cluster.node("node1", Map.of("role", "reader", "few", "one"));
    select("few", "one", 1);
    awaitRelease(release -> removalHeld(release).isPresent());

    cluster.ready("node2", false);
    cluster.ready("node3", false);
    operator.close();
    tracker.restartWithout("node2", "node3");
    startOperator();
    long edited = select("few", "one", 0).getMetadata().getGeneration();

    SwarmRelease known =
        awaitRelease(
            release ->
                is(release, "True", "Succeeded")
                    && release.getStatus().observedGeneration() == edited);
    assertThat(removalHeld(known)).as("conditions %s", known.getStatus().conditions()).isPresent();
    assertThat(nodes.removed()).isEmpty();
  }

  @Test
  void aPoolIsLeftOnceAnotherServes() throws Exception {
    label("old", "node1");
    label("new", "node2", "node3");
    Set<String> servingAtTheEnd = ConcurrentHashMap.newKeySet();
    tracker.nodes(
        (node, grant) -> {
          if (grant.action() == Grant.Action.REMOVE) {
            servingAtTheEnd.addAll(nodes.serving(CONTENT));
          }
          return nodes.apply(node, grant);
        });
    rollOutTo("old", 1);

    select("new", 1);

    await().until(() -> nodes.removed().contains("node1"));
    assertThat(servingAtTheEnd).contains("node1").containsAnyOf("node2", "node3");
    awaitRelease(
        release -> serves(release, CONTENT) && "2/2".equals(release.getStatus().nodes().summary()));
    assertThat(nodes.removed()).containsExactly("node1");
  }

  private void label(String role, String... names) {
    for (String name : names) {
      cluster.node(name, Map.of("role", role));
    }
  }

  /** Applies it and plays the seeder. */
  private void rollOutTo(String role, int minimum) throws Exception {
    uid = select(role, minimum).getMetadata().getUid();
    var pod = cluster.awaitSeeder(namespace, "model");
    cluster.run(pod, ADDRESS);
    tracker.seeder(uid, TestCluster.seeding(pod, ADDRESS, CONTENT));
    awaitRelease(release -> serves(release, CONTENT));
  }

  private SwarmRelease select(String role, int minimum) {
    return select("role", role, minimum);
  }

  private SwarmRelease select(String label, String value, int minimum) {
    return cluster.apply(
        """
        apiVersion: corvid.dev/v1alpha1
        kind: SwarmRelease
        metadata: {name: model, namespace: %s}
        spec:
          nodes: {selector: {matchLabels: {%s: %s}}, minimum: %d}
          source: {http: {url: "https://a/a.tar.gz"}}
        """
            .formatted(namespace, label, value, minimum));
  }

  private String volumeUid() {
    return client.persistentVolumes().withName("corvid-" + uid).get().getMetadata().getUid();
  }

  private static Optional<Condition> removalHeld(SwarmRelease release) {
    return release.getStatus().conditions().stream()
        .filter(condition -> "RemovalHeld".equals(condition.getType()))
        .filter(c -> c.getObservedGeneration().equals(release.getMetadata().getGeneration()))
        .findFirst();
  }
}
