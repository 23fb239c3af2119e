package dev.corvid.operator.release;

import static dev.corvid.operator.release.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.NodesStatus;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class WriteGateTest {
  private static final SwarmReleaseStatus BEFORE = status("False", "Progressing", 40, 1, NOW);

  @Test
  void writesATransitionAtOnce() {
    assertThat(delay(status("True", "Succeeded", 100, 3, NOW))).contains(Duration.ZERO);
    assertThat(delay(status("False", "InsufficientDisk", 40, 1, NOW))).contains(Duration.ZERO);
  }

  @Test
  void writesEveryTenthPercentFiveSecondsApart() {
    assertThat(delay(status("False", "Progressing", 51, 1, NOW))).contains(Duration.ofSeconds(4));
  }

  @Test
  void writesFiguresAloneOnceAMinute() {
    assertThat(delay(status("False", "Progressing", 41, 1, NOW))).contains(Duration.ofSeconds(59));
    assertThat(delay(status("False", "Progressing", 40, 2, NOW))).contains(Duration.ofSeconds(59));
  }

  @Test
  void neverWritesWhatIsTheSame() {
    assertThat(delay(status("False", "Progressing", 40, 1, NOW.plusSeconds(9)))).isEmpty();
  }

  @Test
  void doesNotWaitForAWriteThatThisProcessHasNotMade() {
    assertThat(WriteGate.delay(BEFORE, status("False", "Progressing", 41, 1, NOW), null, 0, NOW))
        .contains(Duration.ZERO);
  }

  private static java.util.Optional<Duration> delay(SwarmReleaseStatus next) {
    return WriteGate.delay(BEFORE, next, NOW.minusSeconds(1), 0, NOW);
  }

  private static SwarmReleaseStatus status(
      String ready, String reason, int percent, int verified, Instant progressed) {
    return new SwarmReleaseStatus(
        4L,
        new Conditions(List.of(), 4, NOW).add("Ready", ready, reason, "as it is").build(),
        null,
        null,
        null,
        null,
        null,
        new NodesStatus(3, 0, verified, 0, 0, 0, 0, "0/3"),
        new Progress(percent, percent + "%", 0L, 0L),
        null,
        null,
        progressed.toString(),
        null,
        null);
  }
}
