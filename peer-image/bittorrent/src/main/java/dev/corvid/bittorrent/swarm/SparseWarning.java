package dev.corvid.bittorrent.swarm;

import java.util.logging.Level;

/**
 * A warning that another party can bring about as often as it likes: one a minute is logged as
 * such, with the number of those before it that were not.
 */
final class SparseWarning {
  static final long APART = 60_000_000_000L;

  private boolean warned;
  private long warnedAt;
  private long kept;
  private long before;

  /** How the next one is to be logged. */
  Level next(long now) {
    if (warned && now - warnedAt < APART) {
      kept++;
      before = 0;
      return Level.FINE;
    }
    warned = true;
    warnedAt = now;
    before = kept;
    kept = 0;
    return Level.WARNING;
  }

  /** What to add to its text; empty if all before it were logged. */
  String before() {
    return before == 0 ? "" : "; " + before + " more since the last warning";
  }
}
