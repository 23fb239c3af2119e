package dev.corvid.bittorrent.policy;

import java.util.Arrays;

/** Estimates how long a piece takes, and how long a request takes until its first byte. */
final class PieceTimeEstimator {
  private final long[] durations = new long[15];
  private int count;
  private long roundTrip;

  void piece(long nanos) {
    durations[count++ % durations.length] = nanos;
  }

  void firstByte(long nanos) {
    roundTrip = roundTrip == 0 ? nanos : roundTrip + (nanos - roundTrip) / 8;
  }

  /** Smoothed; 0 while unknown. */
  long roundTrip() {
    return roundTrip;
  }

  /** Of the last pieces; a second while fewer than three are known. */
  long median() {
    var known = Math.min(count, durations.length);
    if (known < 3) {
      return 1_000_000_000L;
    }
    var sorted = Arrays.copyOf(durations, known);
    Arrays.sort(sorted);
    return sorted[known / 2];
  }
}
