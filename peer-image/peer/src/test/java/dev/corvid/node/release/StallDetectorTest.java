package dev.corvid.node.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.node.torrent.Mailbox;
import dev.corvid.wire.Reason;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StallDetectorTest {
  private static final NodeProblem WHY = NodeProblem.nothingComes(List.of(), 0, true);

  private long bytes;
  private long now;
  private final StallDetector stallDetector =
      new StallDetector(new Mailbox(System::nanoTime), () -> bytes, () -> WHY, () -> now);

  @Test
  void saysWithinAMinuteWhyNothingComes() {
    assertThat(stallDetector.watch(new Stage.Downloading())).isNull();
    pass(StallDetector.PATIENCE.minusSeconds(1));
    assertThat(stallDetector.watch(new Stage.Downloading())).isNull();
    pass(StallDetector.AGAIN);
    assertThat(stallDetector.watch(new Stage.Downloading())).isEqualTo(WHY);
    assertThat(StallDetector.PATIENCE.plus(StallDetector.AGAIN)).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void isContentAgainAsSoonAsSomethingComes() {
    stallDetector.watch(new Stage.Waiting());
    pass(Duration.ofMinutes(5));
    assertThat(stallDetector.watch(new Stage.Waiting())).isEqualTo(WHY);
    bytes++;
    assertThat(stallDetector.watch(new Stage.Downloading())).isNull();
  }

  @Test
  void hasNothingToSayOfWhatIsThere() {
    stallDetector.watch(new Stage.Downloading());
    pass(Duration.ofMinutes(5));
    assertThat(stallDetector.watch(new Stage.Active())).isNull();
    assertThat(stallDetector.watch(new Stage.Downloading())).as("begins anew").isNull();
  }

  @Test
  void tellsWhoIsMissing() {
    var known = List.of(new InetSocketAddress("198.51.100.1", 6881));
    assertThat(NodeProblem.nothingComes(List.of(), 0, false).reason())
        .isEqualTo(Reason.TrackerUnavailable);
    assertThat(NodeProblem.nothingComes(known, 0, false).message())
        .contains("such as 198.51.100.1:6881:");
    assertThat(NodeProblem.nothingComes(known, 1, true).message()).contains("no full copy");
    assertThat(NodeProblem.nothingComes(List.of(), 0, true).reason())
        .isEqualTo(Reason.NoSeedsReachable);
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }
}
