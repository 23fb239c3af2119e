package dev.corvid.node;

import static dev.corvid.node.LoopbackCluster.NAME;
import static dev.corvid.node.LoopbackCluster.UID;
import static dev.corvid.node.LoopbackCluster.assertIsThere;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.Grant.Action;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.node.NodeReport.State;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose record, or whose clock, is of another time than the operator's. */
class PeerClockTest {
  private static final Duration YEAR = Duration.ofDays(365);

  private final SampleRelease first = new SampleRelease(3, 2, 30_000);
  private final SampleRelease second = new SampleRelease(4, 2, 30_000);
  private final Clock right = Clock.systemUTC();

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

  /** Every clock was a year ahead, also the operator's that signed; now they are right. */
  @Test
  void aStuckNodeIsFreedByAReign() throws Exception {
    cluster.clock = Clock.offset(right, YEAR);
    cluster.startPeer("node-1");
    SignedGrant early = grant(0, right.millis() + YEAR.toMillis(), first);
    cluster.operator.want(UID, early);
    cluster.seed(UID, first, 0);
    cluster.await("node-1", State.ACTIVE);
    cluster.stopPeer("node-1");
    cluster.clock = right;
    cluster.startPeer("node-1");

    cluster.operator.want(UID, grant(0, right.millis(), second));
    cluster.seed(UID, second, 0);
    assertThat(cluster.await("node-1", UID, report -> report.proof() != null).proof())
        .isEqualTo(early);

    cluster.operator.want(UID, grant(1, right.millis(), second));
    var freed = cluster.await("node-1", UID, r -> r.reign() == 1 && r.state() == State.ACTIVE);
    assertThat(freed.proof()).isNull();
    assertIsThere(cluster.release("node-1").resolve("current"), second);
  }

  @Test
  void aClockThatIsDaysBehindKeepsWhatIsThereUntilItIsRight() throws Exception {
    cluster.startPeer("node-1");
    cluster.operator.want(UID, grant(0, right.millis(), first));
    cluster.seed(UID, first, 0);
    cluster.await("node-1", State.ACTIVE);
    cluster.stopPeer("node-1");
    cluster.clock = Clock.offset(right, Duration.ofDays(-3));
    cluster.startPeer("node-1");
    long next = right.millis() + 1;
    cluster.operator.want(UID, grant(0, next, second));
    cluster.seed(UID, second, 0);

    String refused = "corvid_peer_grants_refused_total{kind=\"clock_skew\"}";
    await().until(() -> cluster.metric("node-1", refused) >= 1);
    assertIsThere(cluster.release("node-1").resolve("current"), first);

    cluster.stopPeer("node-1");
    cluster.clock = right;
    cluster.startPeer("node-1");
    cluster.await("node-1", UID, r -> r.epoch() == next && r.state() == State.ACTIVE);
  }

  private SignedGrant grant(long reign, long epoch, SampleRelease release) {
    return cluster.keys.sign(
        new Grant(
            UID,
            NAME,
            null,
            "models",
            1,
            reign,
            epoch,
            Action.ACTIVATE,
            release.content,
            cluster.swarm(NAME.namespace(), release).hex(),
            List.of(),
            DeletionPolicy.DELETE,
            List.of("node-1")));
  }
}
