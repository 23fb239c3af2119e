package dev.corvid.node.tracker;

import static java.util.Objects.requireNonNull;

import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReports;
import dev.corvid.wire.node.SessionSequence;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of the conversation with the tracker: what to send next, and what an answer
 * means. {@link State#next} allows these transitions, and no others:
 *
 * <pre>
 * from      when                                                to
 * NONE      a poll reports everything that the node holds       OPENING
 * OPENING   that poll is answered, and its slice obeyed or not  OPEN
 * OPENING   that poll fails, or is refused                      NONE
 * OPEN      the tracker does not know the session               NONE
 * OPEN      polls and reports succeed, or fail                  (stays)
 * </pre>
 *
 * <p>One poll is under way at a time, and one report. Not thread-safe; knows no clock and no
 * network: {@link NodeTrackerLink} has both, and {@link SharedSession} the lock.
 */
final class TrackerSession {
  /** The rows and columns of the table. */
  enum State {
    NONE,
    OPENING,
    OPEN;

    /** What may follow. */
    Set<State> next() {
      return switch (this) {
        case NONE -> EnumSet.of(OPENING);
        case OPENING -> EnumSet.of(OPEN, NONE);
        case OPEN -> EnumSet.of(NONE);
      };
    }

    /**
     * @throws IllegalStateException if the table has no such transition: a defect of the caller
     */
    void requireNext(State to) {
      if (!next().contains(to)) {
        throw new IllegalStateException("no transition leads from " + this + " to " + to);
      }
    }
  }

  private final int port;
  private final Supplier<String> names;
  private final ReportDelta delta = new ReportDelta();
  private State state = State.NONE;
  private @Nullable NodePoll poll; // under way; null for none
  private @Nullable NodeReports report; // under way; null for none
  private @Nullable SessionSequence
      last; // of the last message in this session; null before it is open
  private long sequence; // of the slice that is held; 0 for none
  private long begun; // of the slice whose parts come in
  private @Nullable String from; // where its last part ended; null between slices

  /**
   * @param port of BitTorrent
   * @param names of sessions, none twice
   */
  TrackerSession(int port, Supplier<String> names) {
    this.port = port;
    this.names = names;
  }

  boolean isOpen() {
    return state == State.OPEN;
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
    if (state == State.NONE) {
      enter(State.OPENING);
      next = new NodePoll(names.get(), 0, port, true, all, null);
    } else {
      next = new NodePoll(last().session(), sequence, port, false, List.of(), from);
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
   * @param obeyed whether all of the slice was, up to this answer's end; if not, the slice is asked
   *     for again, after its last part: one refused grant keeps no other from this node
   */
  void answered(NodeAssignments answer, boolean obeyed) {
    NodePoll asked = pollEnded();
    if (asked == null) {
      return;
    }
    if (asked.full()) {
      enter(State.OPEN);
      last = SessionSequence.first(asked.session());
      delta.reset(asked.reports());
    } else if (!isIn(asked.session())) {
      return; // a report found meanwhile that the session is over
    }
    begun = asked.from() == null ? answer.sequence() : begun;
    from = answer.next();
    if (from == null) {
      // What changed since the first part arrived has another sequence, and is asked for next.
      sequence = obeyed ? begun : 0;
    }
  }

  /** The poll under way failed, or was given up. */
  void pollFailed() {
    NodePoll asked = pollEnded();
    if (asked != null && asked.full()) {
      enter(State.NONE);
    }
  }

  /** The poll under way was refused: the tracker does not know its session. */
  void pollRefused() {
    NodePoll asked = pollEnded();
    if (asked != null && asked.full()) {
      enter(State.NONE);
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
    SessionSequence turn = last().next();
    delta.sending(changes);
    var next = new NodeReports(turn, changes);
    last = turn;
    report = next;
    return Optional.of(next);
  }

  /** The report under way was taken. */
  void reported() {
    if (report != null && report.turn().equals(last)) {
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
    state = State.NONE;
    poll = null;
    report = null;
    clear();
  }

  /** Null after a restart: what was under way then is of no session. */
  private @Nullable NodePoll pollEnded() {
    NodePoll asked = poll;
    poll = null;
    return asked;
  }

  private SessionSequence last() {
    return requireNonNull(last, "a session is open");
  }

  private boolean isIn(String session) {
    return isOpen() && last().session().equals(session);
  }

  private boolean end(String session) {
    if (!isIn(session)) {
      return false;
    }
    enter(State.NONE);
    clear();
    return true;
  }

  private void clear() {
    last = null;
    from = null;
    sequence = 0;
  }

  private void enter(State next) {
    state.requireNext(next);
    state = next;
  }
}
