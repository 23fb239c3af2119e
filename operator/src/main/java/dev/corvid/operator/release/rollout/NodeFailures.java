package dev.corvid.operator.release.rollout;

import static java.util.Objects.requireNonNull;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.Failure;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.NodesStatus;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.release.step.ReconcileSteps;
import dev.corvid.wire.Reason;
import dev.corvid.wire.node.NodeReport;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that failed to get a revision, with why. One that tries again, or cannot be reached
 * since, has still failed until it holds the revision: else every attempt, and every restart of
 * operator and tracker, would let others switch.
 *
 * @param digest of the revision's manifest
 * @param byNode in the order of names
 * @param unnamed how many more have failed, of which a status with few names tells only the number
 * @param others how many nodes may hold the revision without any of the unnamed among them
 */
public record NodeFailures(String digest, Map<String, Failure> byNode, int unnamed, int others) {
  public static final NodeFailures NONE = new NodeFailures("", Map.of(), 0, 0);

  /** The count of a node that has not failed, though something is to be said of it. */
  public static final int NONE_FAILED = 0;

  /** Those that a status names or counts, after a restart; others that it names are none. */
  public static NodeFailures recorded(SwarmReleaseStatus status, String digest) {
    Map<String, Failure> byNode = new TreeMap<>();
    status.failures().stream()
        .filter(failure -> !Reason.PeerMissing.name().equals(failure.reason()))
        .filter(failure -> failure.count() != null && failure.count() > NONE_FAILED)
        .forEach(failure -> byNode.put(failure.nodeName(), failure));
    NodesStatus nodes = status.nodes();
    if (nodes == null) {
      return new NodeFailures(digest, byNode, 0, 0);
    }
    int failed = number(nodes.failed());
    int others = Math.max(0, number(nodes.desired()) + number(nodes.unserved()) - failed);
    return new NodeFailures(digest, byNode, Math.max(0, failed - byNode.size()), others);
  }

  private static int number(@Nullable Integer figure) {
    return figure == null ? 0 : figure;
  }

  /** Those of now; those of another revision are forgotten. */
  public NodeFailures next(String wanted, NodeSelection selection, Instant now) {
    boolean same = wanted.equals(digest);
    Map<String, Failure> known = same ? byNode : Map.of();
    Map<String, Failure> failures = new TreeMap<>();
    int left = same ? unnamed : 0;
    int expected = same ? others : 0;
    int holders = 0;
    int open = 0;
    for (SelectedNode node : selection.staying()) {
      Failure before = known.get(node.node());
      if (node.failed(wanted)) {
        failures.put(node.node(), failure(node.node(), node.reported().orElseThrow(), before, now));
        left -= before == null ? 1 : 0;
      } else if (node.holds(wanted)) {
        holders++;
        expected += before == null ? 0 : 1;
      } else if (before != null) {
        failures.put(node.node(), before);
      } else {
        open++;
      }
    }
    left -= Math.max(0, holders - expected);
    // As many as there are nodes that could be one of them.
    left = failures.isEmpty() && isEverywhere(wanted, selection) ? 0 : Math.clamp(left, 0, open);
    return new NodeFailures(wanted, failures, left, Math.max(expected, holders));
  }

  private static boolean isEverywhere(String wanted, NodeSelection selection) {
    List<SelectedNode> reachable = selection.reachable();
    return selection.isSettled()
        && !reachable.isEmpty()
        && reachable.stream().allMatch(node -> node.holds(wanted));
  }

  private static Failure failure(
      String node, NodeReport report, @Nullable Failure before, Instant now) {
    // One that mends a file has failed no attempt, and yet counts: a status without is not read.
    int attempts = Math.max(1, report.failures());
    String since =
        before != null && Integer.valueOf(attempts).equals(before.count())
            ? before.lastTime()
            : now.truncatedTo(ChronoUnit.SECONDS).toString();
    String reason = requireNonNull(report.reason(), "what failed says why").name();
    return new Failure(node, reason, report.message(), attempts, since);
  }

  public Set<String> nodes() {
    return byNode.keySet();
  }

  public int count() {
    return byNode.size() + unnamed;
  }

  /**
   * What is said of them when they are more than may: their own reason if none may fail and all
   * have the same, else that they are too many. It may pass by itself as long as those that are not
   * retrying after an internal error are no more than may.
   */
  public Optional<Problem> tooMany(int allowed) {
    if (count() <= allowed) {
      return Optional.empty();
    }
    if (byNode.isEmpty()) {
      String nodes = count() == 1 ? "1 node failed%s has" : count() + " nodes failed%s have";
      String text =
          nodes.formatted(" before the operator was restarted, and")
              + " not obtained it since; %d may".formatted(allowed);
      return Optional.of(new Problem(Reason.TooManyFailedNodes, text));
    }
    Failure first = byNode.values().iterator().next();
    List<String> reasons = byNode.values().stream().map(Failure::reason).distinct().toList();
    String why = first.message() == null ? first.reason() : first.message();
    String others = count() == 1 ? "" : " (and " + (count() - 1) + " more failed)";
    String text = first.nodeName() + ": " + why + others;
    Problem problem =
        allowed == 0 && reasons.size() == 1
            ? new Problem(Reason.valueOf(first.reason()), text)
            : new Problem(
                Reason.TooManyFailedNodes,
                "%d nodes failed, %d may: ".formatted(count(), allowed) + text);
    return Optional.of(count() - retrying() <= allowed ? problem.mayPass() : problem);
  }

  /** As of a step of the operator: an error of the program passes as a rule. */
  private int retrying() {
    return (int)
        byNode.values().stream()
            .filter(failure -> Reason.InternalError.name().equals(failure.reason()))
            .filter(failure -> failure.count() < ReconcileSteps.PATIENCE)
            .count();
  }
}
