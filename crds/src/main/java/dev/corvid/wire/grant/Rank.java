package dev.corvid.wire.grant;

import dev.corvid.wire.Require;
import java.util.Comparator;

/**
 * The order of the grants of one release: by reign, then by epoch. A node obeys what ranks no lower
 * than what it has obeyed.
 *
 * <p>An epoch is the operator's wall clock in milliseconds, or one above an earlier epoch; so a
 * clock that ran ahead leaves records that a right clock does not reach for as long. A new reign
 * outranks all of them. It begins by a decision, never by a restart.
 *
 * @param reign from 0 to {@link #LIMIT}
 * @param epoch from 0 to {@link #LIMIT}; 0 before the first grant
 */
public record Rank(long reign, long epoch) implements Comparable<Rank> {
  /** What a double holds exactly; as an epoch a time some 285,000 years ahead. */
  public static final long LIMIT = 1L << 53;

  /** Before the first grant. */
  public static final Rank NONE = new Rank(0, 0);

  private static final Comparator<Rank> ORDER =
      Comparator.comparingLong(Rank::reign).thenComparingLong(Rank::epoch);

  public Rank {
    Require.range(reign, 0, LIMIT, "reign");
    Require.range(epoch, 0, LIMIT, "epoch");
  }

  @Override
  public int compareTo(Rank other) {
    return ORDER.compare(this, other);
  }

  /** Whether a node that obeyed the other one refuses this. */
  public boolean isBelow(Rank other) {
    return compareTo(other) < 0;
  }

  @Override
  public String toString() {
    return reign == 0 ? "epoch " + epoch : "reign " + reign + ", epoch " + epoch;
  }
}
