package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.release.grant.SharingScope;
import dev.corvid.operator.release.record.RecordedRevision;
import dev.corvid.operator.release.rollout.NodeFailures;
import dev.corvid.operator.release.rollout.RemovalPlan;
import dev.corvid.operator.release.step.ReconcileTime;
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
import org.jspecify.annotations.Nullable;

/** What is, at one moment, without judgement. */
record ObservedState(
    SwarmRelease release,
    Location location,
    ObservedSource source,
    ObservedNodes nodes,
    Recorded recorded,
    Mount mount,
    ReconcileTime now) {

  /**
   * Where nodes place it.
   *
   * @param scope with whom the release shares; null while its namespace is not known
   * @param root null when the admin opened none of that name
   */
  record Location(@Nullable SharingScope scope, Roots.@Nullable Root root) {}

  /**
   * What is known of the source that the spec names now.
   *
   * @param hash of all in the spec that decides its content
   * @param publication proven, and of this source; null when there is none
   * @param seeders the pods that the operator made for the release, whatever their state
   */
  record ObservedSource(String hash, @Nullable Publication publication, List<Pod> seeders) {}

  /**
   * What is known of nodes.
   *
   * @param selection of those that leave it has only those that are told
   * @param fleet what they reported
   * @param inForce what they are told now
   * @param removalPlan of the nodes that no longer match
   */
  record ObservedNodes(
      NodeSelection selection, ReleaseFleet fleet, List<Grant> inForce, RemovalPlan removalPlan) {
    private ObservedNodes withRemovalPlan(RemovalPlan next) {
      return new ObservedNodes(selection.removing(next.told()), fleet, inForce, next);
    }
  }

  /**
   * What is known from before.
   *
   * @param status the one that is believed
   * @param records of its revisions, the operator's own
   * @param failures of the revision that was wanted last
   */
  record Recorded(
      SwarmReleaseStatus status, List<RecordedRevision> records, NodeFailures failures) {}

  /**
   * By what pods mount it.
   *
   * @param volume null when there is none, as with the claim
   */
  record Mount(@Nullable PersistentVolume volume, @Nullable PersistentVolumeClaim claim) {
    static final Mount NONE = new Mount(null, null);

    Optional<PersistentVolumeClaim> claimed() {
      return Optional.ofNullable(claim);
    }
  }

  String uid() {
    return release.getMetadata().getUid();
  }

  /** With a removal from those nodes only that are told. */
  ObservedState withRemovalPlan(RemovalPlan next) {
    return new ObservedState(
        release, location, source, nodes.withRemovalPlan(next), recorded, mount, now);
  }

  /** Nodes that are told to activate that content. */
  Set<String> told(Content target) {
    return nodes.inForce().stream()
        .filter(grant -> grant.action() == Grant.Action.ACTIVATE)
        .filter(grant -> target.equals(grant.content()))
        .flatMap(grant -> grant.nodes().stream())
        .collect(Collectors.toSet());
  }

  /** Whether nodes keep what they have although they no longer match, as far as is known. */
  boolean holdsBack() {
    return nodes.removalPlan().hold() != null || !nodes.selection().isHeard();
  }

  /** Whether that node may be one of them. */
  boolean holdsBack(String node) {
    return !nodes.selection().isHeard()
        || nodes.selection().silent().unknown().contains(node)
        || (nodes.removalPlan().hold() != null && nodes.removalPlan().isLeaving(node));
  }
}
