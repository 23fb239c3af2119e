package dev.corvid.operator.release.step;

import java.time.Duration;

/** Pauses between attempts: a second at first, each twice as long as the one before. */
public final class RetryPause {
  private static final int MOST_DOUBLINGS = 9;

  private RetryPause() {}

  /**
   * @param attempts that have failed before this one
   * @param longest no pause is longer
   */
  public static Duration after(int attempts, Duration longest) {
    Duration pause = Duration.ofSeconds(1L << Math.min(attempts, MOST_DOUBLINGS));
    return pause.compareTo(longest) < 0 ? pause : longest;
  }
}
