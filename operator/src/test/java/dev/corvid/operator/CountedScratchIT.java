package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.testing.TestCluster;
import dev.corvid.operator.testing.TestTracker;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.node.NodeReport;
import io.fabric8.kubernetes.api.model.Pod;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Scratch space is counted as pods have it, and not as specs have come to say. */
class CountedScratchIT extends Installation {
  /** One namespace may have 50Gi. */
  @Override
  String config() {
    return "{\"peerImage\":\"corvid/peer:test\",\"limits\":{\"scratch\":\"100Gi\"}}";
  }

  @Test
  void aRestartedOperatorCountsWhatAPodHasAndNotWhatItsSpecSaysSince() throws Exception {
    tracker.nodes(
        (_, grant) -> TestTracker.report(grant, NodeReport.State.DOWNLOADING, null, null));
    String uid = applySpec(source("a", "40Gi")).getMetadata().getUid();
    Pod pod = cluster.awaitSeeder(namespace, "model");
    cluster.run(pod, ADDRESS);
    Content content = TestCluster.content("a");
    tracker.seeder(uid, TestCluster.seeding(pod, ADDRESS, content));
    awaitRelease(
        found ->
            found.getStatus() != null
                && content.revision().equals(found.getStatus().updateRevision()));

    operator.close();
    applySpec(source("a", "1Gi"));
    startOperator();
    cluster.apply(
        """
        apiVersion: corvid.dev/v1alpha1
        kind: SwarmRelease
        metadata: {name: other, namespace: %s}
        spec: {nodes: {selector: {}}, %s}
        """
            .formatted(namespace, source("b", "20Gi")));

    cluster.awaitRelease(
        namespace,
        "other",
        found ->
            ready(found) != null && ready(found).getMessage().contains("waits for a seeder slot"));
    assertThat(cluster.seeders(namespace, "other")).isEmpty();
    assertThat(cluster.awaitSeeder(namespace, "model").getMetadata().getUid())
        .isEqualTo(pod.getMetadata().getUid());
  }

  /** So that the releases can be deleted, whatever the test comes to. */
  @AfterEach
  void obey() {
    tracker.nodes(TestTracker::obedient);
  }

  private static String source(String name, String scratch) {
    return "source: {http: {url: \"https://a/%s.tar.gz\"}}, seeder: {scratch: {sizeLimit: %s}}"
        .formatted(name, scratch);
  }
}
