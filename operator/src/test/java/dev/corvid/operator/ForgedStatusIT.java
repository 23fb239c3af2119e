package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.operator.testing.TestTracker;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.Grant;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others write into a status is not believed, and nothing that is signed follows from it. */
class ForgedStatusIT extends Installation {
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
  private static final String B = "source: {http: {url: \"https://a/b.tar.gz\"}}";
  private static final String WAVES =
      "rollout: {waves: [{name: canary, upTo: 1, pause: {untilApproved: true}}, {upTo: 100%}]}, "
          + B;

  @BeforeEach
  void nodesRemember() {
    tracker.nodes(TestTracker.remembering());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"history\": null",
        "\"history\": [{\"revision\": \"eeeeeeeeeeee\", \"digest\": \"sha256:%1$s\"}]",
        "\"updateRevision\": \"eeeeeeeeeeee\", \"currentRevision\": \"eeeeeeeeeeee\"",
        "\"failures\": [{\"nodeName\": \"node1\", \"reason\": \"InsufficientDisk\", \"count\": 9}]",
        "\"nodes\": {\"desired\": 3, \"failed\": 3, \"holding\": 0}",
        "\"seal\": \"%1$s\"",
        "\"observedGeneration\": -1, \"seal\": null, \"conditions\": [], \"history\": []",
      })
  void nothingInItIsSigned(String forged) throws Exception {
    Content content = rollOut("a");
    String uid = awaitRelease(found -> true).getMetadata().getUid();
    long epoch = tracker.grant(uid, "node1").orElseThrow().epoch();
    operator.close();

    write("{\"status\": {%s}}".formatted(forged.formatted("e".repeat(64))));
    startOperator();

    await().until(() -> tracker.grant(uid, "node3").orElseThrow().epoch() > epoch);
    assertThat(tracker.grant(uid, "node3").map(Grant::content)).contains(content);
    await()
        .until(() -> tracker.grant(uid, "node3").orElseThrow().action() == Grant.Action.ACTIVATE);
    // What people read is right again, too.
    SwarmReleaseStatus status =
        awaitRelease(found -> serves(found, content) && found.getStatus().failures().isEmpty())
            .getStatus();
    assertThat(status.history()).singleElement().satisfies(r -> isOf(r, content));
    assertThat(cluster.seeders(namespace, "model")).isEmpty();
  }

  private static void isOf(SwarmReleaseStatus.Revision revision, Content content) {
    assertThat(revision.digest()).isEqualTo(content.manifestDigest());
  }

  /** The revision that was active everywhere needs neither waves nor an approval. */
  @Test
  void noRevisionBecomesTheOneThatWasActiveEverywhere() throws Exception {
    Content second = pausedInTheFirstWave();

    passesNothing(
        "{\"status\": {\"currentRevision\": \"%s\"}}".formatted(second.revision()), second);
  }

  @Test
  void noWaveIsPassedOver() throws Exception {
    Content second = pausedInTheFirstWave();

    passesNothing(
        "{\"status\": {\"wave\": {\"index\": 2, \"name\": \"wave-2\", \"completionTime\": null}}}",
        second);
  }

  /** The first wave's node failed, as the status says: then the others might switch. */
  @Test
  void noFailureCountsThatNoNodeReported() throws Exception {
    Content second = pausedInTheFirstWave();

    passesNothing(
        """
        {"status": {"nodes": {"failed": 3}, "failures": [
          {"nodeName": "node2", "reason": "InsufficientDisk", "message": "full", "count": 2},
          {"nodeName": "node3", "reason": "InsufficientDisk", "message": "full", "count": 2}]}}
        """,
        second);
  }

  /** The operator that runs remembers what it wrote, and writes it again. */
  @Test
  void whatIsWrittenWhileTheOperatorRunsIsWrittenOver() throws Exception {
    Content content = rollOut("a");
    String uid = awaitRelease(found -> true).getMetadata().getUid();

    write(
        "{\"status\": {\"currentRevision\": \"eeeeeeeeeeee\", \"history\": [], \"conditions\": []}}");
    annotate("corvid.dev/allow-removal", 1); // somebody else's change wakes the release

    SwarmRelease again = awaitRelease(found -> serves(found, content));
    assertThat(again.getStatus().history()).hasSize(1);
    assertThat(tracker.grant(uid, "node1").map(Grant::content)).contains(content);
  }

  /** An apply takes away only what the operator once wrote: these it never did. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"wave\": {\"index\": 2, \"name\": \"mine\"}",
        "\"currentVersion\": \"mine\"",
        "\"source\": {\"note\": \"mine\"}",
        """
        "conditions": [{"type": "VolumeOutdated", "status": "True", "reason": "Mine",
          "message": "mine", "lastTransitionTime": "2026-01-02T03:04:05Z"}]
        """
      })
  void nothingOfItStays(String forged) throws Exception {
    Content content = rollOut("a");
    awaitRelease(found -> true);

    write("{\"status\": {%s}}".formatted(forged));
    assertThat(client.getKubernetesSerialization().asJson(awaitRelease(f -> true).getStatus()))
        .containsIgnoringCase("mine");
    annotate("corvid.dev/allow-removal", 1); // somebody else's change wakes the release

    awaitRelease(
        found ->
            serves(found, content)
                && found.getStatus().history().size() == 1
                && !client
                    .getKubernetesSerialization()
                    .asJson(found.getStatus())
                    .toLowerCase(Locale.ROOT)
                    .contains("mine"));
  }

  private Content pausedInTheFirstWave() throws Exception {
    rollOut("a");
    String uid = applySpec(WAVES).getMetadata().getUid();
    var pod = cluster.awaitSeeder(namespace, "model");
    cluster.run(pod, ADDRESS);
    Content second = TestCluster.content("b");
    tracker.seeder(uid, TestCluster.seeding(pod, ADDRESS, second));
    awaitRelease(found -> is(found, "False", "Paused"));
    operator.close();
    return second;
  }

  private void passesNothing(String forged, Content second) throws Exception {
    String uid = awaitRelease(found -> true).getMetadata().getUid();
    write(forged);
    long before = tracker.grant(uid, "node1").orElseThrow().epoch();
    startOperator();

    await().until(() -> tracker.grant(uid, "node1").orElseThrow().epoch() > before);
    awaitRelease(found -> is(found, "False", "Paused") && found.getStatus().failures().isEmpty());
    await()
        .until(() -> tracker.grant(uid, "node1").orElseThrow().action() == Grant.Action.ACTIVATE);
    for (String node : new String[] {"node2", "node3"}) {
      assertThat(tracker.grant(uid, node).map(Grant::content)).contains(second);
      assertThat(tracker.grant(uid, node).map(Grant::action)).contains(Grant.Action.HOLD);
    }
  }

  private void write(String patch) {
    cluster.release(namespace, "model").subresource("status").patch(MERGE, patch);
  }
}
