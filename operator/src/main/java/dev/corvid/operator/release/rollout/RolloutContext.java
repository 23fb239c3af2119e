package dev.corvid.operator.release.rollout;

import dev.corvid.api.v1alpha1.Rollout;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.WaveStatus;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.release.step.ReconcileTime;
import dev.corvid.wire.grant.Content;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that a roll-out is decided from.
 *
 * @param policy the spec's
 * @param target the revision that the nodes are to have
 * @param annotations what a person decided beside the spec
 * @param before what the status shows of this roll-out
 */
public record RolloutContext(
    Rollout policy,
    Target target,
    Nodes nodes,
    Annotations annotations,
    Before before,
    ReconcileTime now) {

  /**
   * @param content of the revision
   * @param baseline whether it was active everywhere before, and no other one was since: nodes that
   *     left it come back at once, without waves
   * @param superseded whether the spec asks for another one already, whose content is not known yet
   */
  public record Target(Content content, boolean baseline, boolean superseded) {}

  /**
   * @param told those whose grant in force tells them to activate the target
   * @param failures those that failed to get it, and have not got it since
   */
  public record Nodes(NodeSelection selection, Set<String> told, NodeFailures failures) {}

  /**
   * @param wave null for none
   * @param edited whether the spec was edited since
   */
  public record Before(@Nullable WaveStatus wave, boolean edited) {}

  Optional<WaveStatus> wave() {
    return Optional.ofNullable(before.wave());
  }

  Approval approval() {
    return new Approval(policy, annotations, target.content().manifestDigest(), target.baseline());
  }

  boolean holds(SelectedNode node) {
    return node.holds(target.content().manifestDigest());
  }

  boolean serves(SelectedNode node) {
    return node.serves(target.content().manifestDigest());
  }

  boolean servesAnother(SelectedNode node) {
    return node.servesAnything() && !serves(node);
  }

  boolean failed(SelectedNode node) {
    return nodes.failures().nodes().contains(node.node());
  }

  boolean isTold(SelectedNode node) {
    return nodes.told().contains(node.node());
  }

  /** Whether a node has nothing more to do for this roll-out, for now. */
  boolean isDone(SelectedNode node) {
    return serves(node) || failed(node);
  }

  boolean anyServes() {
    return nodes.selection().desired().stream().anyMatch(this::serves);
  }

  boolean anyServesAnother() {
    return nodes.selection().desired().stream().anyMatch(this::servesAnother);
  }

  public boolean tooManyFailed() {
    return nodes.failures().count() > policy.failuresAllowed(nodes.selection().matching());
  }

  /** Whether every node whose word counts holds the target, or failed to get it. */
  boolean isPlaced() {
    return nodes.selection().isSettled()
        && !nodes.selection().reachable().isEmpty()
        && nodes.selection().reachable().stream().allMatch(node -> holds(node) || failed(node));
  }
}
