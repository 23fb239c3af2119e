package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.operator.testing.TestNodes;
import dev.corvid.operator.testing.TestTracker;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.node.NodeReport.State;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What spec.rollout says, for a revision that replaces another one. */
class RolloutPolicyTest extends Installation {
  private static final String UNTIL_RESUMED =
      "{waves: [{name: canary, upTo: 1, pause: {untilApproved: true}}, {name: rest, upTo: 100%}]}";
  private static final String RESUMED =
      "{waves: [{name: canary, upTo: 1}, {name: rest, upTo: 100%}]}";

  private final TestNodes nodes = new TestNodes();
  private Content first;

  @BeforeEach
  void serveAFirstRevision() throws Exception {
    tracker.nodes(nodes);
    first = rollOut("a");
  }

  @Test
  void stopsAfterTheCanaryUntilItsPauseIsEditedAway() throws Exception {
    Content second = publish("b", UNTIL_RESUMED);

    SwarmRelease paused = awaitRelease(release -> is(release, "False", "Paused"));
    assertThat(nodes.serving(second)).containsExactly("node1");
    assertThat(paused.getStatus().wave().name()).isEqualTo("canary");
    assertThat(paused.getStatus().wave().total()).isEqualTo(2);
    assertThat(paused.getStatus().nodes().summary()).isEqualTo("1/3");
    assertThat(ready(paused).getMessage())
        .endsWith(first.revision() + " is still active on 2 of 3 nodes");

    edit("b", RESUMED);
    awaitRelease(release -> serves(release, second));
    assertThat(nodes.serving(second)).hasSize(3);
  }

  @Test
  void holdsAtAWaveWithoutNodesUntilItIsAllowed() throws Exception {
    Content second =
        publish(
            "b", "{waves: [{name: canary, selector: {matchLabels: {no: where}}}, {upTo: 100%}]}");

    SwarmRelease paused = awaitRelease(release -> is(release, "False", "Paused"));
    assertThat(ready(paused).getMessage()).contains("wave canary (1 of 2) selects none");
    assertThat(nodes.serving(second)).isEmpty();

    annotate("corvid.dev/allow-empty-wave", paused.getMetadata().getGeneration());
    awaitRelease(release -> serves(release, second));
  }

  @Test
  void goesBackFromTheCanaryAtOnce() throws Exception {
    Content second = publish("b", UNTIL_RESUMED);
    awaitRelease(release -> is(release, "False", "Paused"));

    edit("a", UNTIL_RESUMED);

    awaitRelease(release -> serves(release, first));
    assertThat(nodes.serving(second)).isEmpty();
  }

  @Test
  void remembersAPauseThatAnotherProcessBegan() throws Exception {
    publish("b", "{waves: [{upTo: 1, pause: {duration: 3s}}, {upTo: 100%}]}");
    SwarmRelease paused = awaitRelease(release -> is(release, "False", "Paused"));
    String completed = paused.getStatus().wave().completionTime();
    operator.close();
    startOperator();

    SwarmRelease done = awaitRelease(release -> serves(release, TestCluster.content("b")));

    assertThat(done.getStatus().wave().index()).isEqualTo(2);
    assertThat(done.getStatus().wave().startTime()).isGreaterThan(completed);
  }

  @Test
  void stopsWhenMoreNodesFailThanMayAndGoesBack() throws Exception {
    nodes.fail(TestCluster.content("b"), "node2", "node3");
    Content second = publish("b", "{maxFailed: 1}");

    SwarmRelease failed = awaitRelease(release -> is(release, "False", "TooManyFailedNodes"));
    assertThat(ready(failed).getMessage())
        .startsWith("2 nodes failed, 1 may: node2: 12Mi are free")
        .endsWith(first.revision() + " is still active");
    assertThat(condition(failed, "Stalled")).isEqualTo("True");
    assertThat(failed.getStatus().failures()).hasSize(2);
    assertThat(nodes.serving(second)).isEmpty();
    assertThat(nodes.serving(first)).hasSize(3);

    edit("a", "{maxFailed: 1}");
    awaitRelease(release -> serves(release, first));
  }

  @Test
  void isReadyWithAsManyFailedNodesAsMayBe() throws Exception {
    nodes.fail(TestCluster.content("b"), "node2");
    Content second = publish("b", "{maxFailed: 1}");

    SwarmRelease done = awaitRelease(release -> serves(release, second));
    assertThat(nodes.serving(second)).containsExactly("node1", "node3");
    assertThat(done.getStatus().failures()).hasSize(1);
  }

  @Test
  void remembersADeadlineThatAnotherProcessCounts() throws Exception {
    String held = first.manifestDigest();
    tracker.nodes((node, grant) -> TestTracker.report(grant, State.DOWNLOADING, held, held));
    publish("b", "{progressDeadline: 6s}");
    awaitRelease(release -> TestCluster.content("b").revision().equals(updating(release)));
    String since = cluster.release(namespace, "model").get().getStatus().lastProgressTime();
    operator.close();
    startOperator();

    SwarmRelease late = awaitRelease(r -> is(r, "False", "ProgressDeadlineExceeded"));

    assertThat(ready(late).getMessage())
        .contains("since " + since)
        .endsWith(first.revision() + " is still active");
    tracker.nodes(nodes);
    awaitRelease(release -> serves(release, TestCluster.content("b")));
  }

  private static String updating(SwarmRelease release) {
    return release.getStatus().updateRevision();
  }

  private void edit(String source, String rollout) {
    applySpec(
        "source: {http: {url: \"https://a/%s.tar.gz\"}}, rollout: %s".formatted(source, rollout));
  }

  /** Applies it and plays the seeder. */
  private Content publish(String source, String rollout) throws Exception {
    edit(source, rollout);
    return publish(source);
  }

  private static String condition(SwarmRelease release, String type) {
    return release.getStatus().conditions().stream()
        .filter(condition -> type.equals(condition.getType()))
        .findFirst()
        .orElseThrow()
        .getStatus();
  }
}
