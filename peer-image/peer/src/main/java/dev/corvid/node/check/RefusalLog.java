package dev.corvid.node.check;

import java.util.HashSet;
import java.util.Set;
import java.util.logging.Logger;

/**
 * The log of grants that were refused. A slice with one of them is asked for again every few
 * seconds: each refusal is a line once, and an answer full of them is a few lines and a count.
 * Thread-safe.
 */
public final class RefusalLog {
  private static final Logger log = Logger.getLogger(RefusalLog.class.getName());

  /** Of one answer. */
  static final int MAX_LINES = 20;

  /** Who fills it with refusals is counted from then on, until a slice is obeyed whole. */
  static final int MAX_KNOWN = 1000;

  private final Set<String> known = new HashSet<>();
  private final Set<String> unverified = new HashSet<>();
  private int lines;
  private long unlogged;
  private long lastUnlogged;

  /**
   * @param refusal names the release, the grant's rank and why: it is logged unless it was before
   */
  public synchronized void refused(String refusal) {
    if (known.contains(refusal)) {
      return;
    }
    boolean remembered = known.size() < MAX_KNOWN && known.add(refusal);
    if (remembered && lines < MAX_LINES) {
      lines++;
      log.warning(() -> "refused " + refusal);
    } else {
      unlogged++;
    }
  }

  /** The same, of a grant that cannot be verified: no slice with it is obeyed whole. */
  public synchronized void unverified(String refusal) {
    refused(refusal);
    if (known.contains(refusal)) {
      unverified.add(refusal);
    }
  }

  /** The first answer of a slice came: an earlier one may have been cut off. */
  public synchronized void sliceBegins() {
    unlogged = 0;
  }

  /**
   * An answer was processed to its end.
   *
   * @param last whether it ends its slice
   */
  public synchronized void answerEnded(boolean last) {
    lines = 0;
    if (!last) {
      return;
    }
    if (unlogged > 0 && unlogged != lastUnlogged) {
      long more = unlogged;
      log.warning(() -> "refused " + more + " more grants, which are not logged one by one");
    }
    lastUnlogged = unlogged;
    unlogged = 0;
  }

  /** A slice was obeyed whole: what could not be verified is no longer sent, or can be now. */
  public synchronized void sliceObeyed() {
    known.removeAll(unverified);
    unverified.clear();
    if (known.size() >= MAX_KNOWN) {
      known.clear();
    }
  }
}
