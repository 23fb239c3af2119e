package dev.corvid.seeder.fetch;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Growing pauses between attempts: each twice the one before, up to a longest, and each by up to
 * half shorter at random, so that many seeders do not come back to one source together.
 */
public final class RetryBackoff {
  private final Duration first;
  private final Duration longest;
  private final RandomGenerator random;
  private Duration current;

  public RetryBackoff(Duration first, Duration longest, RandomGenerator random) {
    this.first = first;
    this.longest = longest;
    this.random = random;
    this.current = first;
  }

  public Duration next() {
    var pause = Duration.ofMillis(Math.round(current.toMillis() * (1 - random.nextDouble() / 2)));
    var doubled = current.multipliedBy(2);
    current = doubled.compareTo(longest) < 0 ? doubled : longest;
    return pause;
  }

  public void reset() {
    current = first;
  }
}
