package dev.corvid.operator.tracker;

import dev.corvid.wire.operator.Fleet;
import dev.corvid.wire.operator.FleetPoll;
import org.jspecify.annotations.Nullable;

/**
 * How far the fleet was read, and how much is asked for at once: half as much after an answer that
 * was too large, twice as much again after one that was not. Not thread-safe.
 */
final class FleetCursor {
  static final int MOST_BYTES = 4 << 20;

  /** Any one change fits. */
  static final int FEWEST_BYTES = 64 << 10;

  private @Nullable String instance;
  private long sequence;
  private int bytes = MOST_BYTES;

  FleetPoll next() {
    return new FleetPoll(instance, sequence, bytes);
  }

  void read(Fleet fleet) {
    instance = fleet.instance();
    sequence = fleet.sequence();
    bytes = Math.min(MOST_BYTES, 2 * bytes);
  }

  /**
   * The answer was too large.
   *
   * @return whether less is asked for now, so that the next answer is another one
   */
  boolean refused() {
    boolean wasLess = bytes > FEWEST_BYTES;
    bytes = Math.max(FEWEST_BYTES, bytes / 2);
    return wasLess;
  }
}
