package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.operator.testing.RefusingPolicy;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.operator.testing.TestQuota;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.Grant;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A grant is signed for what is written down, and for nothing else. */
class RefusedRecordIT extends Installation {
  @Test
  void noNodeIsToldOfARevisionThatCannotBeRecorded() throws Exception {
    Content first = rollOut("a");
    ResourceQuota quota = TestQuota.none(client, namespace, "count/controllerrevisions.apps");
    String uid = apply("b").getMetadata().getUid();
    var pod = cluster.awaitSeeder(namespace, "model");
    cluster.run(pod, ADDRESS);
    Content second = TestCluster.content("b");
    tracker.seeder(uid, TestCluster.seeding(pod, ADDRESS, second));

    var refused = awaitRelease(found -> is(found, "False", "RequestRefused"));

    assertThat(ready(refused).getMessage()).contains("record its revisions", "exceeded quota");
    assertThat(tracker.grant(uid, "node1").orElseThrow().content()).isEqualTo(first);
    assertThat(refused.getStatus().updateRevision()).isNull();
    assertThat(cluster.seeders(namespace, "model")).as("it alone has it").hasSize(1);

    join("node4");
    await()
        .untilAsserted(
            () ->
                assertThat(tracker.grant(uid, "node4").map(Grant::content))
                    .as("all else continues")
                    .contains(first));
    operator.close();
    startOperator();
    awaitRelease(found -> is(found, "False", "RequestRefused"));
    assertThat(tracker.grant(uid, "node1").orElseThrow().content()).isEqualTo(first);

    client.resource(quota).delete();
    awaitRelease(found -> serves(found, second));
    await().until(() -> cluster.seeders(namespace, "model").isEmpty());
  }

  private void join(String node) {
    cluster.node(node, Map.of());
    cluster.peer(node);
    tracker.join(node);
  }

  @Test
  void anAdoptionThatIsRefusedIsTriedAgain() throws Exception {
    rollOut("a");
    var records =
        client.genericKubernetesResources("apps/v1", "ControllerRevision").inNamespace(namespace);
    var record = await().until(() -> records.list().getItems(), all -> all.size() == 1).getFirst();
    try (var policy =
        RefusingPolicy.of(client, namespace, "apps", "controllerrevisions", "UPDATE")) {
      operator.close();
      client.resource(record).delete();
      record.getMetadata().setResourceVersion(null);
      record.getMetadata().setUid(null);
      record.getMetadata().setOwnerReferences(List.of());
      client.resource(record).create();
      startOperator();
      assertThat(ready(awaitRelease(found -> is(found, "False", "RequestRefused"))).getMessage())
          .contains("own the records of its revisions");
    }

    await()
        .until(() -> client.resource(record).get().getMetadata().getOwnerReferences().size() == 1);
  }
}
