package dev.corvid.bittorrent.policy;

import java.util.Arrays;

/**
 * How many pieces must be unchoked so that as many as there are slots are really being sent, while
 * others travel as unchoke, request and acknowledgement. A piece's cycle is two round trips and its
 * sending time, so the ratio of the two gives the number (Little's law). On a local network it adds
 * nothing; far away, or to small pieces, several.
 */
final class SlotEstimator {
  private static final int SAMPLES = 8;

  private final long[] answers = new long[SAMPLES];
  private final long[] services = new long[SAMPLES];
  private int answered;
  private int delivered;

  /** Time from an unchoke to its request: one round trip. */
  void answered(long nanos) {
    answers[answered++ % SAMPLES] = nanos;
  }

  /** Time from a request to the acknowledgement of the piece: one round trip and its sending. */
  void delivered(long nanos) {
    services[delivered++ % SAMPLES] = nanos;
  }

  /** Pieces to be unchoked or under way at once, so that {@code slots} of them are being sent. */
  double width(int slots) {
    if (answered < SAMPLES || delivered < SAMPLES) {
      return slots;
    }
    var roundTrip = roundTrip();
    var sending = Math.max(1, Arrays.stream(services).sum() / SAMPLES - roundTrip);
    return slots + slots * 2.0 * roundTrip / sending;
  }

  /**
   * Nearly the shortest of late: longer ones have waited behind the very pieces that are to be
   * bounded.
   */
  private long roundTrip() {
    var sorted = answers.clone();
    Arrays.sort(sorted);
    return sorted[1];
  }
}
