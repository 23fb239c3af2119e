package dev.corvid.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UptimeTest {
  private static final Uptime AT = new Uptime(1_000);

  @Test
  void neverGoesBack() {
    Uptime before = Uptime.now();

    assertThat(Uptime.now()).isGreaterThanOrEqualTo(before);
  }

  @Test
  void endsAPauseThatBeganThen() {
    Uptime end = AT.plus(Duration.ofSeconds(2));

    assertThat(AT.isBefore(end)).isTrue();
    assertThat(end.isAfter(AT)).isTrue();
    assertThat(AT.until(end)).isEqualTo(Duration.ofSeconds(2));
    assertThat(end.until(AT)).isEqualTo(Duration.ofSeconds(-2));
    assertThat(end.minus(Duration.ofSeconds(2))).isEqualTo(AT);
  }

  @Test
  void hasBoundsThatNoPausePasses() {
    var years = Duration.ofDays(365L * 1000);

    assertThat(AT.plus(years)).isEqualTo(Uptime.MAX);
    assertThat(AT.minus(years)).isEqualTo(Uptime.MIN);
    assertThat(Uptime.MIN.plus(years)).isEqualTo(Uptime.MIN);
    assertThat(Uptime.MAX.minus(years)).isEqualTo(Uptime.MAX);
    assertThat(Uptime.MIN.until(Uptime.MAX)).isGreaterThan(Duration.ofDays(365L * 500));
  }
}
