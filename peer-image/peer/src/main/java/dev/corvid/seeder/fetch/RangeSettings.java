package dev.corvid.seeder.fetch;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How a source is read over several connections.
 *
 * @param smallest bytes that have to be left of a source, or one connection is enough
 * @param range bytes that are asked for at once
 * @param window bytes that may be here before their turn
 * @param begin connections to begin with
 * @param most connections
 * @param patience how long the next byte may be awaited before one connection takes over
 * @param clock what rates are measured by, as {@link System#nanoTime}
 */
record RangeSettings(
    long smallest,
    int range,
    int window,
    int begin,
    int most,
    Duration patience,
    LongSupplier clock) {
  /** One connection is measured first: what another one adds shows only in comparison. */
  static final RangeSettings DEFAULT =
      new RangeSettings(
          32 << 20, 8 << 20, 128 << 20, 1, 8, Duration.ofSeconds(10), System::nanoTime);

  /** Of a connection's first range, and of the last ones of a source. */
  int smallRange() {
    return Math.max(1, range / 8);
  }

  /** Bytes that are left to the connection that reads in order when another one begins. */
  int gap() {
    return 2 * range;
  }

  /**
   * Bytes of the next range: smaller ones at the end, so that all connections end together.
   *
   * @param left bytes that were not requested yet
   */
  int size(long left, int connections, boolean first) {
    long share = left / (2L * Math.max(1, connections));
    long size = first ? smallRange() : Math.clamp(share, smallRange(), range);
    return (int) Math.min(size, left);
  }
}
