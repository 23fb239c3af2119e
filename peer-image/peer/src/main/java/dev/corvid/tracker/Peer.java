package dev.corvid.tracker;

import dev.corvid.wire.Endpoint;
import dev.corvid.wire.Turn;

/** What the tracker knows of one node's peer: where it listens and what it last said. */
final class Peer {
  final String node;
  final KeptReports reports = new KeptReports();
  Endpoint endpoint;
  long heardNanos;
  boolean silent;
  private Turn last;

  Peer(String node) {
    this.node = node;
  }

  /** It is about to tell everything. */
  void begin(String session) {
    last = Turn.first(session);
  }

  /** It has to tell everything again. */
  void endSession() {
    last = null;
  }

  boolean isIn(String session) {
    return last != null && last.session().equals(session);
  }

  /** Whether this is to be taken: it was said in this session, and nothing later was heard. */
  boolean takes(Turn turn) {
    if (!isIn(turn.session()) || turn.number() <= last.number()) {
      return false;
    }
    last = turn;
    return true;
  }
}
