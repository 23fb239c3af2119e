package dev.corvid.node.release;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Growing pauses between attempts, each drawn between a half and the whole of its bound, so that
 * what failed for many nodes at once is not tried by all of them at once.
 */
public final class Backoff {
  private final Duration first;
  private final Duration longest;
  private final RandomGenerator random;

  public Backoff(Duration first, Duration longest, RandomGenerator random) {
    this.first = first;
    this.longest = longest;
    this.random = random;
  }

  /** The pause after so many failures in a row, 1 for the first. */
  public Duration after(int failures) {
    int doublings = Math.clamp(failures - 1L, 0, 30);
    long bound = Math.min(longest.toNanos(), saturated(first.toNanos(), doublings));
    return Duration.ofNanos(bound / 2 + random.nextLong(bound / 2 + 1));
  }

  private static long saturated(long value, int doublings) {
    return value > Long.MAX_VALUE >> doublings ? Long.MAX_VALUE : value << doublings;
  }
}
