package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.operator.label.NodeLabel;
import dev.corvid.operator.testing.TestNodes;
import dev.corvid.wire.grant.Content;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where the admin wants it, Nodes say what is active on them, and pods follow. */
class NodeLabelsTest extends Installation {
  @Override
  String config() {
    return "{\"peerImage\":\"corvid/peer:test\",\"nodeLabels\":true}";
  }

  @BeforeEach
  void rememberWhatIsActive() {
    tracker.nodes(new TestNodes());
  }

  @Test
  void nodesCarryTheRevisionThatIsActive() throws Exception {
    Content first = rollOut("a");
    awaitLabel("node1", first.revision());
    awaitLabel("node3", first.revision());

    Content second = rollOut("b");
    awaitLabel("node1", second.revision());

    cluster.release(namespace, "model").delete();
    await()
        .until(
            () -> {
              cluster.finishDeletions(namespace);
              return cluster.release(namespace, "model").get() == null;
            });
    awaitLabel("node1", null);
    awaitLabel("node3", null);
  }

  @Test
  void aLabelOfAReleaseThatIsGoneIsTakenAway() throws Exception {
    String stale = NodeLabel.PREFIX + "search.gone";
    operator.close();
    client
        .nodes()
        .withName("node2")
        .edit(
            node -> {
              node.getMetadata().getLabels().put(stale, "0123456789ab");
              return node;
            });

    startOperator();

    await()
        .until(
            () ->
                client.nodes().withName("node2").get().getMetadata().getLabels().get(stale)
                    == null);
  }

  @Test
  void theVolumeFollowsTheLabel() {
    String uid = apply("a").getMetadata().getUid();
    cluster.makeAvailable(uid);

    var term =
        client
            .persistentVolumes()
            .withName("corvid-" + uid)
            .get()
            .getSpec()
            .getNodeAffinity()
            .getRequired()
            .getNodeSelectorTerms()
            .getFirst();
    assertThat(term.getMatchExpressions())
        .singleElement()
        .satisfies(e -> assertThat(e.getKey()).isEqualTo(NodeLabel.key(namespace, "model")));
  }

  private void awaitLabel(String node, String value) {
    String key = NodeLabel.key(namespace, "model");
    await()
        .untilAsserted(
            () ->
                assertThat(client.nodes().withName(node).get().getMetadata().getLabels().get(key))
                    .as("%s of %s", key, node)
                    .isEqualTo(value));
  }
}
