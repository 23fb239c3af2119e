package dev.corvid.node;

import static dev.corvid.node.LoopbackCluster.UID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.wire.grant.Grant.Action;
import dev.corvid.wire.grant.NodeLimits;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReport.State;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A grant that differs in its limits alone adapts them and touches nothing else. */
class PeerBandwidthTest {
  private static final NodeLimits SLOW = new NodeLimits(64 << 10, 128 << 10);

  /** At the lowest limit it takes two minutes. */
  private final SampleRelease release = new SampleRelease(3, 8, 1 << 20);

  @TempDir Path directory;
  private LoopbackCluster cluster;

  @BeforeEach
  void open() throws Exception {
    cluster = new LoopbackCluster(directory);
    cluster.startPeer("node-1");
  }

  @AfterEach
  void close() throws Exception {
    cluster.close();
  }

  private void want(long epoch, NodeLimits limits) throws Exception {
    SignedGrant grant = cluster.grant(epoch, Action.ACTIVATE, release, "node-1");
    cluster.operator.want(UID, cluster.limited(grant, limits));
  }

  private NodeReport awaitEpoch(long epoch, State state) {
    return cluster.await(
        "node-1", UID, report -> report.epoch() == epoch && report.state() == state);
  }

  @Test
  void limitsADownloadUnderWayAndLetsItGoAgain() throws Exception {
    want(1, SLOW);
    cluster.seed(UID, release, 0);
    awaitEpoch(1, State.DOWNLOADING);
    assertThat(figure("limit_bytes_per_second", "download")).isEqualTo(SLOW.download());
    assertThat(figure("limit_bytes_per_second", "upload")).isEqualTo(SLOW.upload());
    assertThat(figure("limited_releases", "upload")).isEqualTo(1);

    want(2, new NodeLimits(128 << 10, 0));
    awaitEpoch(2, State.DOWNLOADING);

    want(3, NodeLimits.NONE);
    NodeReport done = awaitEpoch(3, State.ACTIVE);

    assertThat(done.bytesFromSeeder()).isLessThan(release.content.sizeBytes() * 11 / 10);
  }

  @Test
  void leavesWhatIsActiveAsItIs() throws Exception {
    want(1, NodeLimits.NONE);
    cluster.seed(UID, release, 0);
    awaitEpoch(1, State.ACTIVE);
    Path current = cluster.release("node-1").resolve("current");
    var switched = Files.getLastModifiedTime(current, LinkOption.NOFOLLOW_LINKS);
    double verified = cluster.metric("node-1", "corvid_peer_grants_verified_total");

    want(2, SLOW);
    NodeReport report = awaitEpoch(2, State.ACTIVE);

    assertThat(report.failures()).isZero();
    assertThat(Files.getLastModifiedTime(current, LinkOption.NOFOLLOW_LINKS)).isEqualTo(switched);
    await()
        .until(() -> cluster.metric("node-1", "corvid_peer_grants_verified_total") == verified + 1);
    await().until(() -> figure("limit_bytes_per_second", "upload") == SLOW.upload());
  }

  /** Its own record says it, as long as no tracker says something else. */
  @Test
  void keepsItsLimitsAcrossARestart() throws Exception {
    want(1, SLOW);
    cluster.seed(UID, release, 0);
    awaitEpoch(1, State.DOWNLOADING);
    cluster.stopTracker();
    cluster.stopPeer("node-1");

    cluster.startPeer("node-1");

    await().until(() -> figure("limit_bytes_per_second", "download") == SLOW.download());
    assertThat(figure("ceiling_bytes_per_second", "download")).isZero();
    cluster.startTracker();
  }

  private double figure(String name, String direction) throws Exception {
    return cluster.metric(
        "node-1", "corvid_peer_bandwidth_%s{direction=\"%s\"}".formatted(name, direction));
  }
}
