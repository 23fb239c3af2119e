package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.release.grant.SharingScope;
import dev.corvid.operator.release.record.RecordedRevision;
import dev.corvid.operator.release.rollout.Departures;
import dev.corvid.operator.release.rollout.NodeFailures;
import dev.corvid.operator.release.step.Now;
import dev.corvid.operator.tracker.ReleaseFleet;
import dev.corvid.wire.config.Roots;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.seeder.Publication;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is, at one moment, without judgement.
 *
 * @param scope with whom the release shares; null while its namespace is not known
 * @param root null when the admin opened none of that name
 * @param inForce what nodes are told now
 * @param status the one that is believed; never null
 * @param records of its revisions, the operator's own
 * @param failures of the revision that was wanted last
 * @param publication proven, and of the source that the spec names now; null when there is none
 * @param seeders the pods that the operator made for the release, whatever their state
 * @param volume null when there is none, as with the claim
 * @param departures of the nodes that no longer match; the selection has only those that are told
 */
record ObservedState(
    SwarmRelease release,
    String sourceHash,
    SharingScope scope,
    Roots.Root root,
    NodeSelection selection,
    ReleaseFleet fleet,
    List<Grant> inForce,
    SwarmReleaseStatus status,
    List<RecordedRevision> records,
    NodeFailures failures,
    Publication publication,
    List<Pod> seeders,
    PersistentVolume volume,
    PersistentVolumeClaim claim,
    Departures departures,
    Now now) {

  String uid() {
    return release.getMetadata().getUid();
  }

  /** With a removal from those nodes only that are told. */
  ObservedState departing(Departures next) {
    return new ObservedState(
        release,
        sourceHash,
        scope,
        root,
        selection.removing(next.told()),
        fleet,
        inForce,
        status,
        records,
        failures,
        publication,
        seeders,
        volume,
        claim,
        next,
        now);
  }

  /** Nodes that are told to activate that content. */
  Set<String> told(Content target) {
    return inForce.stream()
        .filter(grant -> grant.action() == Grant.Action.ACTIVATE)
        .filter(grant -> grant.content().equals(target))
        .flatMap(grant -> grant.nodes().stream())
        .collect(Collectors.toSet());
  }

  /** Whether nodes keep what they have although they no longer match, as far as is known. */
  boolean holdsBack() {
    return departures.hold() != null || !selection.isHeard();
  }

  /** Whether that node may be one of them. */
  boolean holdsBack(String node) {
    return !selection.isHeard()
        || selection.unknown().contains(node)
        || (departures.hold() != null && departures.isLeaving(node));
  }

  Optional<PersistentVolumeClaim> claimed() {
    return Optional.ofNullable(claim);
  }
}
