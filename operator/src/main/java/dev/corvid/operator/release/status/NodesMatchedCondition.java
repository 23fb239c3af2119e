package dev.corvid.operator.release.status;

import dev.corvid.api.v1alpha1.ConditionReason;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.wire.Reason;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether as many nodes match as a release asks for.
 *
 * <pre>
 * spec.nodes.minimum  nodes that match                 Ready                               NodesMatched
 * unset               none, and it was never active    False/NoNodesMatched (Reconciling)  False
 * unset               none, and it was active          True/Succeeded                      False
 * unset               some, and none is to run a peer  False/PeerMissing (Reconciling)     False
 * 0                   none                             True/Succeeded                      False
 * n                   none                             False/NoNodesMatched (Stalled)      False
 * n                   some, and fewer than n           False/TooFewNodes (Stalled)         False
 * any                 as many, and at least one        as the nodes are                    True
 * </pre>
 *
 * <p>A pool that is scaled to zero must not fail a rollout, and a release whose selector has a typo
 * must not be Ready at its first apply. Where nodes match, but the chart lets no peer run on them,
 * the reason is PeerMissing: that is no pool that was scaled to zero.
 */
final class NodesMatchedCondition {
  private static final String LEFT_OUT =
      "no Corvid peer runs there: `images.architectures` or `peer` in the chart's values leaves"
          + " them out";

  private final StatusInput input;
  private final int matching;
  private final int excluded;
  private final @Nullable Integer minimum;

  private NodesMatchedCondition(StatusInput input) {
    this.input = input;
    this.matching = input.nodes().selection().matching();
    this.excluded = input.nodes().selection().excluded();
    this.minimum = input.spec().nodes().minimum();
  }

  /** What Ready says of too few nodes; empty where there are enough. */
  static Optional<ReadyCondition> tooFew(StatusInput input) {
    return new NodesMatchedCondition(input).readyCondition();
  }

  /** Whether the release needs no more nodes than match. */
  static boolean isEnough(StatusInput input) {
    return !input.obstacles().refused() && tooFew(input).isEmpty();
  }

  /** What Ready says of no node where none is needed. */
  static String none(StatusInput input) {
    var none = new NodesMatchedCondition(input);
    return none.none()
        + (none.minimum == null
            ? "; nodes that come to match get the release"
            : ", and spec.nodes.minimum allows it");
  }

  /** That no node counts, and why. */
  static Problem noNode(StatusInput input) {
    var none = new NodesMatchedCondition(input);
    return new Problem(none.reason(), none.none());
  }

  static void addTo(Conditions conditions, StatusInput input) {
    new NodesMatchedCondition(input).condition(conditions);
  }

  private Optional<ReadyCondition> readyCondition() {
    if (minimum != null) {
      return matching < minimum
          ? Optional.of(readyCondition(few() + CurrentRevisionSuffix.suffix(input), true))
          : Optional.empty();
    }
    if (matching > 0 || excluded == 0 && input.wasActive()) {
      return Optional.empty();
    }
    String advice =
        excluded == 0
            ? ": label nodes, or correct the selector"
            : "; correct these values, or the selector";
    return Optional.of(
        readyCondition(none() + advice + CurrentRevisionSuffix.suffix(input), false));
  }

  private ReadyCondition readyCondition(String message, boolean stalled) {
    return new ReadyCondition("False", reason(), message, !stalled, stalled);
  }

  private void condition(Conditions conditions) {
    int wanted = minimum == null ? 1 : Math.max(1, minimum);
    if (input.obstacles().refused()) {
      conditions.carry(Conditions.NODES_MATCHED); // of such a release the nodes are not looked at
    } else if (matching >= wanted) {
      conditions.add(
          Conditions.NODES_MATCHED,
          "True",
          ConditionReason.NodesMatched.name(),
          minimum == null || minimum < 2
              ? "at least one node matches spec.nodes.selector"
              : "as many nodes match spec.nodes.selector as spec.nodes.minimum asks for");
    } else {
      String message = minimum == null || minimum == 0 ? none() : few();
      conditions.add(Conditions.NODES_MATCHED, "False", reason().name(), message);
    }
  }

  private Reason reason() {
    if (excluded > 0) {
      return Reason.PeerMissing;
    }
    return matching == 0 ? Reason.NoNodesMatched : Reason.TooFewNodes;
  }

  private String none() {
    return excluded == 0
        ? "no node matches spec.nodes.selector"
        : "%s spec.nodes.selector, but %s".formatted(match(excluded), LEFT_OUT);
  }

  private String few() {
    return excluded == 0
        ? "%s spec.nodes.selector, spec.nodes.minimum is %d".formatted(match(matching), minimum)
        : "of the nodes that match spec.nodes.selector %d %s to run a Corvid peer, spec.nodes.minimum is %d; %d more %s, but %s"
            .formatted(
                matching,
                matching == 1 ? "is" : "are",
                minimum,
                excluded,
                excluded == 1 ? "matches" : "match",
                LEFT_OUT);
  }

  /** How many nodes match, as the beginning of a sentence. */
  static String match(int nodes) {
    return nodes == 1 ? "1 node matches" : nodes + " nodes match";
  }
}
