package dev.corvid.operator.release.rollout;

import dev.corvid.api.v1alpha1.Rollout;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.WaveStatus;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.release.step.Now;
import dev.corvid.wire.grant.Content;
import java.util.Optional;
import java.util.Set;

/**
 * All that a roll-out is decided from.
 *
 * @param target the revision that the nodes are to have
 * @param baseline whether it was active everywhere before, and no other one was since: nodes that
 *     left it come back at once, without waves
 * @param superseded whether the spec asks for another one already, whose content is not known yet
 * @param told nodes whose grant in force tells them to activate the target
 * @param failures nodes that failed to get it, and have not got it since
 * @param annotations what a person decided beside the spec
 * @param known the wave that the status shows of this roll-out; null for none
 * @param edited whether the spec was edited since that status
 */
public record RolloutContext(
    Rollout policy,
    Content target,
    boolean baseline,
    boolean superseded,
    NodeSelection selection,
    Set<String> told,
    NodeFailures failures,
    Annotations annotations,
    WaveStatus known,
    boolean edited,
    Now now) {

  Optional<WaveStatus> wave() {
    return Optional.ofNullable(known);
  }

  Approval approval() {
    return new Approval(policy, annotations, target.manifestDigest(), baseline);
  }

  boolean holds(SelectedNode node) {
    return node.holds(target.manifestDigest());
  }

  boolean serves(SelectedNode node) {
    return node.serves(target.manifestDigest());
  }

  boolean servesAnother(SelectedNode node) {
    return node.servesAnything() && !serves(node);
  }

  boolean failed(SelectedNode node) {
    return failures.nodes().contains(node.node());
  }

  boolean isTold(SelectedNode node) {
    return told.contains(node.node());
  }

  /** Whether a node has nothing more to do for this roll-out, for now. */
  boolean isDone(SelectedNode node) {
    return serves(node) || failed(node);
  }

  boolean anyServes() {
    return selection.desired().stream().anyMatch(this::serves);
  }

  boolean anyServesAnother() {
    return selection.desired().stream().anyMatch(this::servesAnother);
  }

  public boolean tooManyFailed() {
    return failures.count() > policy.failuresAllowed(selection.matching());
  }

  /** Whether every node whose word counts holds the target, or failed to get it. */
  boolean isPlaced() {
    return selection.isSettled()
        && !selection.reachable().isEmpty()
        && selection.reachable().stream().allMatch(node -> holds(node) || failed(node));
  }
}
