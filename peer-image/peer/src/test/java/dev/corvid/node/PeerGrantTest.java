package dev.corvid.node;

import static dev.corvid.node.LoopbackCluster.NAME;
import static dev.corvid.node.LoopbackCluster.UID;
import static dev.corvid.node.LoopbackCluster.assertIsThere;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.trust.TestCluster;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Grant.Action;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReport.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which grants a peer obeys, whatever a tracker relays. */
@Tag("slow")
class PeerGrantTest {
  private final SampleRelease first = new SampleRelease(3, 2, 30_000);
  private final SampleRelease second = new SampleRelease(4, 2, 30_000);

  @TempDir Path directory;
  private LoopbackCluster cluster;
  private SignedGrant granted;

  @BeforeEach
  void open() throws Exception {
    cluster = new LoopbackCluster(directory);
    cluster.startPeer("node-1");
    granted = cluster.grant(5, Action.ACTIVATE, first, "node-1");
    cluster.operator.want(UID, granted);
    cluster.seed(UID, first, 0);
    cluster.await("node-1", State.ACTIVE);
  }

  @AfterEach
  void nothingChanged() throws Exception {
    assertIsThere(cluster.release("node-1").resolve("current"), first);
    cluster.close();
  }

  @Test
  void refusesAnOlderGrant() throws Exception {
    cluster.operator.want(UID, cluster.grant(4, Action.REMOVE, null, "node-1"));
    awaitRefused("older");
  }

  @Test
  void refusesAnOlderGrantAfterARestartToo() throws Exception {
    cluster.stopPeer("node-1");
    cluster.operator.want(UID, cluster.grant(4, Action.ACTIVATE, second, "node-1"));
    cluster.startPeer("node-1");
    awaitRefused("older");
  }

  /** As when an operator's clock is behind the one that granted the deleted release. */
  @Test
  void reportsFromWhichRankAReleaseThatTakesTheNameIsObeyed() throws Exception {
    cluster.operator.want(
        "uid-2", cluster.grant("uid-2", NAME, "models", 4, Action.ACTIVATE, first, "node-1"));
    NodeReport refused = cluster.await("node-1", "uid-2", report -> report.epoch() == 5);
    assertThat(refused.state()).isEqualTo(State.REMOVED);

    cluster.operator.want(
        "uid-2", cluster.grant("uid-2", NAME, "models", 6, Action.ACTIVATE, first, "node-1"));
    cluster.await("node-1", "uid-2", report -> report.state() == State.ACTIVE);
  }

  @Test
  void aGrantFromTheFutureIsRefused() throws Exception {
    long tooLate = Instant.now().plus(Duration.ofDays(2)).toEpochMilli();
    cluster.operator.want(UID, cluster.grant(tooLate, Action.REMOVE, null, "node-1"));
    awaitRefused("clock_skew");

    // The record is what it was: the next epoch of the right clock is obeyed.
    cluster.operator.want(UID, cluster.grant(6, Action.HOLD, first, "node-1"));
    cluster.await("node-1", UID, report -> report.epoch() == 6);
  }

  @Test
  void refusesAGrantThatAnotherKeySigned() throws Exception {
    var stranger = new TestCluster(Files.createDirectory(directory.resolve("stranger")));
    SignedGrant forged =
        stranger.sign(cluster.grant(9, Action.REMOVE, null, "node-1").unverified());
    cluster.operator.want(UID, forged);
    awaitRefused("signature");
  }

  @Test
  void refusesAGrantWhoseTextWasChanged() throws Exception {
    SignedGrant signed = cluster.grant(9, Action.REMOVE, null, "node-2");
    cluster.operator.want(
        UID,
        new SignedGrant(
            signed.payload().replace("node-2", "node-1"), signed.keyId(), signed.signature()));
    awaitRefused("signature");
  }

  @Test
  void obeysAgainOnceTheTrustFileKnowsTheKey() throws Exception {
    var rotated = new TestCluster(Files.createDirectory(directory.resolve("rotated")));
    SignedGrant early =
        rotated.sign(cluster.grant(6, Action.ACTIVATE, first, "node-1").unverified());
    cluster.operator.want(UID, early);
    awaitRefused("signature");
    cluster.keys.trustGrantsOf(rotated);
    cluster.await("node-1", UID, report -> report.epoch() == 6);
  }

  @Test
  void activatesAnEarlierRevisionAgainWithoutAByteDownloaded() throws Exception {
    cluster.operator.want(UID, keeping(6, second, first));
    cluster.seed(UID, second, 0);
    cluster.await("node-1", UID, r -> r.epoch() == 6 && r.state() == State.ACTIVE);
    cluster.operator.want(UID, keeping(7, first, second));
    NodeReport back =
        cluster.await("node-1", UID, r -> r.epoch() == 7 && r.state() == State.ACTIVE);
    assertThat(back.bytesFromSeeder() + back.bytesFromPeers()).isZero();
    assertThat(back.held()).hasSize(2);
  }

  @Test
  void copiesAContentThatAnotherReleaseOfTheNodeHolds() throws Exception {
    var twin = new ReleaseName("search", "twin");
    cluster.operator.want(
        "uid-2", cluster.grant("uid-2", twin, "models", 1, Action.ACTIVATE, first, "node-1"));
    NodeReport copied = cluster.await("node-1", "uid-2", report -> report.state() == State.ACTIVE);
    assertThat(copied.bytesFromSeeder() + copied.bytesFromPeers()).isZero();
    assertIsThere(cluster.root("node-1").resolve("search/twin/current"), first);
  }

  @Test
  void saysWhichRootIsMissingOrClosed() throws Exception {
    cluster.operator.want(
        "uid-2",
        cluster.grant(
            "uid-2",
            new ReleaseName("search", "a"),
            "elsewhere",
            1,
            Action.HOLD,
            second,
            "node-1"));
    cluster.operator.want(
        "uid-3",
        cluster.grant(
            "uid-3", new ReleaseName("search", "b"), "closed", 1, Action.HOLD, second, "node-1"));
    assertThat(cluster.await("node-1", "uid-2", r -> r.state() == State.FAILED).reason())
        .isEqualTo(Reason.RootUnknown);
    assertThat(cluster.await("node-1", "uid-3", r -> r.state() == State.FAILED).reason())
        .isEqualTo(Reason.RootNotAllowed);
  }

  @Test
  void refusesForeignContentAndRecoversByItselfWhenItIsGone() throws Exception {
    Path foreign = cluster.root("node-1").resolve("search/other/precious");
    Files.createDirectories(foreign.getParent());
    Files.writeString(foreign, "mine");
    var other = new ReleaseName("search", "other");
    cluster.operator.want(
        "uid-2", cluster.grant("uid-2", other, "models", 1, Action.ACTIVATE, second, "node-1"));
    cluster.seed("uid-2", second, 0);
    NodeReport failed = cluster.await("node-1", "uid-2", r -> r.state() == State.FAILED);
    assertThat(failed.reason()).isEqualTo(Reason.ForeignContent);
    assertThat(foreign).hasContent("mine");
    Files.delete(foreign);
    cluster.await("node-1", "uid-2", r -> r.state() == State.ACTIVE);
    assertIsThere(cluster.root("node-1").resolve("search/other/current"), second);
  }

  @Test
  void letsAReleaseTakeTheNameOfADeletedOne() throws Exception {
    cluster.operator.want(
        "uid-2", cluster.grant("uid-2", NAME, "models", 6, Action.ACTIVATE, first, "node-1"));
    NodeReport taken = cluster.await("node-1", "uid-2", r -> r.state() == State.ACTIVE);
    assertThat(taken.bytesFromSeeder() + taken.bytesFromPeers()).isZero();
    cluster.operator.want(UID, cluster.grant(5, Action.REMOVE, null, "node-1"));
    cluster.await("node-1", State.REMOVED);
  }

  private SignedGrant keeping(long epoch, SampleRelease wanted, SampleRelease kept) {
    return cluster.grant(epoch, Action.ACTIVATE, wanted, kept, "node-1");
  }

  private void awaitRefused(String kind) {
    await()
        .until(
            () ->
                cluster.metric("node-1", "corvid_peer_grants_refused_total{kind=\"" + kind + "\"}")
                    >= 1);
  }
}
