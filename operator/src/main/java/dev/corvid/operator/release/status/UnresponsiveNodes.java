package dev.corvid.operator.release.status;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus.Failure;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.release.grant.GrantSet;
import dev.corvid.operator.release.grant.RankPolicy;
import dev.corvid.operator.release.rollout.NodeFailures;
import dev.corvid.operator.release.step.ReconcileTime;
import dev.corvid.time.Uptime;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Grant;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that do not report why they make no progress, with what the operator knows of it: no
 * peer, no report, no acknowledgement of the last grant, or one that cannot be right.
 *
 * @param nodes unserved ones, unreachable ones, those that do not answer, those ahead of the clock
 * @param recheckAt when the first of those that have yet to answer is late; null for none
 */
public record UnresponsiveNodes(List<Failure> nodes, @Nullable Uptime recheckAt) {
  /** How long a node may take to acknowledge a grant. */
  static final Duration ACKNOWLEDGED_WITHIN = Duration.ofSeconds(60);

  public static UnresponsiveNodes of(
      NodeSelection selection, List<Grant> inForce, List<Failure> before, ReconcileTime now) {
    Map<String, Grant> grants = new HashMap<>();
    inForce.forEach(grant -> grant.nodes().forEach(node -> grants.put(node, grant)));
    List<Failure> nodes = new ArrayList<>();
    Instant wall = now.wall();
    Uptime recheckAt = null;
    selection
        .unserved()
        .forEach(node -> nodes.add(silent(node, "no Corvid peer runs on this node", before, wall)));
    for (SelectedNode selectedNode : selection.desired()) {
      Grant grant = grants.get(selectedNode.node());
      if (selectedNode.reachability() == SelectedNode.Reachability.UNREACHABLE) {
        String text = "the node is NotReady, or nothing was heard of its peer for 60 s";
        nodes.add(silent(selectedNode.node(), text, before, wall));
      } else if (grant != null && selectedNode.isReachable() && !hasAnswered(selectedNode, grant)) {
        // Epochs are the wall clock of when they were issued, or above it.
        Uptime late = now.uptimeOf(Instant.ofEpochMilli(grant.epoch())).plus(ACKNOWLEDGED_WITHIN);
        if (now.uptime().isBefore(late)) {
          recheckAt = recheckAt == null || late.isBefore(recheckAt) ? late : recheckAt;
        } else {
          String text = "its peer has not answered for 60 s: see the log of the peer there";
          nodes.add(silent(selectedNode.node(), text, before, wall));
        }
      } else if (grant != null
          && selectedNode.isReachable()
          && isBeyond(selectedNode, grant, inForce, wall)) {
        nodes.add(skewed(selectedNode, before, wall));
      }
    }
    return new UnresponsiveNodes(List.copyOf(nodes), recheckAt);
  }

  private static boolean hasAnswered(SelectedNode node, Grant grant) {
    return node.reported().filter(report -> !report.rank().isBelow(grant.rank())).isPresent();
  }

  private static boolean isBeyond(
      SelectedNode node, Grant grant, List<Grant> inForce, Instant now) {
    long issued = GrantSet.issued(inForce, grant.reign());
    return !new RankPolicy(grant.reign(), now)
        .believes(node.reported().orElseThrow().rank(), issued);
  }

  /** What the node holds may be right; what it is told next does not reach it. */
  private static Failure skewed(SelectedNode node, List<Failure> before, Instant now) {
    String text =
        "its peer obeyed a grant dated ahead of the operator's clock (%s) and refuses older ones: synchronize"
                .formatted(node.reported().orElseThrow().rank())
            + " the clocks; if it stays so, raise the annotation corvid.dev/reign of corvid-trust";
    return failure(node.node(), Reason.ClockSkew, text, NodeFailures.NONE_FAILED, before, now);
  }

  private static Failure silent(String node, String text, List<Failure> before, Instant now) {
    return failure(node, Reason.PeerMissing, text, 1, before, now);
  }

  private static Failure failure(
      String node, Reason reason, String text, int count, List<Failure> before, Instant now) {
    return before.stream()
        .filter(known -> node.equals(known.nodeName()) && text.equals(known.message()))
        .findFirst()
        .orElseGet(
            () ->
                new Failure(
                    node,
                    reason.name(),
                    text,
                    count,
                    now.truncatedTo(ChronoUnit.SECONDS).toString()));
  }

  public Optional<Uptime> recheck() {
    return Optional.ofNullable(recheckAt);
  }
}
