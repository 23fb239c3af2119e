package dev.corvid.node.tracker;

import dev.corvid.bittorrent.Backoff;
import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReports;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * When to poll the tracker and to report to it, and how long to back off. A change of state is
 * reported at once, progress counters every 10 to 12.5 s. What ends a poll, or a report that
 * failed, returns the pause before the next one.
 *
 * <p>Not thread-safe; without threads and network: {@link SharedConversation} has the lock, {@link
 * NodeTrackerLink} the threads.
 */
final class TrackerConversation {
  static final Duration FIGURES_APART = Duration.ofSeconds(10);
  static final Duration LASTING = Duration.ofSeconds(10);
  private static final Backoff RETRIES =
      Backoff.doubling(Duration.ofMillis(400), Duration.ofSeconds(5));

  private final TrackerSession session;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private int failedPolls;
  private int failedReports;
  private boolean opened;
  private long openedAt;
  private boolean hasChanges;
  private long figuresDue;
  private boolean connected;

  /**
   * @param nanoTime monotonic, as {@link System#nanoTime}
   */
  TrackerConversation(TrackerSession session, LongSupplier nanoTime, RandomGenerator random) {
    this.session = session;
    this.nanoTime = nanoTime;
    this.random = random;
    this.figuresDue = nanoTime.getAsLong();
  }

  SessionState state() {
    return session.state();
  }

  /** Whether a poll was answered, and none has failed on the network since. */
  boolean isConnected() {
    return connected;
  }

  /** The state of some release has changed: a report is due. */
  void changed() {
    hasChanges = true;
  }

  /**
   * The next poll.
   *
   * @param all what the node reports now
   */
  NodePoll poll(List<NodeReport> all) {
    return session.poll(all);
  }

  /**
   * @param obeyed whether all of the slice was, up to this answer's end
   */
  Duration answered(NodePoll poll, NodeAssignments answer, boolean obeyed) {
    if (!session.answered(answer, obeyed)) {
      return sessionLost();
    }
    connected = true;
    if (poll.full()) {
      opened = true;
      openedAt = nanoTime.getAsLong();
      changed(); // what changed while it was under way
    }
    if (answer.next() != null) {
      return Duration.ZERO;
    }
    if (!obeyed) {
      failedPolls++;
      return pause(failedPolls);
    }
    if (hasLasted()) {
      failedPolls = 0;
    }
    return Duration.ZERO;
  }

  Duration pollFailed() {
    session.pollFailed();
    connected = false;
    failedPolls++;
    return pause(failedPolls);
  }

  /** A report found that the session is over. */
  Duration pollGivenUp() {
    session.pollFailed();
    return sessionLost();
  }

  /** The tracker does not know the session. */
  Duration pollRefused() {
    session.pollRefused();
    return sessionLost();
  }

  /** Another one begins at once, or after a pause that grows if the tracker keeps forgetting it. */
  private Duration sessionLost() {
    failedPolls = hasLasted() ? 0 : failedPolls + 1;
    opened = false;
    return pause(failedPolls);
  }

  /** Two pods that poll as one node end each other's sessions soon after they began. */
  private boolean hasLasted() {
    return opened && nanoTime.getAsLong() - openedAt >= LASTING.toNanos();
  }

  /**
   * How long there is nothing to report, in nanoseconds; empty until something changes.
   *
   * @param isMoving whether figures change by themselves
   */
  OptionalLong untilReport(boolean isMoving) {
    if (!session.isOpen() || !hasChanges && !isMoving) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(hasChanges ? 0 : Math.max(0, figuresDue - nanoTime.getAsLong()));
  }

  /**
   * A report begins: what changes from now on is for the next one. So call this before looking at
   * what the node reports.
   *
   * @return whether figures are due
   */
  boolean beginReport() {
    hasChanges = false;
    long now = nanoTime.getAsLong();
    if (figuresDue - now > 0) {
      return false;
    }
    long apart = FIGURES_APART.toNanos();
    figuresDue = now + apart + random.nextLong(apart / 4);
    return true;
  }

  /**
   * The next report; empty when there is nothing to report.
   *
   * @param all what the node reports now
   * @param withFigures what {@link #beginReport} returned
   */
  Optional<NodeReports> report(List<NodeReport> all, boolean withFigures) {
    return session.report(all, withFigures);
  }

  void reported() {
    session.reported();
    failedReports = 0;
  }

  Duration reportFailed() {
    session.reportFailed();
    failedReports++;
    changed();
    return pause(failedReports);
  }

  /**
   * The tracker does not know the session of a report.
   *
   * @return whether the poll under way is to be given up, as it is of that session
   */
  boolean reportRefused() {
    failedReports = 0;
    return session.reportRefused();
  }

  /** A defect: a new session has nothing of what led to it. */
  void restart() {
    session.restart();
    connected = false;
    opened = false;
  }

  private Duration pause(int failures) {
    return failures == 0 ? Duration.ZERO : RETRIES.after(failures, random);
  }
}
