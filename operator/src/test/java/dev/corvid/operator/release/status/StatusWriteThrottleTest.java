package dev.corvid.operator.release.status;

import static dev.corvid.operator.release.Given.NOW;
import static dev.corvid.operator.release.Given.UPTIME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.Failure;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.NodesStatus;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.Progress;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.WaveStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

public class StatusWriteThrottleTest {
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
  void writesFiguresAloneLessAndLessOften() {
    var next = status("False", "Progressing", 41, 1, NOW);

    assertThat(StatusWriteThrottle.delay(BEFORE, next, UPTIME, 7, UPTIME))
        .contains(Duration.ofSeconds(60));
    assertThat(StatusWriteThrottle.delay(BEFORE, next, UPTIME, 8, UPTIME))
        .contains(Duration.ofSeconds(120));
    assertThat(StatusWriteThrottle.delay(BEFORE, next, UPTIME, 10, UPTIME))
        .contains(Duration.ofSeconds(480));
    assertThat(StatusWriteThrottle.delay(BEFORE, next, UPTIME, 99, UPTIME))
        .contains(Duration.ofSeconds(960));
  }

  /** Each step forward is soon written; a node that comes and goes steps back as often. */
  @Test
  void aNodeThatComesAndGoesIsWrittenLessAndLessOften() {
    var less = serving(3);
    var more = serving(4);

    assertThat(StatusWriteThrottle.delay(more, less, UPTIME, 7, UPTIME))
        .contains(Duration.ofSeconds(5));
    assertThat(StatusWriteThrottle.delay(more, less, UPTIME, 8, UPTIME))
        .contains(Duration.ofSeconds(10));
    assertThat(StatusWriteThrottle.delay(more, less, UPTIME, 99, UPTIME))
        .contains(Duration.ofSeconds(80));
    assertThat(StatusWriteThrottle.delay(less, more, UPTIME, 99, UPTIME))
        .contains(Duration.ofSeconds(5));
  }

  @Test
  void writesWithinSecondsThatTheSourceBeginsToAnswer() {
    var starting = fetching("starting the seeder", 0);
    var begun = fetching("fetching the source: 64Ki of 60Mi", 64 << 10);

    assertThat(
            StatusWriteThrottle.delay(
                starting, begun, UPTIME.minus(Duration.ofSeconds(1)), 1, UPTIME))
        .contains(Duration.ofSeconds(1));
    assertThat(
            StatusWriteThrottle.delay(
                starting, begun, UPTIME.minus(Duration.ofSeconds(9)), 1, UPTIME))
        .contains(Duration.ZERO);
  }

  @Test
  void writesWithinSecondsWhatTheFetchWaitsFor() {
    var begun = fetching("fetching the source: 64Ki of 60Mi", 64 << 10);
    var hangs = fetching("fetching the source: 64Ki of 60Mi; waiting for the next byte", 64 << 10);

    assertThat(StatusWriteThrottle.delay(begun, hangs, UPTIME, 1, UPTIME))
        .contains(Duration.ofSeconds(2));
  }

  @Test
  void writesFiguresOfAFetchSoonAndThenLessAndLessOften() {
    var before = fetching("fetching the source: 900Ki of 60Mi", 900 << 10);
    var next = fetching("fetching the source: 1.5Mi of 60Mi", 1536 << 10);

    assertThat(StatusWriteThrottle.delay(before, next, UPTIME, 1, UPTIME))
        .contains(Duration.ofSeconds(10));
    assertThat(StatusWriteThrottle.delay(before, next, UPTIME, 2, UPTIME))
        .contains(Duration.ofSeconds(20));
    assertThat(StatusWriteThrottle.delay(before, next, UPTIME, 99, UPTIME))
        .contains(Duration.ofSeconds(320));
  }

  @Test
  void aSeederThatSaysSomethingElseEachTimeIsWrittenLessAndLessOften() {
    var before = fetching("fetching the source: 0; this", 0);
    var next = fetching("fetching the source: 0; that", 0);

    assertThat(StatusWriteThrottle.delay(before, next, UPTIME, 99, UPTIME))
        .contains(Duration.ofSeconds(128));
    assertThat(StatusWriteThrottle.delay(before, next, UPTIME, 7, UPTIME))
        .contains(Duration.ofSeconds(2));
  }

  @Test
  void writesAnotherWaveAtOnce() {
    var begun = new WaveStatus(1, "canary", 2, NOW.toString(), null);

    assertThat(delay(in(begun))).contains(Duration.ZERO);
  }

  @Test
  void neverWritesThatAnotherAttemptFailedAlike() {
    var again = failing(2, NOW.plusSeconds(30));

    assertThat(StatusWriteThrottle.delay(failing(1, NOW), again, UPTIME, 0, UPTIME)).isEmpty();
  }

  @Test
  void namesAReasonSoonAndLessOftenWhenItComesAgainAndAgain() {
    var failing = failing(1, NOW);

    assertThat(delay(failing)).contains(Duration.ofSeconds(4));
    assertThat(StatusWriteThrottle.delay(BEFORE, failing, UPTIME, 10, UPTIME))
        .contains(Duration.ofSeconds(40));
  }

  @Test
  void neverWritesWhatIsTheSame() {
    assertThat(delay(status("False", "Progressing", 40, 1, NOW.plusSeconds(9)))).isEmpty();
  }

  @Test
  void doesNotWaitForAWriteThatThisProcessHasNotMade() {
    assertThat(
            StatusWriteThrottle.delay(
                BEFORE, status("False", "Progressing", 41, 1, NOW), null, 0, UPTIME))
        .contains(Duration.ZERO);
  }

  private static java.util.Optional<Duration> delay(SwarmReleaseStatus next) {
    return StatusWriteThrottle.delay(BEFORE, next, UPTIME.minus(Duration.ofSeconds(1)), 0, UPTIME);
  }

  private static SwarmReleaseStatus fetching(String message, long bytes) {
    return new SwarmReleaseStatus(
        4L,
        new Conditions(List.of(), 4, NOW).add("Ready", "False", "Progressing", message).build(),
        null,
        null,
        null,
        null,
        new NodesStatus(3, 0, 0, 0, 0, 0, 0, 0, "0/3"),
        new Progress(0, "fetching", bytes, 0L),
        null,
        null,
        NOW.toString(),
        List.of(),
        null,
        null);
  }

  public static SwarmReleaseStatus status(
      String ready, String reason, int percent, int verified, Instant progressed) {
    return status(ready, reason, percent, verified, progressed, null, List.of());
  }

  private static SwarmReleaseStatus serving(int updated) {
    return new SwarmReleaseStatus(
        4L,
        new Conditions(List.of(), 4, NOW).add("Ready", "True", "Succeeded", "as it is").build(),
        null,
        null,
        "0123456789ab",
        null,
        new NodesStatus(4, 0, 4, updated, 0, 0, 0, 4, updated + "/4"),
        new Progress(100, "100%", 0L, 0L),
        null,
        null,
        NOW.toString(),
        List.of(),
        null,
        null);
  }

  private static SwarmReleaseStatus in(WaveStatus wave) {
    return status("False", "Progressing", 40, 1, NOW, wave, List.of());
  }

  private static SwarmReleaseStatus failing(int attempts, Instant last) {
    var full = new Failure("a", "InsufficientDisk", "full", attempts, last.toString());
    return status("False", "Progressing", 40, 1, NOW, null, List.of(full));
  }

  static SwarmReleaseStatus status(
      String ready,
      String reason,
      int percent,
      int verified,
      Instant progressed,
      WaveStatus wave,
      List<Failure> failures) {
    return new SwarmReleaseStatus(
        4L,
        new Conditions(List.of(), 4, NOW).add("Ready", ready, reason, "as it is").build(),
        null,
        null,
        "0123456789ab",
        null,
        new NodesStatus(3, 0, verified, 0, 0, 0, 0, verified, "0/3"),
        new Progress(percent, percent + "%", 0L, 0L),
        wave,
        null,
        progressed.toString(),
        failures,
        null,
        null);
  }
}
