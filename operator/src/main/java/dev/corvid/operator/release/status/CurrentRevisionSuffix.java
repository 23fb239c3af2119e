package dev.corvid.operator.release.status;

import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.release.record.RevisionDisplayName;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.node.NodeReport;
import java.util.List;

/** Whether, and where, the revision that was active everywhere still is. */
final class CurrentRevisionSuffix {
  private CurrentRevisionSuffix() {}

  /** To be appended to a message of trouble; nothing where that revision is active nowhere. */
  static String suffix(StatusInput input) {
    String revision = input.before().currentRevision();
    if (revision == null) {
      return "";
    }
    String named = RevisionDisplayName.ofCurrent(input.before());
    List<SelectedNode> desired = input.nodes().selection().desired();
    long serving = desired.stream().filter(m -> isUnheard(m) || serves(m, revision)).count();
    if (serving > 0) {
      String where =
          serving == desired.size() ? "" : " on %d of %d nodes".formatted(serving, desired.size());
      return "; " + named + " is still active" + where;
    }
    long leaving =
        input.nodes().removalPlan().leaving().stream().filter(m -> serves(m, revision)).count();
    return leaving == 0
        ? ""
        : "; %s is still active on %d %s no longer %s"
            .formatted(
                named,
                leaving,
                leaving == 1 ? "node that" : "nodes that",
                leaving == 1 ? "matches" : "match");
  }

  /** After a restart of operator or tracker: what was known last stands. */
  private static boolean isUnheard(SelectedNode node) {
    return node.reachability() == SelectedNode.Reachability.PENDING && node.report() == null;
  }

  private static boolean serves(SelectedNode node, String revision) {
    return node.reported()
        .map(NodeReport::active)
        .filter(active -> Content.revisionOf(active).equals(revision))
        .isPresent();
  }
}
