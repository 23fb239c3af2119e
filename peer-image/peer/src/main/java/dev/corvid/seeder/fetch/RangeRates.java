package dev.corvid.seeder.fetch;

import java.time.Duration;

/**
 * What one connection brings, to tell a range that trickles from a source that is slow. Confined to
 * one lock.
 */
final class RangeRates {
  /** A connection that is younger may only have begun. */
  private static final long LEAST_AGE = Duration.ofSeconds(1).toNanos();

  private static final double OF_LATEST = 0.25;
  private static final double TRICKLE = 0.25;

  /** While another connection could bring it at once. */
  private static final long LEAST_AGE_BESIDE_FREE = Duration.ofMillis(500).toNanos();

  private static final double TRICKLE_BESIDE_FREE = 0.5;

  private double mean; // bytes per nanosecond; 0 for unknown
  private long slowestAnswer;

  /** A range has an answer. */
  void answered(long nanos) {
    slowestAnswer = Math.max(slowestAnswer, nanos);
  }

  /** How long any answer has taken. */
  long slowestAnswer() {
    return slowestAnswer;
  }

  /** A range came whole. */
  void whole(long bytes, long nanos) {
    double rate = (double) bytes / Math.max(1, nanos);
    mean = mean == 0 ? rate : mean + OF_LATEST * (rate - mean);
  }

  /**
   * @param free whether another connection waits for something to bring
   */
  boolean isTrickle(long bytes, long nanos, boolean free) {
    return free
        ? nanos > LEAST_AGE_BESIDE_FREE && bytes < TRICKLE_BESIDE_FREE * mean * nanos
        : nanos > LEAST_AGE && bytes < TRICKLE * mean * nanos;
  }

  /** A range was taken from its connection. Where all became slow, the rest of it is slow too. */
  void expectLess() {
    mean /= 2;
  }
}
