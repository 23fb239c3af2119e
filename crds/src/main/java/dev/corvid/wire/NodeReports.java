package dev.corvid.wire;

import java.util.List;

/**
 * State changes that do not wait for the next poll, {@code POST /v1/nodes/<node>/reports}. Answered
 * with 204, or with 409 and the tracker's instance when {@code instance} is not the one that runs:
 * then the peer polls with everything.
 */
public record NodeReports(String instance, List<NodeReport> reports) {
  public NodeReports {
    Require.text(instance, "instance", 64);
    reports = Require.list(reports, NodePoll.MAX_REPORTS, "reports");
  }
}
