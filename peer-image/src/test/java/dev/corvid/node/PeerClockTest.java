package dev.corvid.node;

import static dev.corvid.node.LoopbackCluster.UID;
import static dev.corvid.node.LoopbackCluster.assertIsThere;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.wire.Grant.Action;
import dev.corvid.wire.NodeReport;
import dev.corvid.wire.NodeReport.State;
import dev.corvid.wire.Reason;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node whose clock is wrong. */
@Timeout(60)
class PeerClockTest {
  private final SampleRelease release = new SampleRelease(1, 2, 60_000);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(longs = {-4, 4})
  void aFewMinutesAreHarmless(long minutes) throws Exception {
    assertThat(activeOn(minutes).reason()).isNull();
  }

  @ParameterizedTest
  @ValueSource(longs = {-7, 7, 60 * 24 * 400})
  void moreIsSaidAndStopsNothing(long minutes) throws Exception {
    NodeReport report = activeOn(minutes);
    assertThat(report.reason()).isEqualTo(Reason.ClockSkew);
    assertThat(report.message())
        .contains(minutes < 0 ? "minutes behind" : "minutes ahead of", "set it right");
    assertThat(report.failures()).isZero();
  }

  private NodeReport activeOn(long minutes) throws Exception {
    try (var cluster = new LoopbackCluster(directory)) {
      cluster.clock = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(minutes));
      cluster.startPeer("node-1");
      cluster.operator.want(UID, cluster.grant(1, Action.ACTIVATE, release, "node-1"));
      cluster.seed(UID, release, 0);
      NodeReport report = cluster.await("node-1", State.ACTIVE);
      assertIsThere(cluster.release("node-1").resolve("current"), release);
      return report;
    }
  }
}
