package dev.corvid.log;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How many lines one release may write: some at once, then one from time to time. What is left out
 * is counted, and told with the next line. Thread-safe.
 */
public final class LineBudget {
  private static final int BURST = 60;
  private static final long NANOS_PER_LINE = Duration.ofSeconds(10).toNanos();

  private final LongSupplier nanoTime;
  private long available = BURST * NANOS_PER_LINE;
  private long asOf;
  private long suppressed;

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  public LineBudget(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.asOf = nanoTime.getAsLong();
  }

  /** How many lines were left out before this one; negative if this one is to be left out too. */
  synchronized long take() {
    long now = nanoTime.getAsLong();
    available = Math.min(BURST * NANOS_PER_LINE, available + Math.max(0, now - asOf));
    asOf = now;
    if (available < NANOS_PER_LINE) {
      suppressed++;
      return -1;
    }
    available -= NANOS_PER_LINE;
    long before = suppressed;
    suppressed = 0;
    return before;
  }
}
