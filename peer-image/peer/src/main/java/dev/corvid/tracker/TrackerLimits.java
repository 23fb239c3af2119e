package dev.corvid.tracker;

import dev.corvid.http.ConnectionLimits;
import dev.corvid.http.Timeouts;

/** How many connections a tracker keeps: what its heap has room for beside what it knows. */
final class TrackerLimits {
  /** Measured: what a connection that waits takes of the heap. */
  private static final int CONNECTION_BYTES = 12 << 10;

  /** One in so many may be anonymous, and take three times as much by half a header. */
  private static final int ANONYMOUS_SHARE = 8;

  private static final int MAX_CONNECTIONS = 30_000;
  private static final int PER_ADDRESS = 32;

  /** A peer has one to wait for news, and one more for each release that asks at the same time. */
  private static final int PER_CALLER = 64;

  private TrackerLimits() {}

  /**
   * @param heap bytes
   */
  static ConnectionLimits within(long heap) {
    int connections = (int) Math.clamp(heap / 2 / CONNECTION_BYTES, 512, MAX_CONNECTIONS);
    return new ConnectionLimits(
        connections,
        connections / ANONYMOUS_SHARE,
        PER_ADDRESS,
        PER_CALLER,
        ConnectionLimits.BURST,
        Timeouts.defaults());
  }
}
