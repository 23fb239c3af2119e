package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.release.ObservedState.Mount;
import dev.corvid.operator.release.ObservedState.ObservedNodes;
import dev.corvid.operator.release.ObservedState.ObservedSource;
import dev.corvid.operator.release.ObservedState.Recorded;
import dev.corvid.operator.release.record.RecordedRevision;
import dev.corvid.operator.release.record.RevisionHistory;
import dev.corvid.operator.release.record.SourceHash;
import dev.corvid.operator.release.rollout.NodeFailures;
import dev.corvid.operator.release.rollout.RemovalPlan;
import dev.corvid.operator.release.seeder.PublicationVerifier;
import dev.corvid.operator.release.state.ReconcileState;
import dev.corvid.operator.release.status.NodeCounts;
import dev.corvid.operator.release.step.ReconcileSteps;
import dev.corvid.operator.release.step.ReconcileTime;
import dev.corvid.operator.release.volume.ClaimNodes;
import dev.corvid.operator.release.watch.ReleaseInformers;
import dev.corvid.operator.tracker.FleetCache;
import dev.corvid.operator.tracker.ReleaseFleet;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Puts together what is known of a release. It reads caches and memory; what no cache has is asked
 * for by {@link Locations} and, while nodes are to remove the release, by {@link ClaimNodes}.
 */
final class ReleaseObserver {
  private final Locations locations;
  private final ClaimNodes claimNodes;
  private final FleetCache fleetCache;
  private final GrantIssuer grantIssuer;
  private final PublicationVerifier verifier;
  private final TrustedStatus statuses;
  private final RevisionRecorder recorder;

  ReleaseObserver(
      Locations locations,
      ClaimNodes claimNodes,
      FleetCache fleetCache,
      GrantIssuer grantIssuer,
      PublicationVerifier verifier,
      TrustedStatus statuses,
      RevisionRecorder recorder) {
    this.locations = locations;
    this.claimNodes = claimNodes;
    this.fleetCache = fleetCache;
    this.grantIssuer = grantIssuer;
    this.verifier = verifier;
    this.statuses = statuses;
    this.recorder = recorder;
  }

  ObservedState observe(
      SwarmRelease release, ReconcileState reconcileState, ReleaseInformers informers) {
    ObservedState all = observe(release, informers.nodes().all(), reconcileState, informers);
    return all.withRemovalPlan(
        RemovalPlan.of(
            release,
            all.nodes().selection(),
            all.nodes().inForce(),
            all.now().uptime(),
            () -> usedOnLeaving(all, reconcileState.steps()),
            reconcileState.removalRate()));
  }

  /** The nodes that no longer match, and on which pods still use the release: it stays there. */
  private Set<String> usedOnLeaving(ObservedState seen, ReconcileSteps steps) {
    if (seen.nodes().selection().leaving().isEmpty()) {
      return Set.of();
    }
    // As long as it is not known which nodes are used, all of them may be.
    return steps.get(
        "list the pods that use its claim",
        leaving(seen),
        () -> claimNodes.of(seen.release(), seen.now().uptime()));
  }

  private static Set<String> leaving(ObservedState seen) {
    return seen.nodes().selection().leaving().stream()
        .map(SelectedNode::node)
        .collect(Collectors.toSet());
  }

  /** What is known of a release that is not served: no node is looked at unless it holds it. */
  ObservedState setAside(
      SwarmRelease release, ReconcileState reconcileState, ReleaseInformers informers) {
    boolean placed = !fleetCache.of(release.getMetadata().getUid()).nodes().isEmpty();
    return observe(
        release, placed ? informers.nodes().all() : List.of(), reconcileState, informers);
  }

  private ObservedState observe(
      SwarmRelease release,
      List<Node> nodes,
      ReconcileState reconcileState,
      ReleaseInformers informers) {
    ReconcileTime now = reconcileState.now();
    String uid = release.getMetadata().getUid();
    ReleaseFleet fleet = fleetCache.of(uid);
    List<Pod> seeders = reconcileState.seeder().own(informers.seedersOf(release));
    SwarmReleaseStatus status = statuses.of(release, reconcileState);
    List<RecordedRevision> known =
        recorder.of(release, informers.recordsOf(release), reconcileState);
    String sourceHash = SourceHash.of(release.getSpec(), RevisionHistory.of(known, status));
    NodeSelection selection =
        NodeSelection.take(
            release.getSpec().nodes().selector(),
            informers.nodes().placement(),
            nodes,
            nodes.isEmpty() ? Map.of() : informers.nodes().peersSince(),
            fleetCache,
            fleet,
            now.uptime());
    return new ObservedState(
        release,
        locations.of(release, reconcileState.steps()),
        new ObservedSource(
            sourceHash, verifier.of(release, sourceHash, fleet, seeders).orElse(null), seeders),
        new ObservedNodes(
            nodes.isEmpty()
                ? selection
                : reconcileState
                    .earlierHolders()
                    .awaitedIn(selection, recordedHolders(status, known)),
            fleet,
            grantIssuer.inForce(uid),
            RemovalPlan.NONE),
        new Recorded(
            status, known, reconcileState.failures().orElseGet(() -> recorded(status, known))),
        new Mount(informers.volumeOf(release), informers.claimOf(release)),
        now);
  }

  /** Where no status says it, any node that has not reported may hold what is recorded. */
  static int recordedHolders(SwarmReleaseStatus status, List<RecordedRevision> records) {
    return NodeCounts.held(status).orElse(records.isEmpty() ? 0 : Integer.MAX_VALUE);
  }

  private static NodeFailures recorded(SwarmReleaseStatus status, List<RecordedRevision> records) {
    return RevisionHistory.of(records, status)
        .latest()
        .map(latest -> NodeFailures.recorded(status, latest.digest()))
        .orElse(NodeFailures.NONE);
  }
}
