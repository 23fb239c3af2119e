package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.release.grant.SharingScopes;
import dev.corvid.operator.release.record.RecordedRevision;
import dev.corvid.operator.release.record.RevisionHistory;
import dev.corvid.operator.release.record.SourceHash;
import dev.corvid.operator.release.rollout.Departures;
import dev.corvid.operator.release.rollout.NodeFailures;
import dev.corvid.operator.release.seeder.Publications;
import dev.corvid.operator.release.status.NodeCounts;
import dev.corvid.operator.release.step.Now;
import dev.corvid.operator.tracker.FleetCache;
import dev.corvid.operator.tracker.ReleaseFleet;
import dev.corvid.wire.config.Roots;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;

/** Puts together what is known of a release, from caches. */
final class ReleaseObserver {
  private final Roots roots;
  private final SharingScopes scopes;
  private final FleetCache fleetCache;
  private final GrantIssuer grantIssuer;
  private final Publications publications;
  private final TrustedStatus statuses;
  private final RevisionRecords records;
  private final Clocks clocks;

  ReleaseObserver(
      Roots roots,
      SharingScopes scopes,
      FleetCache fleetCache,
      GrantIssuer grantIssuer,
      Publications publications,
      TrustedStatus statuses,
      RevisionRecords records,
      Clocks clocks) {
    this.roots = roots;
    this.scopes = scopes;
    this.fleetCache = fleetCache;
    this.grantIssuer = grantIssuer;
    this.publications = publications;
    this.statuses = statuses;
    this.records = records;
    this.clocks = clocks;
  }

  ObservedState observe(
      SwarmRelease release, ReconcileState reconcileState, ReleaseInformers informers) {
    return observe(release, informers.nodes().all(), reconcileState, informers);
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
    Now now = clocks.now(reconcileState);
    String uid = release.getMetadata().getUid();
    ReleaseFleet fleet = fleetCache.of(uid);
    List<Pod> seeders = reconcileState.ownSeeders(informers.seedersOf(release));
    SwarmReleaseStatus status = statuses.of(release, reconcileState);
    List<RecordedRevision> known =
        records.of(release, informers.recordsOf(release), reconcileState);
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
        sourceHash,
        reconcileState
            .steps()
            .get("get its namespace", null, () -> scopes.of(release).orElse(null)),
        roots.find(release.getSpec().root()).orElse(null),
        nodes.isEmpty()
            ? selection
            : reconcileState.earlierHolders().awaitedIn(selection, recordedHolders(status, known)),
        fleet,
        grantIssuer.inForce(uid),
        status,
        known,
        reconcileState.failures().orElseGet(() -> recorded(status, known)),
        publications.of(release, sourceHash, fleet, seeders).orElse(null),
        seeders,
        informers.volumeOf(release),
        informers.claimOf(release),
        Departures.NONE,
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
