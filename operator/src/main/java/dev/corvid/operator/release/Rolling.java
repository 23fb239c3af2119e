package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.Rollout;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.WaveStatus;
import dev.corvid.operator.fleet.Census;
import dev.corvid.operator.fleet.Member;
import dev.corvid.wire.Content;
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
 */
record Rolling(
    Rollout policy,
    Content target,
    boolean baseline,
    boolean superseded,
    Census census,
    Set<String> told,
    Failures failures,
    Annotations annotations,
    WaveStatus known,
    Now now) {

  Optional<WaveStatus> wave() {
    return Optional.ofNullable(known);
  }

  Approval approval() {
    return new Approval(policy, annotations, target.manifestDigest(), baseline);
  }

  boolean holds(Member member) {
    return member.holds(target.manifestDigest());
  }

  boolean serves(Member member) {
    return member.serves(target.manifestDigest());
  }

  boolean servesAnother(Member member) {
    return member.servesAnything() && !serves(member);
  }

  boolean failed(Member member) {
    return failures.nodes().contains(member.node());
  }

  boolean isTold(Member member) {
    return told.contains(member.node());
  }

  /** Whether a node has nothing more to do for this roll-out, for now. */
  boolean isDone(Member member) {
    return serves(member) || failed(member);
  }

  boolean anyServes() {
    return census.desired().stream().anyMatch(this::serves);
  }

  boolean anyServesAnother() {
    return census.desired().stream().anyMatch(this::servesAnother);
  }

  boolean tooManyFailed() {
    return failures.count() > policy.failuresAllowed(census.matching());
  }

  /** Whether every node whose word counts holds the target, or failed to get it. */
  boolean isPlaced() {
    return census.isSettled()
        && !census.reachable().isEmpty()
        && census.reachable().stream().allMatch(member -> holds(member) || failed(member));
  }
}
