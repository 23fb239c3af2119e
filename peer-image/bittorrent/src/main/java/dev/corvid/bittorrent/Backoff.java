package dev.corvid.bittorrent;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential back-off: pauses between attempts that grow up to a longest one, drawn at random, so
 * that what failed for many at once is not tried by all of them at once.
 *
 * @param first what the pause after the first failure is drawn around
 * @param longest the longest that a pause is drawn around
 * @param factor by which pauses grow with each failure
 * @param least share of what it is drawn around that a pause has at least
 * @param most share of it that a pause has at most
 */
public record Backoff(Duration first, Duration longest, double factor, double least, double most) {
  public Backoff {
    if (first.isNegative() || first.compareTo(longest) > 0) {
      throw new IllegalArgumentException("pauses from " + first + " to " + longest);
    }
    if (!(factor >= 1 && least >= 0 && most >= least && most <= 2)) {
      throw new IllegalArgumentException(
          "pauses that grow by %s, of which %s to %s".formatted(factor, least, most));
    }
  }

  /** Each pause twice the one before, and by up to half shorter at random. */
  public static Backoff doubling(Duration first, Duration longest) {
    return new Backoff(first, longest, 2, 0.5, 1);
  }

  /** The same with other shares. */
  public Backoff jittered(double least, double most) {
    return new Backoff(first, longest, factor, least, most);
  }

  /**
   * The pause after so many failures in a row.
   *
   * @param failures 1 for the first
   */
  public Duration after(int failures, RandomGenerator random) {
    double share = least == most ? least : random.nextDouble(least, most);
    return Duration.ofNanos(Math.round(nanos(failures) * share));
  }

  /** The pause that {@link #after} draws around. */
  public Duration withoutJitter(int failures) {
    return Duration.ofNanos(Math.round(nanos(failures)));
  }

  private double nanos(int failures) {
    double grown = first.toNanos() * Math.pow(factor, Math.max(0, failures - 1));
    return Math.min(longest.toNanos(), grown);
  }
}
