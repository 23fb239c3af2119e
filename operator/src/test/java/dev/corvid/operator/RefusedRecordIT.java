package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.operator.testing.TestCluster;
import dev.corvid.operator.testing.TestQuota;
import dev.corvid.wire.Content;
import io.fabric8.kubernetes.api.model.ResourceQuota;
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
    assertThat(cluster.seeders(namespace, "model")).as("it alone has it").hasSize(1);

    client.resource(quota).delete();
    awaitRelease(found -> serves(found, second));
    await().until(() -> cluster.seeders(namespace, "model").isEmpty());
  }
}
