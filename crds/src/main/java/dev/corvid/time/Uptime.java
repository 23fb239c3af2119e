package dev.corvid.time;

import java.time.Duration;

/**
 * A moment of this process, by {@link System#nanoTime}. It never jumps, whatever is done to the
 * wall clock, and means nothing to another process: it is for pauses, rates and deadlines, and
 * never stored.
 *
 * @param nanos since the first moment that this process asked for; before it they are negative
 */
public record Uptime(long nanos) implements Comparable<Uptime> {
  private static final long ORIGIN = System.nanoTime();

  /** Before all others, as the end of a pause that never began. */
  public static final Uptime MIN = new Uptime(Long.MIN_VALUE);

  /** After all others, as the end of a pause that does not end. */
  public static final Uptime MAX = new Uptime(Long.MAX_VALUE);

  public static Uptime now() {
    return new Uptime(System.nanoTime() - ORIGIN);
  }

  /** Before {@link #MIN} and after {@link #MAX} there is nothing: these two stay what they are. */
  public Uptime plus(Duration time) {
    if (equals(MIN) || equals(MAX)) {
      return this;
    }
    Duration sum = Duration.ofNanos(nanos).plus(time);
    return sum.compareTo(Duration.ofNanos(Long.MAX_VALUE)) >= 0
        ? MAX
        : sum.compareTo(Duration.ofNanos(Long.MIN_VALUE)) <= 0 ? MIN : new Uptime(sum.toNanos());
  }

  public Uptime minus(Duration time) {
    return plus(time.negated());
  }

  public boolean isBefore(Uptime other) {
    return nanos < other.nanos;
  }

  public boolean isAfter(Uptime other) {
    return nanos > other.nanos;
  }

  /** How long it is from this moment to that one; negative if that is over. */
  public Duration until(Uptime end) {
    return Duration.ofNanos(end.nanos).minusNanos(nanos);
  }

  @Override
  public int compareTo(Uptime other) {
    return Long.compare(nanos, other.nanos);
  }
}
