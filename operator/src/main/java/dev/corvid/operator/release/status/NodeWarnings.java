package dev.corvid.operator.release.status;

import static java.util.Objects.requireNonNull;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus.Failure;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.release.rollout.NodeFailures;
import dev.corvid.wire.node.NodeReport;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Warnings that reachable nodes report although they have not failed: that nothing arrives and why,
 * that a clock is wrong, that a damaged file was replaced. They are shown, and no node counts as
 * failed because of them.
 */
final class NodeWarnings {
  private NodeWarnings() {}

  /**
   * @param before what was shown last: a warning that persists keeps its time
   */
  static List<Failure> of(NodeSelection selection, List<Failure> before, Instant now) {
    return selection.reachable().stream()
        .filter(NodeWarnings::isHindered)
        .map(node -> hindrance(node, before, now))
        .toList();
  }

  private static boolean isHindered(SelectedNode node) {
    return node.report() != null
        && node.report().reason() != null
        && node.report().state() != NodeReport.State.FAILED;
  }

  private static Failure hindrance(SelectedNode node, List<Failure> before, Instant now) {
    NodeReport report = node.reported().orElseThrow();
    String reason = requireNonNull(report.reason(), "it is hindered").name();
    String since =
        before.stream()
            .filter(known -> node.node().equals(known.nodeName()))
            .filter(known -> reason.equals(known.reason()))
            .map(Failure::lastTime)
            .findFirst()
            .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
    return new Failure(node.node(), reason, report.message(), NodeFailures.NONE_FAILED, since);
  }
}
