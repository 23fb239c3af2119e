package dev.corvid.seeder.fetch;

import java.time.Duration;
import java.util.List;

/**
 * How many connections a source is read over, by the rate of all together.
 *
 * <pre>
 * a connection more made the rate   then
 * at least a tenth higher           one more, of the same URL, up to the most
 * about the same                    it ends; the next URL is tried in its place, if there is one
 * a fifth lower, twice measured     as before; if it was of the first URL, one connection for good
 * nothing, because it failed        as before, without the last rule
 * </pre>
 *
 * A new connection is waited for until its first byte has come, and then for four times as long as
 * that took, because TCP begins slowly on a long way. While a connection has nothing to ask for,
 * the rate is that of who reads, and nothing is measured. Confined to one lock.
 */
final class ConnectionGrowth {
  static final long MEASURED_NANOS = Duration.ofMillis(300).toNanos();
  static final long MEASURED_BYTES = 2 << 20;
  private static final long LEAST_WAIT = Duration.ofMillis(50).toNanos();
  private static final long LONGEST_WAIT = Duration.ofSeconds(2).toNanos();
  private static final double NOTICEABLE = 1.1;
  private static final double SLOWER = 0.8;

  /** What is to be done now. */
  enum Advice {
    WAIT,
    /** Begin another one at {@link #source}. */
    ADD,
    /** End the newest, and begin one at {@link #source}. */
    REPLACE,
    /** End the newest, for good. */
    RETIRE,
    /** Keep one alone, of this origin for good. */
    ONE
  }

  private final int sources;
  private final int most;
  private int connections;
  private int source;
  private double before;
  private boolean settled;
  private boolean useful;
  private boolean slower;
  private boolean delivering;
  private long since;
  private long bytes;

  /**
   * @param sources URLs that give the same bytes
   * @param begin connections to begin with, at most {@code most}
   */
  ConnectionGrowth(int sources, int begin, int most) {
    this.sources = sources;
    this.most = most;
    this.connections = begin;
    this.settled = begin >= most;
    this.useful = begin > 1;
  }

  int connections() {
    return connections;
  }

  /** Which URL the newest connection is for. */
  int source() {
    return source;
  }

  RangeSource of(List<RangeSource> urls) {
    return urls.get(source);
  }

  /** Whether a connection more than one was faster, or faster than who reads. */
  boolean isUseful() {
    return useful;
  }

  /** Nothing changes any more. */
  boolean isSettled() {
    return settled;
  }

  /** The newest connection has its first byte, which took so many nanoseconds. */
  void delivers(long took, long now) {
    if (!delivering) {
      delivering = true;
      since = now + Math.clamp(4 * took, LEAST_WAIT, LONGEST_WAIT);
      bytes = 0;
    }
  }

  /** Some bytes came over any connection. */
  Advice came(int count, long now) {
    if (settled || !delivering || now - since < 0) {
      return Advice.WAIT;
    }
    if (bytes == 0) {
      since = now; // what was read until now took an unknown time
      bytes = 1;
      return Advice.WAIT;
    }
    bytes += count;
    if (now - since < MEASURED_NANOS || bytes < MEASURED_BYTES) {
      return Advice.WAIT;
    }
    return judged((double) bytes / (now - since));
  }

  /** A connection has nothing to ask for; what comes meanwhile says nothing of the source. */
  void pause() {
    bytes = 0;
  }

  /** Further connections brought all that has room, and so can replace one that reads in order. */
  void fillsWindow() {
    useful = true;
  }

  /** The newest connection is gone, and no other was. */
  Advice failed() {
    delivering = false;
    return settled ? lost() : noGain();
  }

  /** Another connection than the newest is gone. */
  Advice lost() {
    connections--;
    return Advice.WAIT;
  }

  private Advice judged(double rate) {
    if (before > 0 && rate < SLOWER * before && source == 0 && !slower) {
      slower = true; // once may be chance
      bytes = 0;
      return Advice.WAIT;
    }
    delivering = false;
    boolean certain = slower;
    slower = false;
    if (before == 0 || rate >= NOTICEABLE * before) {
      useful |= before > 0;
      before = rate;
      if (connections == most) {
        settled = true;
        return Advice.WAIT;
      }
      connections++;
      return Advice.ADD;
    }
    if (rate < SLOWER * before && certain) {
      connections = 1;
      settled = true;
      return Advice.ONE;
    }
    return noGain();
  }

  private Advice noGain() {
    if (source + 1 < sources) {
      source++;
      return Advice.REPLACE;
    }
    connections--;
    settled = true;
    return Advice.RETIRE;
  }
}
