package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.operator.testing.TestNodes;
import dev.corvid.wire.grant.Content;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes that no longer match, and that match again. */
class ChurnTest extends Installation {
  private static final String READERS = "nodes: {selector: {matchLabels: {role: reader}}}";
  private static final String SOURCE = "source: {http: {url: \"https://a/a.tar.gz\"}}";

  private final TestNodes nodes = new TestNodes();
  private String uid;

  @BeforeEach
  void rollOutToReaders() throws Exception {
    tracker.nodes(nodes);
    for (String node : new String[] {"node1", "node2", "node3"}) {
      cluster.node(node, Map.of("role", "reader"));
    }
    uid = applyTo(READERS).getMetadata().getUid();
    var pod = cluster.awaitSeeder(namespace, "model");
    cluster.run(pod, ADDRESS);
    Content content = TestCluster.content("a");
    tracker.seeder(uid, TestCluster.seeding(pod, ADDRESS, content));
    awaitRelease(release -> serves(release, content));
  }

  @AfterEach
  void unlabel() {
    for (String node : new String[] {"node1", "node2", "node3"}) {
      cluster.node(node, Map.of());
    }
  }

  @Test
  void aNodeThatIsRelabelledGivesTheReleaseUpAndGetsItBack() {
    cluster.node("node2", Map.of("role", "writer"));
    await().until(() -> nodes.removed().contains("node2"));

    cluster.node("node2", Map.of("role", "reader"));
    await().until(() -> nodes.serving(TestCluster.content("a")).contains("node2"));
  }

  @Test
  void theTrackerHearsInWhichZoneANodeIs() {
    cluster.node("node2", Map.of("role", "reader", ResourceNames.ZONE, "east"));

    await().until(() -> "east".equals(tracker.zones().get("node2")));
  }

  @Test
  void nothingIsTakenFromUnderAPodThatUsesIt() {
    Pod reader = client.resource(reader("node2")).create();

    cluster.node("node2", Map.of("role", "writer"));

    await().until(() -> tracker.grant(uid, "node2").isEmpty());
    assertThat(nodes.removed()).isEmpty();
    client.resource(reader).withGracePeriod(0).delete();
    await().until(() -> nodes.removed().contains("node2"));
  }

  private SwarmRelease applyTo(String nodes) {
    return cluster.apply(
        """
        apiVersion: corvid.dev/v1alpha1
        kind: SwarmRelease
        metadata: {name: model, namespace: %s}
        spec: {%s, %s}
        """
            .formatted(namespace, nodes, SOURCE));
  }

  private Pod reader(String node) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("reader")
        .withNamespace(namespace)
        .endMetadata()
        .withNewSpec()
        .withNodeName(node)
        .addNewContainer()
        .withName("reader")
        .withImage("reader")
        .endContainer()
        .addNewVolume()
        .withName("model")
        .withNewPersistentVolumeClaim("model", true)
        .endVolume()
        .endSpec()
        .build();
  }
}
