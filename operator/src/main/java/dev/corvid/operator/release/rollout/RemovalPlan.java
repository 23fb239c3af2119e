package dev.corvid.operator.release.rollout;

import dev.corvid.api.v1alpha1.ConditionReason;
import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.release.step.NameList;
import dev.corvid.time.Uptime;
import dev.corvid.wire.grant.Grant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which of the nodes that hold the release and no longer match are told to remove it. That a node
 * does not match may be what a person wants, or a mistake in the selector, or labels that a Node
 * lost when it was registered again; nothing here depends on the cause:
 *
 * <pre>
 * the first that is true                                      nodes that are told
 * some node of the cluster may yet speak                      those that were told before
 * corvid.dev/allow-removal names the generation               a tenth, rounded up, a minute
 * fewer nodes match than spec.nodes.minimum, or none          none, without a time limit
 * more nodes leave than stay, of those that serve a revision  none, without a time limit
 * more nodes leave than stay, of those that hold a revision   none, without a time limit
 * otherwise                                                   a tenth, rounded up, a minute
 * </pre>
 *
 * <p>Nodes of which nothing was heard since operator and tracker started, such as one that is
 * NotReady, count among those that leave if they do not match, as many as are still missing of
 * those that held the release when this process started ({@link EarlierHolders}).
 *
 * <p>A node on which a pod uses the release is never told. Nodes that the release moves to count as
 * staying once they serve it: a pool is left when one at least as large has taken over. All of it
 * follows from what nodes report, so a restarted operator comes to the same answer; only the minute
 * begins again.
 *
 * @param leaving all that hold something and do not match
 * @param told those of them that are told to remove it
 * @param hold why nothing is removed; null when it is not held
 * @param recheckAt when the next ones may be told; null when none waits for that
 */
public record RemovalPlan(
    List<SelectedNode> leaving, Set<String> told, @Nullable Hold hold, @Nullable Uptime recheckAt) {
  public static final RemovalPlan NONE = new RemovalPlan(List.of(), Set.of(), null, null);

  private static final int NAMED = 5;

  /**
   * @param reason of the condition
   * @param message how many nodes it is about, and what to do
   */
  public record Hold(String reason, String message) {}

  /**
   * @param inForce what nodes are told now
   * @param used the nodes on which pods use the release; asked only when it matters
   */
  public static RemovalPlan of(
      SwarmRelease release,
      NodeSelection selection,
      List<Grant> inForce,
      Uptime now,
      Supplier<Set<String>> used,
      RemovalRate rate) {
    List<SelectedNode> leaving = selection.leaving();
    int presumed = selection.presumed();
    if (leaving.isEmpty() && presumed == 0) {
      return NONE;
    }
    Set<String> before = toldBefore(selection, inForce);
    if (!selection.isHeard()) {
      return new RemovalPlan(leaving, before, null, null);
    }
    Hold hold = hold(release, selection, presumed);
    if (hold != null) {
      return new RemovalPlan(leaving, Set.of(), hold, null);
    }
    Set<String> inUse = used.get();
    List<SelectedNode> free = leaving.stream().filter(m -> !inUse.contains(m.node())).toList();
    int holders = leaving.size() + count(selection.staying(), SelectedNode::holdsAnything);
    Set<String> told =
        byTurn(free)
            .map(SelectedNode::node)
            .filter(node -> before.contains(node) || rate.admits(node, holders, now))
            .collect(Collectors.toCollection(TreeSet::new));
    return new RemovalPlan(
        leaving, told, null, told.size() < free.size() ? rate.roomAt().orElse(null) : null);
  }

  private static Set<String> toldBefore(NodeSelection selection, List<Grant> inForce) {
    Set<String> nodes =
        inForce.stream()
            .filter(grant -> grant.action() == Grant.Action.REMOVE)
            .flatMap(grant -> grant.nodes().stream())
            .collect(Collectors.toCollection(TreeSet::new));
    nodes.retainAll(selection.leaving().stream().map(SelectedNode::node).toList());
    return nodes;
  }

  private static @Nullable Hold hold(SwarmRelease release, NodeSelection selection, int presumed) {
    SafetyOverrides allowed = SafetyOverrides.of(release);
    if (allowed.isAllowed(SafetyOverrides.REMOVAL)) {
      return null;
    }
    Integer minimum = release.getSpec().nodes().minimum();
    if (selection.matching() < (minimum == null ? 1 : minimum)) {
      int leave = selection.leaving().size() + presumed;
      String nodes =
          leave == 1
              ? "1 node that holds the release no longer matches"
              : leave + " nodes that hold the release no longer match";
      String why =
          minimum == null
              ? "%s spec.nodes.selector, and %s".formatted(nodes, noneMatches(selection.excluded()))
              : "%s spec.nodes.selector, and of the %d that spec.nodes.minimum asks for %d match%s"
                  .formatted(nodes, minimum, selection.matching(), more(selection.excluded()));
      return new Hold(
          ConditionReason.BelowMinimum.name(), message(why, presumed, selection, allowed));
    }
    for (var kind : List.of(Kind.SERVE, Kind.HOLD)) {
      int leave = count(selection.leaving(), kind.has) + presumed;
      int stay = count(selection.staying(), kind.has);
      if (leave > stay) {
        String why =
            leave + stay == 1
                ? "the 1 node that %ss the release no longer matches spec.nodes.selector"
                    .formatted(kind.verb)
                : "%d of the %d nodes that %s the release no longer match spec.nodes.selector"
                    .formatted(leave, leave + stay, kind.verb);
        return new Hold(
            ConditionReason.MostNodesLeave.name(), message(why, presumed, selection, allowed));
      }
    }
    return null;
  }

  private static String noneMatches(int excluded) {
    return excluded == 0
        ? "no other node matches"
        : "on the %d that match no Corvid peer is to run".formatted(excluded);
  }

  private static String more(int excluded) {
    return excluded == 0 ? "" : " (no Corvid peer is to run on %d more)".formatted(excluded);
  }

  private static String orTheChart(NodeSelection selection) {
    return selection.excluded() == 0
        ? ""
        : ", or `images.architectures` or `peer` in the chart's values";
  }

  private static String message(
      String why, int presumed, NodeSelection selection, SafetyOverrides allowed) {
    return "%s%s: nothing is removed%s. %s; %s"
        .formatted(
            why,
            presumed == 0
                ? ""
                : " (%d of them by the last status: %s not reported since)"
                    .formatted(presumed, presumed == 1 ? "it has" : "they have"),
            from(selection.leaving().stream().map(SelectedNode::node).toList()),
            selection.leaving().isEmpty()
                ? "What nodes that have not reported hold is known once they report; if one never"
                    + " will, delete its Node"
                : "Correct the selector or the Nodes' labels" + orTheChart(selection),
            allowed.advice("to remove it there", SafetyOverrides.REMOVAL));
  }

  private static String from(List<String> names) {
    return names.isEmpty() ? "" : " from " + NameList.of(names, NAMED);
  }

  private enum Kind {
    SERVE("serve", SelectedNode::servesAnything),
    HOLD("hold", SelectedNode::holdsAnything);

    private final String verb;
    private final Predicate<SelectedNode> has;

    Kind(String verb, Predicate<SelectedNode> has) {
      this.verb = verb;
      this.has = has;
    }
  }

  private static int count(Collection<SelectedNode> nodes, Predicate<SelectedNode> which) {
    return (int) nodes.stream().filter(which).count();
  }

  /** Those that hear it first: the turn of one that is away would be lost. */
  private static Stream<SelectedNode> byTurn(List<SelectedNode> nodes) {
    return nodes.stream()
        .sorted(Comparator.comparing(SelectedNode::reachability).thenComparing(SelectedNode::node));
  }

  public Optional<Uptime> recheck() {
    return Optional.ofNullable(recheckAt);
  }

  public boolean isLeaving(String node) {
    return leaving.stream().anyMatch(selectedNode -> selectedNode.node().equals(node));
  }
}
