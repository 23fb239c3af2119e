package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.operator.testing.TestTracker;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.node.NodeReport.State;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From apply to every node, to the next revision and back. */
class RolloutTest extends Installation {
  @Test
  void bringsAReleaseToEveryNode() throws Exception {
    Content content = rollOut("a");

    SwarmRelease release = awaitRelease(ready -> "3/3".equals(ready.getStatus().nodes().summary()));
    assertThat(release.getStatus().updateRevision()).isEqualTo(content.revision());
    assertThat(release.getStatus().history()).hasSize(1);
    assertThat(release.getStatus().source().size()).isEqualTo("1Mi");
    assertThat(release.getStatus().progress().percent()).isEqualTo(100);
    await().until(() -> cluster.seeders(namespace, "model").isEmpty());
  }

  @Test
  void tellsAPersonOfTransitionsOnly() throws Exception {
    rollOut("a");

    assertThat(
            client.events().v1().events().inNamespace(namespace).list().getItems().stream()
                .map(Event::getReason))
        .containsExactlyInAnyOrder("Progressing", "Succeeded");
  }

  @Test
  void makesTheClaimOnceTheVolumeIsThere() {
    SwarmRelease applied = apply("a");
    cluster.makeAvailable(applied.getMetadata().getUid());

    await()
        .until(
            () ->
                client.persistentVolumeClaims().inNamespace(namespace).withName("model").get()
                    != null);
  }

  @Test
  void goesBackToAnEarlierRevisionWithoutASeeder() throws Exception {
    Content first = rollOut("a");
    rollOut("b");
    await().until(() -> cluster.seeders(namespace, "model").isEmpty());
    apply("a");

    SwarmRelease back = awaitRelease(release -> serves(release, first));
    assertThat(back.getStatus().history()).hasSize(2);
    assertThat(cluster.seeders(namespace, "model")).isEmpty();
  }

  @Test
  void knowsEarlierRevisionsAfterARestart() throws Exception {
    Content first = rollOut("a");
    rollOut("b");
    operator.close();
    startOperator();

    apply("a");

    awaitRelease(release -> serves(release, first));
    assertThat(cluster.seeders(namespace, "model")).isEmpty();
  }

  @Test
  void keepsTheEarlierRevisionActiveWhileTheNextIsFetched() throws Exception {
    Content first = rollOut("a");
    SwarmRelease edited = apply("b");

    awaitRelease(release -> is(release, "False", "Progressing"));

    Grant grant = tracker.grant(edited.getMetadata().getUid(), "node1").orElseThrow();
    assertThat(grant.content()).isEqualTo(first);
    assertThat(awaitRelease(release -> true).getStatus().currentRevision())
        .isEqualTo(first.revision());
  }

  @Test
  void believesNoPublicationWithoutTheKey() throws Exception {
    SwarmRelease applied = apply("a");
    var pod = cluster.awaitSeeder(namespace, "model");
    cluster.run(pod, ADDRESS);
    var forged = TestCluster.forged(pod, ADDRESS, TestCluster.content("evil"));

    tracker.seeder(applied.getMetadata().getUid(), forged);
    var honest = TestCluster.seeding(pod, ADDRESS, TestCluster.content("a"));
    await().until(() -> tracker.pushCount() > 0);
    assertThat(tracker.release(applied.getMetadata().getUid()).orElseThrow().grants()).isEmpty();
    await().until(() -> operator.refusedPublications() == 1);

    tracker.seeder(applied.getMetadata().getUid(), honest);
    awaitRelease(release -> serves(release, TestCluster.content("a")));
  }

  @Test
  void aPublicationFromAnotherAddressIsRefused() throws Exception {
    SwarmRelease applied = apply("a");
    String uid = applied.getMetadata().getUid();
    var pod = cluster.awaitSeeder(namespace, "model");
    cluster.run(pod, ADDRESS);
    await().until(() -> tracker.release(uid).isPresent());

    tracker.seeder(uid, TestCluster.seeding(pod, "203.0.113.7", TestCluster.content("evil")));

    await().until(() -> operator.refusedPublications() == 1);
    assertThat(tracker.release(uid).orElseThrow().grants()).isEmpty();
    tracker.seeder(uid, TestCluster.seeding(pod, ADDRESS, TestCluster.content("a")));
    awaitRelease(release -> serves(release, TestCluster.content("a")));
  }

  @Test
  void replacesTheSeederWhenItIsGone() {
    apply("a");
    var pod = cluster.awaitSeeder(namespace, "model");

    client.resource(pod).withGracePeriod(0).delete();

    await()
        .until(
            () -> cluster.seeders(namespace, "model"),
            pods -> pods.size() == 1 && !pods.equals(List.of(pod)));
  }

  @Test
  void saysWhichNodeFailedAndWhy() throws Exception {
    tracker.nodes(
        (node, grant) ->
            node.equals("node2")
                ? TestTracker.report(grant, State.FAILED, null, null)
                : TestTracker.obedient(node, grant));
    SwarmRelease applied = apply("a");
    var pod = cluster.awaitSeeder(namespace, "model");
    cluster.run(pod, ADDRESS);
    tracker.seeder(
        applied.getMetadata().getUid(),
        TestCluster.seeding(pod, ADDRESS, TestCluster.content("a")));

    SwarmRelease failed = awaitRelease(release -> is(release, "False", "InsufficientDisk"));
    assertThat(ready(failed).getMessage()).startsWith("node2: 12Mi are free, 40Mi are needed");
    assertThat(failed.getStatus().failures()).hasSize(1);

    tracker.nodes(TestTracker::obedient);
    awaitRelease(release -> serves(release, TestCluster.content("a")));
  }
}
