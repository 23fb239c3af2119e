package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.operator.testing.TestTracker;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.node.NodeReport.State;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many nodes must match, and what is said where none does. */
class NodesMatchedIT extends Installation {
  private static final Content CONTENT = TestCluster.content("a");

  @AfterEach
  void unlabel() {
    for (String node : new String[] {"node1", "node2", "node3"}) {
      cluster.node(node, Map.of());
    }
  }

  @Test
  void aTypoIsNeverReadyAndALabelIsEnough() throws Exception {
    select("pool", "");

    SwarmRelease waiting = awaitRelease(release -> is(release, "False", "NoNodesMatched"));
    assertThat(status(waiting, "Reconciling")).contains("True");
    assertThat(status(waiting, "Stalled")).isEmpty();
    assertThat(status(waiting, "NodesMatched")).contains("False");
    assertThat(cluster.seeders(namespace, "model")).isEmpty();

    label("node1");
    seed();
    SwarmRelease active = awaitRelease(release -> serves(release, CONTENT));
    assertThat(status(active, "NodesMatched")).contains("True");
  }

  @Test
  void aPoolThatIsScaledToZeroAndBackStaysReadyMeanwhile() throws Exception {
    label("node1");
    select("pool", "");
    seed();
    awaitRelease(release -> serves(release, CONTENT));

    client.nodes().withName("node1").delete();
    SwarmRelease scaled =
        awaitRelease(release -> status(release, "NodesMatched").equals(Optional.of("False")));
    assertThat(is(scaled, "True", "Succeeded")).as("%s", scaled.getStatus().conditions()).isTrue();
    assertThat(scaled.getStatus().currentRevision()).isEqualTo(CONTENT.revision());
    await().untilAsserted(() -> assertThat(typeOf("NoNodesMatched")).contains("Normal"));
    operator.close();
    startOperator();

    tracker.nodes(
        (node, grant) ->
            node.equals("node3")
                ? TestTracker.report(grant, State.VERIFIED, digest(), null)
                : TestTracker.obedient(node, grant));
    label("node3");
    SwarmRelease back = awaitRelease(release -> is(release, "False", "Progressing"));
    assertThat(status(back, "Reconciling")).contains("True");
    assertThat(status(back, "NodesMatched")).contains("True");

    tracker.nodes(TestTracker::obedient);
    awaitRelease(release -> serves(release, CONTENT));
  }

  @Test
  void aMinimumOfZeroNeedsNoNode() {
    select("pool", ", minimum: 0");

    SwarmRelease ready = awaitRelease(release -> is(release, "True", "Succeeded"));
    assertThat(status(ready, "NodesMatched")).contains("False");
  }

  @Test
  void twoNodesOfThreeStall() throws Exception {
    label("node1", "node2");
    select("pool", ", minimum: 3");
    SwarmRelease few = awaitRelease(release -> is(release, "False", "TooFewNodes"));
    assertThat(status(few, "Stalled")).contains("True");
    assertThat(ready(few).getMessage())
        .isEqualTo("2 nodes match spec.nodes.selector, spec.nodes.minimum is 3");

    label("node3");
    seed();
    awaitRelease(release -> serves(release, CONTENT));
  }

  private static String digest() {
    return CONTENT.manifestDigest();
  }

  private void label(String... names) {
    for (String name : names) {
      cluster.node(name, Map.of("role", "pool"));
    }
  }

  private SwarmRelease select(String role, String minimum) {
    return cluster.apply(
        """
        apiVersion: corvid.dev/v1alpha1
        kind: SwarmRelease
        metadata: {name: model, namespace: %s}
        spec:
          nodes: {selector: {matchLabels: {role: %s}}%s}
          source: {http: {url: "https://a/a.tar.gz"}}
        """
            .formatted(namespace, role, minimum));
  }

  private void seed() throws Exception {
    var pod = cluster.awaitSeeder(namespace, "model");
    cluster.run(pod, ADDRESS);
    String uid = cluster.release(namespace, "model").get().getMetadata().getUid();
    tracker.seeder(uid, TestCluster.seeding(pod, ADDRESS, CONTENT));
  }

  private Optional<String> typeOf(String reason) {
    return client.events().v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> reason.equals(event.getReason()))
        .findFirst()
        .map(Event::getType);
  }

  private static Optional<String> status(SwarmRelease release, String type) {
    return release.getStatus().conditions().stream()
        .filter(condition -> type.equals(condition.getType()))
        .findFirst()
        .map(Condition::getStatus);
  }
}
