package dev.corvid.node.tracker;

import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReports;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a session with the tracker: what to send next, and what an answer means. {@link
 * SessionState} has the table.
 *
 * <p>One poll is under way at a time, and one report. Not thread-safe; knows no clock and no
 * network.
 */
final class TrackerSession {
  private final int port;
  private final Supplier<String> names;
  private final ReportDelta delta = new ReportDelta();
  private SessionState state = SessionState.NONE;
  private @Nullable NodePoll poll; // under way; null for none
  private @Nullable NodeReports report; // under way; null for none

  /**
   * @param port of BitTorrent
   * @param names of sessions, none twice
   */
  TrackerSession(int port, Supplier<String> names) {
    this.port = port;
    this.names = names;
  }

  SessionState state() {
    return state;
  }

  boolean isOpen() {
    return state instanceof SessionState.Open;
  }

  /**
   * The next poll: it begins a session if there is none.
   *
   * @param all what the node reports now
   * @throws IllegalStateException if one is under way
   */
  NodePoll poll(List<NodeReport> all) {
    if (poll != null) {
      throw new IllegalStateException("a poll is under way in state " + state);
    }
    NodePoll next;
    if (state instanceof SessionState.Open open) {
      next = open.poll(port);
    } else {
      next = new NodePoll(names.get(), 0, port, true, all, null);
      state = state.begin(next);
    }
    poll = next;
    return next;
  }

  /** Whether the answer to a poll has something to obey. */
  static boolean isNews(NodePoll poll, NodeAssignments answer) {
    return poll.full() || poll.from() != null || answer.sequence() != poll.sequence();
  }

  /**
   * The poll under way was answered.
   *
   * @param obeyed whether all of the slice was, up to this answer's end
   * @return false when its session is over
   */
  boolean answered(NodeAssignments answer, boolean obeyed) {
    NodePoll asked = pollEnded();
    if (asked == null) {
      return false;
    }
    if (asked.full()) {
      state = state.opened();
      delta.reset(asked.reports());
    } else if (!isIn(asked.session())) {
      return false; // a report found meanwhile that the session is over
    }
    state = state.answered(answer, asked.from() == null, obeyed);
    return true;
  }

  /** The poll under way failed, or was given up. */
  void pollFailed() {
    NodePoll asked = pollEnded();
    if (asked != null && asked.full()) {
      state = state.failed();
    }
  }

  /** The poll under way was refused: the tracker does not know its session. */
  void pollRefused() {
    NodePoll asked = pollEnded();
    if (asked != null && asked.full()) {
      state = state.failed();
    } else if (asked != null) {
      end(asked.session());
    }
  }

  /**
   * What changed since it was reported, under the next number of the session.
   *
   * @param withFigures whether a changed figure counts
   * @return empty when nothing changed, or no session is open
   * @throws IllegalStateException if a report is under way
   */
  Optional<NodeReports> report(List<NodeReport> all, boolean withFigures) {
    if (report != null) {
      throw new IllegalStateException("a report is under way in state " + state);
    }
    List<NodeReport> changes = delta.changes(all, withFigures);
    if (!isOpen() || changes.isEmpty()) {
      return Optional.empty();
    }
    SessionState.Open next = state.reports();
    delta.sending(changes);
    state = next;
    var sent = new NodeReports(next.last(), changes);
    report = sent;
    return Optional.of(sent);
  }

  /** The report under way was taken. */
  void reported() {
    if (report != null && isIn(report.turn().session())) {
      delta.reported(report.reports());
    }
    report = null;
  }

  /** The report under way failed: what it had is reported again. */
  void reportFailed() {
    report = null;
  }

  /**
   * The report under way was refused: the tracker does not know its session, or heard a later turn.
   *
   * @return whether that session was the one of now
   */
  boolean reportRefused() {
    NodeReports refused = report;
    report = null;
    return refused != null && end(refused.turn().session());
  }

  /** Forgets all, after a defect: the next poll begins a session. */
  void restart() {
    state = SessionState.NONE;
    poll = null;
    report = null;
  }

  /** Null after a restart: what was under way then is of no session. */
  private @Nullable NodePoll pollEnded() {
    NodePoll asked = poll;
    poll = null;
    return asked;
  }

  private boolean isIn(String session) {
    return state instanceof SessionState.Open open && open.is(session);
  }

  private boolean end(String session) {
    if (!isIn(session)) {
      return false;
    }
    state = state.over();
    return true;
  }
}
