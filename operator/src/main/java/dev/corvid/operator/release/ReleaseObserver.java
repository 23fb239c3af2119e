package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.release.ObservedState.Location;
import dev.corvid.operator.release.ObservedState.Mount;
import dev.corvid.operator.release.ObservedState.ObservedNodes;
import dev.corvid.operator.release.ObservedState.ObservedSource;
import dev.corvid.operator.release.ObservedState.Recorded;
import dev.corvid.operator.release.grant.SharingScope;
import dev.corvid.operator.release.grant.SharingScopes;
import dev.corvid.operator.release.record.RecordedRevision;
import dev.corvid.operator.release.record.RevisionHistory;
import dev.corvid.operator.release.record.SourceHash;
import dev.corvid.operator.release.rollout.NodeFailures;
import dev.corvid.operator.release.rollout.RemovalPlan;
import dev.corvid.operator.release.seeder.PublicationVerifier;
import dev.corvid.operator.release.state.ReconcileState;
import dev.corvid.operator.release.status.NodeCounts;
import dev.corvid.operator.release.step.ReconcileTime;
import dev.corvid.operator.release.volume.ClaimPods;
import dev.corvid.operator.release.watch.ReleaseInformers;
import dev.corvid.operator.tracker.FleetCache;
import dev.corvid.operator.tracker.ReleaseFleet;
import dev.corvid.wire.config.Roots;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Puts together what is known of a release: from caches, and from the API server only its namespace
 * if that is not known yet, and which pods use it on nodes that are to remove it.
 */
final class ReleaseObserver {
  private final Roots roots;
  private final SharingScopes scopes;
  private final FleetCache fleetCache;
  private final GrantIssuer grantIssuer;
  private final PublicationVerifier verifier;
  private final TrustedStatus statuses;
  private final RevisionRecorder recorder;

  ReleaseObserver(
      Roots roots,
      SharingScopes scopes,
      FleetCache fleetCache,
      GrantIssuer grantIssuer,
      PublicationVerifier verifier,
      TrustedStatus statuses,
      RevisionRecorder recorder) {
    this.roots = roots;
    this.scopes = scopes;
    this.fleetCache = fleetCache;
    this.grantIssuer = grantIssuer;
    this.verifier = verifier;
    this.statuses = statuses;
    this.recorder = recorder;
  }

  ObservedState observe(
      SwarmRelease release,
      ReconcileState reconcileState,
      ReleaseInformers informers,
      Context<SwarmRelease> context) {
    ObservedState all = observe(release, informers.nodes().all(), reconcileState, informers);
    return all.withRemovalPlan(removalPlan(all, reconcileState, context));
  }

  private static RemovalPlan removalPlan(
      ObservedState seen, ReconcileState reconcileState, Context<SwarmRelease> context) {
    return RemovalPlan.of(
        seen.release(),
        seen.nodes().selection(),
        seen.nodes().inForce(),
        seen.now().uptime(),
        () -> usedOnLeaving(seen, reconcileState, context),
        reconcileState.removalRate());
  }

  /** The nodes that no longer match, and on which pods still use the release: it stays there. */
  private static Set<String> usedOnLeaving(
      ObservedState seen, ReconcileState reconcileState, Context<SwarmRelease> context) {
    if (seen.nodes().selection().leaving().isEmpty()) {
      return Set.of();
    }
    // As long as it is not known which nodes are used, all of them may be.
    return reconcileState
        .steps()
        .get(
            "list the pods that use its claim",
            leaving(seen),
            () -> {
              if (reconcileState.volume().mayAskForUsers(seen.now().uptime())) {
                reconcileState
                    .volume()
                    .usedOn(
                        ClaimPods.list(seen.release(), context.getClient()).nodes(),
                        seen.now().uptime());
              }
              return reconcileState.volume().usedOn();
            });
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
    SharingScope scope =
        reconcileState
            .steps()
            .get("get its namespace", null, () -> scopes.of(release).orElse(null));
    return new ObservedState(
        release,
        new Location(scope, roots.find(release.getSpec().root()).orElse(null)),
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
