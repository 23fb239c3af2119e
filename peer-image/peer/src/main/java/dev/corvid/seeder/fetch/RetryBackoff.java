package dev.corvid.seeder.fetch;

import dev.corvid.bittorrent.Backoff;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The pauses of one series of attempts, which counts its own failures: {@link Backoff#doubling}, so
 * that many seeders do not come back to one source together.
 */
public final class RetryBackoff {
  private final Backoff backoff;
  private final RandomGenerator random;
  private int failures;

  public RetryBackoff(Duration first, Duration longest, RandomGenerator random) {
    this.backoff = Backoff.doubling(first, longest);
    this.random = random;
  }

  public Duration next() {
    failures++;
    return backoff.after(failures, random);
  }

  public void reset() {
    failures = 0;
  }
}
