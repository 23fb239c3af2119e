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

  private double mean; // bytes per nanosecond; 0 for unknown

  /** A range came whole. */
  void whole(long bytes, long nanos) {
    double rate = (double) bytes / Math.max(1, nanos);
    mean = mean == 0 ? rate : mean + OF_LATEST * (rate - mean);
  }

  boolean isTrickle(long bytes, long nanos) {
    return nanos > LEAST_AGE && bytes < TRICKLE * mean * nanos;
  }

  /** A range was taken from its connection. Where all became slow, the rest of it is slow too. */
  void expectLess() {
    mean /= 2;
  }
}
