package dev.corvid.node;

import static dev.corvid.node.LoopbackCluster.NAME;
import static dev.corvid.node.LoopbackCluster.UID;
import static dev.corvid.node.LoopbackCluster.assertIsThere;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.Grant.Action;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReport.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A peer says whose content it holds, and removes it for the next owner of the name. */
class PeerEvictionTest {
  private final SampleRelease content = new SampleRelease(3, 2, 30_000);

  @TempDir Path directory;
  private LoopbackCluster cluster;

  @BeforeEach
  void open() throws Exception {
    cluster = new LoopbackCluster(directory);
    cluster.startPeer("node-1");
    cluster.operator.want(UID, grant(UID, "namespace-1", 5, Action.ACTIVATE));
    cluster.seed(UID, content, 0);
    assertThat(cluster.await("node-1", State.ACTIVE).namespaceUid()).isEqualTo("namespace-1");
  }

  @AfterEach
  void close() throws Exception {
    cluster.close();
  }

  @Test
  void removesWhatAFormerNamespaceLeftWhenThereIsNothingToHoldYet() throws Exception {
    cluster.operator.want("uid-2", grant("uid-2", "namespace-2", 6, Action.REMOVE));

    NodeReport evicted = cluster.await("node-1", "uid-2", each -> each.state() == State.REMOVED);

    assertThat(evicted.namespaceUid()).isNull();
    assertThat(cluster.release("node-1")).doesNotExist();
  }

  /** The operator and the tracker that knew of it are gone as well. */
  @Test
  void saysAfterARestartWhatARemovalRetained() throws Exception {
    cluster.operator.want(UID, grant(UID, "namespace-1", 6, Action.REMOVE));
    cluster.await("node-1", State.REMOVED);
    cluster.stopPeer("node-1");
    cluster.stopTracker();
    cluster.startTracker();
    cluster.operator.forget(UID);
    cluster.startPeer("node-1");

    NodeReport retained = cluster.await("node-1", UID, each -> each.active() == null);

    assertThat(retained.state()).isEqualTo(State.REMOVED);
    assertThat(retained.namespaceUid()).isEqualTo("namespace-1");
    assertThat(retained.held()).containsExactly(content.content.manifestDigest());
    assertIsThere(cluster.release("node-1").resolve("current"), content);

    cluster.operator.want("uid-2", grant("uid-2", "namespace-2", 7, Action.REMOVE));
    cluster.await("node-1", "uid-2", each -> each.state() == State.REMOVED);
    assertThat(cluster.release("node-1")).doesNotExist();
  }

  /** A node that cannot put its reports together asks for nothing either. */
  @Test
  void asksForGrantsAlthoughARecordHasLostItsUid() throws Exception {
    cluster.operator.want(UID, grant(UID, "namespace-1", 6, Action.REMOVE));
    cluster.await("node-1", State.REMOVED);
    cluster.stopPeer("node-1");
    cluster.operator.forget(UID);
    Path state = cluster.root("node-1").resolve(".corvid/state/search.ranking.json");
    String uid = "\"releaseUid\":\"" + UID + "\"";
    assertThat(state).content().contains(uid);
    Files.writeString(state, Files.readString(state).replace(uid, "\"releaseUid\":null"));

    cluster.startPeer("node-1");
    cluster.operator.want("uid-2", grant("uid-2", "namespace-2", 7, Action.REMOVE));

    cluster.await("node-1", "uid-2", each -> each.state() == State.REMOVED);
    assertThat(cluster.release("node-1")).doesNotExist();
  }

  private SignedGrant grant(String uid, String namespaceUid, long epoch, Action action) {
    return cluster.keys.sign(
        new Grant(
            uid,
            NAME,
            namespaceUid,
            "models",
            1,
            0,
            epoch,
            action,
            action == Action.REMOVE ? null : content.content,
            action == Action.REMOVE ? null : cluster.swarm(NAME.namespace(), content).hex(),
            List.of(),
            DeletionPolicy.RETAIN,
            List.of("node-1")));
  }
}
