package dev.corvid.operator.release.step;

import static dev.corvid.operator.release.Given.NOW;
import static dev.corvid.operator.release.Given.UPTIME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.release.PlayedClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RecordedTimesTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final PlayedClock clock = new PlayedClock();

  @Test
  void areAsLongAgoAsTheWallClockSays() {
    assertThat(clock.now().uptimeOf(NOW.minus(HOUR))).isEqualTo(UPTIME.minus(HOUR));
  }

  @Test
  void stayWhereTheyAreWhenTheWallClockIsSet() {
    clock.now().uptimeOf(NOW);
    clock.passes(HOUR);
    clock.jumps(HOUR.multipliedBy(-5));
    assertThat(clock.now().uptimeOf(NOW)).isEqualTo(UPTIME);

    clock.jumps(HOUR.multipliedBy(10));
    assertThat(clock.now().uptimeOf(NOW)).isEqualTo(UPTIME);
  }

  /** An earlier process wrote them by a clock that was ahead. */
  @Test
  void areNowWhenTheyAreYetToCome() {
    assertThat(clock.now().uptimeOf(NOW.plus(HOUR))).isEqualTo(UPTIME);
    clock.passes(Duration.ofMinutes(1));
    assertThat(clock.now().uptimeOf(NOW.plus(HOUR))).isEqualTo(UPTIME);
  }

  /** What counts from when a wave was done is recorded as the next whole second. */
  @Test
  void mayBeRoundedUpToASecond() {
    var rounded = Duration.ofMillis(700);
    assertThat(clock.now().uptimeOf(NOW.plus(rounded))).isEqualTo(UPTIME.plus(rounded));
  }

  @Test
  void areForgottenWhenALookHasNoUseForThem() {
    var recorded = new RecordedTimes();
    recorded.uptime(NOW, NOW, UPTIME);
    recorded.begin();
    recorded.begin(); // in between nothing was asked, as when the look failed
    assertThat(recorded.uptime(NOW, NOW.plus(HOUR), UPTIME)).isEqualTo(UPTIME);

    recorded.begin();
    recorded.uptime(NOW.plusSeconds(1), NOW, UPTIME);
    recorded.begin();
    assertThat(recorded.uptime(NOW, NOW.plus(HOUR), UPTIME)).isEqualTo(UPTIME.minus(HOUR));
  }
}
