package dev.corvid.wire.node;

import dev.corvid.wire.Require;
import java.util.List;

/**
 * State changes that do not wait for the next poll, {@code POST /v1/nodes/<node>/reports}. Answered
 * with 204, or with 409 and the tracker's instance when the tracker is in another session with this
 * node, in none, or has heard a later turn: then the peer polls with everything.
 */
public record NodeReports(SessionSequence turn, List<NodeReport> reports) {
  public NodeReports {
    Require.present(turn, "turn");
    reports = Require.list(reports, NodePoll.MAX_REPORTS, "reports");
  }
}
