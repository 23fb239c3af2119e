package dev.corvid.node;

import static dev.corvid.node.LoopbackCluster.UID;
import static dev.corvid.node.LoopbackCluster.assertIsThere;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.wire.grant.Grant.Action;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReport.State;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a grant to an active revision, with everything real but the operator. */
class PeerTest {
  private final SampleRelease first = new SampleRelease(1, 5, 60_000);

  @TempDir Path directory;
  private LoopbackCluster cluster;

  @BeforeEach
  void open() throws Exception {
    cluster = new LoopbackCluster(directory);
  }

  @AfterEach
  void close() throws Exception {
    cluster.close();
  }

  @Test
  void bringsAGrantedRevisionToEveryNodeAndActivatesIt() throws Exception {
    cluster.startPeer("node-1");
    cluster.startPeer("node-2");
    cluster.operator.want(UID, cluster.grant(1, Action.ACTIVATE, first, "node-1", "node-2"));
    cluster.seed(UID, first, 0);
    for (String node : new String[] {"node-1", "node-2"}) {
      NodeReport report = cluster.await(node, State.ACTIVE);
      assertThat(report.active()).isEqualTo(first.content.manifestDigest());
      assertThat(report.held()).containsExactly(first.content.manifestDigest());
      assertThat(report.bytesDone()).isEqualTo(report.bytesTotal()).isPositive();
      assertThat(report.bytesFromSeeder() + report.bytesFromPeers()).isPositive();
      assertIsThere(cluster.release(node).resolve("current"), first);
    }
  }

  @Test
  void holdsARevisionAndActivatesItOnlyWhenThatIsGranted() throws Exception {
    cluster.startPeer("node-1");
    cluster.operator.want(UID, cluster.grant(1, Action.HOLD, first, "node-1"));
    cluster.seed(UID, first, 0);
    assertThat(cluster.await("node-1", State.VERIFIED).active()).isNull();
    Path current = cluster.release("node-1").resolve("current");
    assertThat(current).doesNotExist();
    cluster.operator.want(UID, cluster.grant(2, Action.ACTIVATE, first, "node-1"));
    assertThat(cluster.await("node-1", State.ACTIVE).epoch()).isEqualTo(2);
    assertIsThere(current, first);
  }

  @Test
  void removesAReleaseWhenThatIsGranted() throws Exception {
    cluster.startPeer("node-1");
    cluster.operator.want(UID, cluster.grant(1, Action.ACTIVATE, first, "node-1"));
    cluster.seed(UID, first, 0);
    cluster.await("node-1", State.ACTIVE);
    cluster.operator.want(UID, cluster.grant(2, Action.REMOVE, null, "node-1"));
    NodeReport removed = cluster.await("node-1", State.REMOVED);
    assertThat(removed.held()).isEmpty();
    assertThat(removed.epoch()).isEqualTo(2);
    assertThat(cluster.release("node-1")).doesNotExist();
    assertThat(
            cluster.metric("node-1", "corvid_peer_received_bytes_total{source=\"seeder\"}")
                + cluster.metric("node-1", "corvid_peer_received_bytes_total{source=\"peers\"}"))
        .as("counters never fall")
        .isGreaterThanOrEqualTo(first.content.sizeBytes());
  }

  @Test
  void keepsWhatItHasWhenTheReleaseIsForgottenByTheTracker() throws Exception {
    cluster.startPeer("node-1");
    cluster.operator.want(UID, cluster.grant(1, Action.ACTIVATE, first, "node-1"));
    cluster.seed(UID, first, 0);
    cluster.await("node-1", State.ACTIVE);
    cluster.operator.forget(UID);
    cluster.operator.want(
        "uid-2",
        cluster.grant(
            "uid-2",
            new dev.corvid.wire.grant.ReleaseName("search", "other"),
            "models",
            1,
            Action.HOLD,
            new SampleRelease(5, 1, 10),
            "node-1"));
    cluster.await("node-1", "uid-2", report -> report.state() == State.WAITING);
    assertIsThere(cluster.release("node-1").resolve("current"), first);
    assertThat(Files.isSymbolicLink(cluster.release("node-1").resolve("current"))).isTrue();
  }
}
