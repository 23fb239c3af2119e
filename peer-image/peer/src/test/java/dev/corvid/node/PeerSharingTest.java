package dev.corvid.node;

import static dev.corvid.node.LoopbackCluster.NAME;
import static dev.corvid.node.LoopbackCluster.UID;
import static dev.corvid.node.LoopbackCluster.assertIsThere;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.wire.config.Roots;
import dev.corvid.wire.grant.Grant.Action;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReport.State;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One content, wanted by two namespaces on the same nodes. */
class PeerSharingTest {
  private static final ReleaseName OTHER = new ReleaseName("ads", "ranking");
  private static final String OTHER_UID = "uid-of-ads";
  private static final String[] NODES = {"node-1", "node-2"};

  private final SampleRelease release = new SampleRelease(3, 20, 50_000);

  @TempDir Path directory;
  private LoopbackCluster cluster;

  private void open(Roots.Root.Sharing sharing) throws Exception {
    cluster = new LoopbackCluster(directory);
    cluster.sharing = sharing;
    for (String node : NODES) {
      cluster.startPeer(node);
    }
    cluster.operator.want(UID, cluster.grant(1, Action.ACTIVATE, release, NODES));
    cluster.seed(UID, release, 0);
    for (String node : NODES) {
      cluster.await(node, State.ACTIVE);
    }
  }

  private void wantByTheOther() throws Exception {
    cluster.operator.want(
        OTHER_UID, cluster.grant(OTHER_UID, OTHER, "models", 1, Action.ACTIVATE, release, NODES));
  }

  private NodeReport await(String node, State state) {
    return cluster.await(node, OTHER_UID, report -> report.state() == state);
  }

  @AfterEach
  void close() throws Exception {
    cluster.close();
  }

  @Test
  void aTwinIsOfTheSameNamespace() throws Exception {
    open(Roots.Root.Sharing.NAMESPACE);
    wantByTheOther();
    cluster.seed(OTHER_UID, OTHER.namespace(), release, 0);
    for (String node : NODES) {
      NodeReport report = await(node, State.ACTIVE);
      assertThat(report.bytesFromSeeder() + report.bytesFromPeers())
          .isGreaterThanOrEqualTo(report.bytesTotal());
      assertThat(report.bytesReused()).isZero();
      assertIsThere(cluster.root(node).resolve("ads/ranking/current"), release);
    }
  }

  /** Its grant is genuine: the operator takes a seeder's word for what it has made. */
  @Test
  void contentOfAnotherNamespaceIsNotGranted() throws Exception {
    open(Roots.Root.Sharing.NAMESPACE);
    wantByTheOther();
    for (String node : NODES) {
      await(node, State.WAITING);
    }

    // Whoever got the new revision has asked its neighbours at least as often as the others did.
    var next = new SampleRelease(4, 20, 50_000);
    cluster.operator.want(UID, cluster.grant(2, Action.ACTIVATE, next, release, NODES));
    cluster.seed(UID, next, 0);
    for (String node : NODES) {
      cluster.await(node, UID, report -> report.epoch() == 2 && report.state() == State.ACTIVE);
      assertThat(cluster.operator.last(node, OTHER_UID).orElseThrow().state())
          .isEqualTo(State.WAITING);
      assertThat(Files.exists(cluster.root(node).resolve("ads/ranking/current"))).isFalse();
    }
  }

  @Test
  void sharesAContentWithAllNamespacesOfARootThatIsShared() throws Exception {
    open(Roots.Root.Sharing.ROOT);
    wantByTheOther();
    for (String node : NODES) {
      NodeReport report = await(node, State.ACTIVE);
      assertThat(report.bytesFromSeeder() + report.bytesFromPeers()).isZero();
      assertIsThere(cluster.root(node).resolve("ads/ranking/current"), release);
    }
    assertThat(NAME.namespace()).isNotEqualTo(OTHER.namespace());
  }
}
