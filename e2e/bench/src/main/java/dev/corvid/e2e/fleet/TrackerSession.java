package dev.corvid.e2e.fleet;

import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReports;
import dev.corvid.wire.node.SessionSequence;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;

/**
 * What a peer and its tracker know of each other since the peer reported everything: the slice that
 * the peer has, and the reports that the tracker has. Pure: time and chance come from outside. Not
 * thread-safe.
 */
final class TrackerSession {
  static final long FIGURES_APART = TimeUnit.SECONDS.toNanos(10);
  private static final int PORT = 6881;

  private final LongUnaryOperator random;
  private final Map<String, NodeReport> reported = new HashMap<>();
  private SessionSequence turn; // of the last message; null when everything is to be reported
  private long sequence;
  private long begun; // the sequence of the slice whose parts come in
  private String from; // where its last part ended; null between slices
  private long figuresDue;

  /**
   * @param random evenly from 0 to below its argument
   */
  TrackerSession(LongUnaryOperator random) {
    this.random = random;
  }

  /** Whether the tracker knows everything of the peer. */
  boolean isSynced() {
    return turn != null;
  }

  /** What to poll with. */
  NodePoll poll(List<NodeReport> all) {
    boolean full = turn == null;
    var session = full ? UUID.randomUUID().toString() : turn.session();
    return new NodePoll(session, sequence, PORT, full, full ? all : List.of(), full ? null : from);
  }

  void answered(NodePoll asked, NodeAssignments slice) {
    begun = asked.from() == null ? slice.sequence() : begun;
    from = slice.next();
    sequence = from == null ? begun : sequence;
    if (asked.full()) {
      turn = SessionSequence.first(asked.session());
      reported.clear();
      asked.reports().forEach(report -> reported.put(report.releaseUid(), report));
    }
  }

  /** Whether there is something to report now. */
  boolean hasNews(List<NodeReport> all, long now) {
    return turn != null && !news(all, now).isEmpty();
  }

  /** The next message, which is the tracker's when it is {@link #accepted}. */
  Optional<NodeReports> next(List<NodeReport> all, long now) {
    List<NodeReport> news = turn == null ? List.of() : news(all, now);
    if (news.isEmpty()) {
      return Optional.empty();
    }
    turn = turn.next();
    if (now - figuresDue >= 0) {
      figuresDue = now + FIGURES_APART + random.applyAsLong(FIGURES_APART / 4);
    }
    return Optional.of(new NodeReports(turn, news));
  }

  /** What the tracker has not been told: states, and figures when they are due. */
  private List<NodeReport> news(List<NodeReport> all, long now) {
    boolean figures = now - figuresDue >= 0;
    return all.stream()
        .filter(
            report -> {
              var before = reported.get(report.releaseUid());
              return before == null
                  || !before.sameState(report)
                  || figures && !before.equals(report);
            })
        .toList();
  }

  void accepted(NodeReports message) {
    if (message.turn().equals(turn)) {
      message.reports().forEach(report -> reported.put(report.releaseUid(), report));
    }
  }

  /** How long until figures are due; at least 1. */
  long untilFigures(long now) {
    return Math.max(1, figuresDue - now);
  }

  /** The tracker does not know this session. False if it is not the current one. */
  boolean end(String session) {
    boolean current = turn != null && turn.session().equals(session);
    if (current) {
      forget();
    }
    return current;
  }

  /** Everything is to be reported again. */
  void forget() {
    turn = null;
    from = null;
    sequence = 0;
  }
}
