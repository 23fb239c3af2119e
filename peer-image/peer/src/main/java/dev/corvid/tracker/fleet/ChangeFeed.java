package dev.corvid.tracker.fleet;

import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.operator.Fleet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The changes not yet sent to the operator, and when they are due: a state at once, figures alone
 * within 2 s, so that a fleet's progress is one message and not ten thousand. Not thread-safe.
 */
public final class ChangeFeed {
  static final Duration FIGURES_WITHIN = Duration.ofSeconds(2);

  private final ChangeLog log = new ChangeLog();
  private long figuresSince;
  private long figuresAfter;
  private boolean figuresWait;
  private boolean stirred;

  public long sequence() {
    return log.sequence();
  }

  void node(String node) {
    record(new Change.OfNode(node), true, 0);
  }

  void report(String node, @Nullable NodeReport before, NodeReport now, long nanos) {
    if (!now.equals(before)) {
      record(
          new Change.OfReport(now.releaseUid(), node),
          before == null || !before.sameState(now),
          nanos);
    }
  }

  void seeder(String releaseUid, Fleet.@Nullable Seeder before, Fleet.Seeder now, long nanos) {
    if (!now.equals(before)) {
      boolean same =
          before != null
              && before.podUid().equals(now.podUid())
              && before.address().equals(now.address())
              && before.report().sameState(now.report());
      record(new Change.OfSeeder(releaseUid), !same, nanos);
    }
  }

  /** Always true, so that it can stand in a condition that removes the report itself. */
  boolean forgetReport(String releaseUid, String node) {
    log.forget(new Change.OfReport(releaseUid, node));
    return true;
  }

  void forgetSeeder(String releaseUid) {
    log.forget(new Change.OfSeeder(releaseUid));
  }

  void forgetNode(String node) {
    log.forget(new Change.OfNode(node));
  }

  /** Nanoseconds until a reader that knows that sequence must be answered; 0 for now. */
  public long due(long sequence, long nanos) {
    if (log.urgent() > sequence || sequence < figuresAfter) {
      return 0;
    }
    if (log.sequence() <= sequence) {
      return Long.MAX_VALUE;
    }
    return figuresWait ? Math.max(0, figuresSince + FIGURES_WITHIN.toNanos() - nanos) : 0;
  }

  /** What changed after that sequence, and when, oldest first; waiting figures count as sent. */
  List<Map.Entry<Change, Long>> tell(long sequence) {
    figuresWait = false;
    return log.since(sequence);
  }

  /** Whether, since the last call, a change arrived that must wake a waiting reader. */
  public boolean stirred() {
    boolean was = stirred;
    stirred = false;
    return was;
  }

  private void record(Change change, boolean isState, long nanos) {
    stirred |= isState || !figuresWait;
    if (!isState && !figuresWait) {
      figuresWait = true;
      figuresSince = nanos;
      figuresAfter = log.sequence();
    }
    log.record(change, isState);
  }
}
