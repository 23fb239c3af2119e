package dev.corvid.node;

import static dev.corvid.node.LoopbackCluster.UID;
import static dev.corvid.node.LoopbackCluster.assertIsThere;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.bittorrent.MetainfoKeeper;
import dev.corvid.bittorrent.SwarmOptions;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.swarm.Swarm;
import dev.corvid.wire.Endpoint;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Grant.Action;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReport.State;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What survives the end of a peer or of the tracker. */
@Tag("slow")
class PeerResilienceTest {
  private static final int SLOW = 400_000;

  private final SampleRelease release = new SampleRelease(2, 8, 100_000);

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
  void goesOnWithADownloadAfterARestart() throws Exception {
    cluster.startPeer("node-1");
    cluster.operator.want(UID, cluster.grant(1, Action.ACTIVATE, release, "node-1"));
    // So slow that even a busy machine stops the peer long before it is done.
    Swarm slow = cluster.seed(UID, release, SLOW / 4);
    cluster.await("node-1", State.DOWNLOADING);
    long before = awaitPart("node-1", 2);
    cluster.stopPeer("node-1");
    slow.close();

    cluster.seed(UID, release, 0);
    cluster.startPeer("node-1");
    NodeReport active = cluster.await("node-1", State.ACTIVE);
    assertThat(active.bytesFromSeeder()).isPositive();
    // Pieces that were only partly there are fetched again.
    assertThat(active.bytesFromSeeder() + active.bytesFromPeers())
        .isLessThan(active.bytesTotal() - before / 2);
    assertIsThere(cluster.release("node-1").resolve("current"), release);
  }

  @Test
  void finishesAndReportsWhenTheTrackerIsReplacedUnderWay() throws Exception {
    cluster.startPeer("node-1");
    cluster.operator.want(UID, cluster.grant(1, Action.ACTIVATE, release, "node-1"));
    cluster.seed(UID, release, SLOW);
    cluster.await("node-1", State.DOWNLOADING);
    cluster.stopTracker();
    awaitPart("node-1", 2);
    cluster.startTracker();
    cluster.operator.push();
    NodeReport active = cluster.await("node-1", State.ACTIVE);
    assertThat(active.failures()).isZero();
    assertIsThere(cluster.release("node-1").resolve("current"), release);
  }

  @Test
  void convergesWhenItReturnsWithAnOldRevision() throws Exception {
    var second = new SampleRelease(3, 2, 50_000);
    leaveWithTheFirst();
    cluster.operator.want(UID, cluster.grant(9, Action.ACTIVATE, second, "node-1"));
    cluster.seed(UID, second, 0);
    cluster.startPeer("node-1");
    cluster.await("node-1", UID, r -> r.epoch() == 9 && r.state() == State.ACTIVE);
    assertIsThere(cluster.release("node-1").resolve("current"), second);
  }

  @Test
  void removesWhatWasDeletedWhileItWasAway() throws Exception {
    leaveWithTheFirst();
    cluster.operator.want(UID, cluster.grant(9, Action.REMOVE, null, "node-1"));
    cluster.startPeer("node-1");
    cluster.await("node-1", State.REMOVED);
    assertThat(cluster.release("node-1")).doesNotExist();
  }

  private void leaveWithTheFirst() throws Exception {
    cluster.startPeer("node-1");
    cluster.operator.want(UID, cluster.grant(1, Action.ACTIVATE, release, "node-1"));
    cluster.seed(UID, release, 0);
    cluster.await("node-1", State.ACTIVE);
    cluster.stopPeer("node-1");
  }

  @Test
  void servesWhatItHoldsAfterARestartWithoutATracker() throws Exception {
    cluster.startPeer("node-1");
    cluster.operator.want(UID, cluster.grant(1, Action.ACTIVATE, release, "node-1"));
    cluster.seed(UID, release, 0);
    cluster.await("node-1", State.ACTIVE);
    cluster.stopPeer("node-1");
    cluster.stopTracker();
    cluster.startPeer("node-1");

    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (Swarm other = Swarm.open(SwarmOptions.listeningOn(loopback))) {
      Metainfo metainfo =
          other
              .fetchMetainfo(
                  cluster.swarm(LoopbackCluster.NAME.namespace(), release),
                  release.metainfo.infoHash(),
                  List.of(cluster.peer("node-1").address()),
                  MetainfoKeeper.IN_MEMORY)
              .get(60, TimeUnit.SECONDS);
      assertThat(metainfo.infoHash()).isEqualTo(release.metainfo.infoHash());
    } finally {
      cluster.startTracker();
    }
  }

  @Test
  void namesWhoSentACorruptPieceAndTakesItFromAnother() throws Exception {
    cluster.startPeer("node-1");
    cluster.operator.want(UID, cluster.grant(1, Action.ACTIVATE, release, "node-1"));
    release.flipABit(2);
    Swarm corrupting = cluster.seed(UID, release, 0);

    NodeReport warned = cluster.await("node-1", UID, report -> report.reason() == Reason.Corrupted);
    assertThat(warned.state()).isNotEqualTo(State.FAILED);
    assertThat(warned.message())
        .contains(
            "'" + release.metainfo.path(2) + "'", Endpoint.of(corrupting.address()).toString());
    assertThat(warned.held()).isEmpty();

    release.flipABit(2);
    cluster.seed(UID, release, 0);
    NodeReport active = cluster.await("node-1", State.ACTIVE);
    assertThat(active.reason()).as("is said until the next grant").isEqualTo(Reason.Corrupted);
    assertIsThere(cluster.release("node-1").resolve("current"), release);
  }

  @Test
  void findsTheSeederThatTakesTheFirstOnesPlace() throws Exception {
    cluster.startPeer("node-1");
    cluster.operator.want(UID, cluster.grant(1, Action.ACTIVATE, release, "node-1"));
    Swarm first = cluster.seed(UID, release, SLOW);
    cluster.await("node-1", State.DOWNLOADING);
    first.close();
    cluster.seed(UID, release, 0);
    cluster.await("node-1", State.ACTIVE);
  }

  /** Waits, by the peer's own metrics, until that part is there; the bytes received by then. */
  private long awaitPart(String node, int parts) {
    long part = release.content.sizeBytes() / parts;
    await().until(() -> received(node) >= part);
    return part;
  }

  private double received(String node) throws Exception {
    return cluster.metric(node, "corvid_peer_received_bytes_total{source=\"seeder\"}")
        + cluster.metric(node, "corvid_peer_received_bytes_total{source=\"peers\"}");
  }
}
