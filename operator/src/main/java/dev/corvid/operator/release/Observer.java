package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.tracker.FleetCache;
import dev.corvid.operator.tracker.ReleaseFleet;
import dev.corvid.wire.Roots;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;

/** Puts together what is known of a release, from caches. */
final class Observer {
  private final Roots roots;
  private final Scopes scopes;
  private final FleetCache fleetCache;
  private final Granting granting;
  private final Publications publications;
  private final TrustedStatus statuses;
  private final RevisionRecords records;
  private final Clocks clocks;

  Observer(
      Roots roots,
      Scopes scopes,
      FleetCache fleetCache,
      Granting granting,
      Publications publications,
      TrustedStatus statuses,
      RevisionRecords records,
      Clocks clocks) {
    this.roots = roots;
    this.scopes = scopes;
    this.fleetCache = fleetCache;
    this.granting = granting;
    this.publications = publications;
    this.statuses = statuses;
    this.records = records;
    this.clocks = clocks;
  }

  Observed observe(SwarmRelease release, Track track, Cluster cluster) {
    return observe(release, cluster.nodes().all(), track, cluster);
  }

  /** What is known of a release that is not served: no node is looked at unless it holds it. */
  Observed setAside(SwarmRelease release, Track track, Cluster cluster) {
    boolean placed = !fleetCache.of(release.getMetadata().getUid()).nodes().isEmpty();
    return observe(release, placed ? cluster.nodes().all() : List.of(), track, cluster);
  }

  private Observed observe(SwarmRelease release, List<Node> nodes, Track track, Cluster cluster) {
    Now now = clocks.now(track);
    String uid = release.getMetadata().getUid();
    ReleaseFleet fleet = fleetCache.of(uid);
    List<Pod> seeders = track.ownSeeders(cluster.seedersOf(release));
    SwarmReleaseStatus status = statuses.of(release, track);
    List<RevisionRecord> known = records.of(release, cluster.recordsOf(release), track);
    String sourceHash = SourceHash.of(release.getSpec(), History.of(known, status));
    NodeSelection selection =
        NodeSelection.take(
            release.getSpec().nodes().selector(),
            cluster.nodes().placement(),
            nodes,
            nodes.isEmpty() ? Map.of() : cluster.nodes().peersSince(),
            fleetCache,
            fleet,
            now.uptime());
    return new Observed(
        release,
        sourceHash,
        track.steps().get("get its namespace", null, () -> scopes.of(release).orElse(null)),
        roots.find(release.getSpec().root()).orElse(null),
        nodes.isEmpty()
            ? selection
            : track.earlierHolders().awaitedIn(selection, recordedHolders(status, known)),
        fleet,
        granting.inForce(uid),
        status,
        known,
        track.failures().orElseGet(() -> recorded(status, known)),
        publications.of(release, sourceHash, fleet, seeders).orElse(null),
        seeders,
        cluster.volumeOf(release),
        cluster.claimOf(release),
        Departures.NONE,
        now);
  }

  /** Where no status says it, any node that has not reported may hold what is recorded. */
  static int recordedHolders(SwarmReleaseStatus status, List<RevisionRecord> records) {
    return Tally.held(status).orElse(records.isEmpty() ? 0 : Integer.MAX_VALUE);
  }

  private static Failures recorded(SwarmReleaseStatus status, List<RevisionRecord> records) {
    return History.of(records, status)
        .latest()
        .map(latest -> Failures.recorded(status, latest.digest()))
        .orElse(Failures.NONE);
  }
}
