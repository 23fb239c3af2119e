package dev.corvid.bittorrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Random random = new Random(1);

  @Test
  void doublesUpToABoundAndIsNeverBelowHalfOfIt() {
    var backoff = Backoff.doubling(Duration.ofSeconds(1), Duration.ofSeconds(60));
    for (int failures = 1; failures < 200; failures++) {
      Duration bound = Duration.ofSeconds(Math.min(60, 1L << Math.min(failures - 1, 20)));
      assertThat(backoff.withoutJitter(failures)).isEqualTo(bound);
      assertThat(backoff.after(failures, random)).isBetween(bound.dividedBy(2), bound);
    }
    assertThat(backoff.withoutJitter(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void drawsBetweenTheSharesThatItWasGiven() {
    var first = Duration.ofSeconds(4);
    var backoff = Backoff.doubling(first, Duration.ofSeconds(60)).jittered(0.75, 1.25);
    for (int i = 0; i < 200; i++) {
      assertThat(backoff.after(1, random))
          .isBetween(first.multipliedBy(3).dividedBy(4), first.multipliedBy(5).dividedBy(4));
    }
    assertThat(backoff.jittered(1, 1).after(2, random)).isEqualTo(Duration.ofSeconds(8));
  }

  @Test
  void refusesPausesThatShrink() {
    var second = Duration.ofSeconds(1);
    assertThatThrownBy(() -> Backoff.doubling(second, Duration.ofMillis(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Backoff(second, second, 0.5, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
