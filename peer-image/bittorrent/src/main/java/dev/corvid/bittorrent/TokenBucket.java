package dev.corvid.bittorrent;

import dev.corvid.bittorrent.net.FairRate;

/**
 * A rate in bytes per second that may be changed at any time. At most a twentieth of a second's
 * bytes are saved up, so that a pause is not followed by a burst. Thread-safe, as the torrents of a
 * swarm share one, see {@link FairRate}. Whoever has the bucket waits and reads the clock, in
 * nanoseconds of any origin.
 */
public final class TokenBucket {
  private static final double BURST_SECONDS = 0.05;
  private static final int LEAST_BURST = 32 << 10;

  private long rate;
  private double tokens;
  private long filledAt;

  /**
   * @param rate bytes per second, 0 is unlimited
   */
  public TokenBucket(long rate, long now) {
    rate(rate, now);
    tokens = burst();
  }

  /**
   * From now on. What is owed at a higher rate is paid at the lower one only up to a burst: else
   * the last bytes sent before would be followed by a long silence.
   *
   * @param bytesPerSecond 0 is unlimited
   */
  public synchronized void rate(long bytesPerSecond, long now) {
    fill(now);
    boolean lower = rate == 0 || bytesPerSecond < rate;
    rate = bytesPerSecond;
    tokens = lower ? Math.clamp(tokens, -burst(), burst()) : Math.min(tokens, burst());
  }

  /** Bytes per second, 0 is unlimited. */
  public synchronized long rate() {
    return rate;
  }

  /** Bytes that may be sent now, at most {@code wanted}; 0 or less: none. Does not take them. */
  public synchronized long available(long wanted, long now) {
    if (rate == 0) {
      return wanted;
    }
    fill(now);
    return (long) Math.min(wanted, tokens);
  }

  /** Takes bytes that were sent; may leave a debt. */
  public synchronized void take(long bytes) {
    if (rate != 0) {
      tokens -= bytes;
    }
  }

  /** Nanoseconds until {@code wanted} bytes, or a full burst if that is less, are available. */
  public synchronized long wait(long wanted, long now) {
    if (rate == 0) {
      return 0;
    }
    fill(now);
    var lacking = Math.min(wanted, burst()) - tokens;
    return lacking <= 0 ? 0 : (long) Math.ceil(lacking * 1e9 / rate);
  }

  private double burst() {
    return Math.max(LEAST_BURST, rate * BURST_SECONDS);
  }

  private void fill(long now) {
    if (rate != 0) {
      tokens = Math.min(burst(), tokens + (now - filledAt) * 1e-9 * rate);
    }
    filledAt = now;
  }
}
