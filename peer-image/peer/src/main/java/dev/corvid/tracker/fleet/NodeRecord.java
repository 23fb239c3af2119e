package dev.corvid.tracker.fleet;

import dev.corvid.wire.Endpoint;
import dev.corvid.wire.node.SessionSequence;
import org.jspecify.annotations.Nullable;

/** What the tracker knows of one node's peer: where it listens and what it last reported. */
final class NodeRecord {
  final String node;
  final KeptReports reports = new KeptReports();
  @Nullable Endpoint endpoint;
  long heardAt; // as System.nanoTime
  boolean silent;
  private @Nullable SessionSequence last;

  NodeRecord(String node) {
    this.node = node;
  }

  /** It is about to report everything. */
  void begin(String session) {
    last = SessionSequence.first(session);
  }

  /** It has to report everything again. */
  void endSession() {
    last = null;
  }

  boolean isIn(String session) {
    return last != null && last.session().equals(session);
  }

  /** Whether this is to be taken: it belongs to this session, and nothing later was received. */
  boolean takes(SessionSequence turn) {
    if (last == null || !isIn(turn.session()) || turn.number() <= last.number()) {
      return false;
    }
    last = turn;
    return true;
  }
}
