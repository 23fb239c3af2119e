package dev.corvid.node.tracker;

import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.SessionSequence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the session with the tracker is. Its methods are these transitions, and throw {@link
 * IllegalStateException} in every other state: a defect of the caller.
 *
 * <pre>
 * from      when                                                      to
 * None      a poll reports everything that the node holds  (begin)    Opening
 * Opening   that poll is answered                          (opened)   Open
 * Opening   that poll fails, is given up or refused        (failed)   None
 * Open      a report takes the next number                 (reports)  Open
 * Open      a poll is answered                             (answered) Open
 * Open      the tracker does not know the session          (over)     None
 * </pre>
 *
 * <p>After a defect {@link TrackerSession#restart} begins with None, whatever was before.
 */
sealed interface SessionState {
  SessionState NONE = new None();

  default Opening begin(NodePoll poll) {
    throw forbidden("begin");
  }

  default Open opened() {
    throw forbidden("opened");
  }

  default SessionState failed() {
    throw forbidden("failed");
  }

  default Open reports() {
    throw forbidden("reports");
  }

  /**
   * @param first whether the answer begins a slice
   * @param obeyed whether all of the slice was, up to the answer's end
   */
  default Open answered(NodeAssignments answer, boolean first, boolean obeyed) {
    throw forbidden("answered");
  }

  default SessionState over() {
    throw forbidden("over");
  }

  private IllegalStateException forbidden(String transition) {
    return new IllegalStateException(
        "no transition '" + transition + "' leads from " + getClass().getSimpleName());
  }

  record None() implements SessionState {
    @Override
    public Opening begin(NodePoll poll) {
      return new Opening(poll);
    }
  }

  /**
   * @param poll that reports everything
   */
  record Opening(NodePoll poll) implements SessionState {
    @Override
    public Open opened() {
      return new Open(SessionSequence.first(poll.session()), Slice.NONE);
    }

    @Override
    public SessionState failed() {
      return NONE;
    }
  }

  /**
   * @param last number that a message of the session had
   * @param slice that is held, or comes in
   */
  record Open(SessionSequence last, Slice slice) implements SessionState {
    @Override
    public Open reports() {
      return new Open(last.next(), slice);
    }

    @Override
    public Open answered(NodeAssignments answer, boolean first, boolean obeyed) {
      return new Open(last, slice.answered(answer, first, obeyed));
    }

    @Override
    public SessionState over() {
      return NONE;
    }

    /** The next poll of the session. */
    NodePoll poll(int port) {
      return new NodePoll(
          last.session(), slice.sequence(), port, false, List.of(), slice.nextPart());
    }

    boolean is(String session) {
      return last.session().equals(session);
    }
  }

  /**
   * @param sequence of the slice that is held; 0 for none
   * @param begun of the slice whose parts come in
   * @param nextPart where its last part ended; null between slices
   */
  record Slice(long sequence, long begun, @Nullable String nextPart) {
    static final Slice NONE = new Slice(0, 0, null);

    /** One refused grant keeps no other from this node: the slice is asked for again at its end. */
    Slice answered(NodeAssignments answer, boolean first, boolean obeyed) {
      long now = first ? answer.sequence() : begun;
      if (answer.next() != null) {
        return new Slice(sequence, now, answer.next());
      }
      // What changed since the first part arrived has another sequence, and is asked for next.
      return new Slice(obeyed ? now : 0, now, null);
    }
  }
}
