package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.Source;
import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.fleet.Census;
import dev.corvid.operator.tracker.FleetView;
import dev.corvid.operator.tracker.ReleaseFleet;
import dev.corvid.operator.trust.TrustAnchor;
import dev.corvid.wire.Publication;
import dev.corvid.wire.Roots;
import dev.corvid.wire.SeederReport;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Logger;

/** Puts together what is known of a release, from caches: it asks nobody. */
final class Observer {
  private static final Logger log = Logger.getLogger(Observer.class.getName());

  private final Roots roots;
  private final FleetView view;
  private final Granting granting;
  private final TrustAnchor trust;
  private final Clock clock;
  private final LongAdder forged = new LongAdder();
  private volatile String lastForged;

  Observer(Roots roots, FleetView view, Granting granting, TrustAnchor trust, Clock clock) {
    this.roots = roots;
    this.view = view;
    this.granting = granting;
    this.trust = trust;
    this.clock = clock;
  }

  Observed observe(SwarmRelease release, Track track, Cluster cluster) {
    Instant now = clock.instant();
    String uid = release.getMetadata().getUid();
    String sourceHash = SourceHash.of(release.getSpec().source());
    ReleaseFleet fleet = view.of(uid);
    return new Observed(
        release,
        sourceHash,
        roots.find(release.getSpec().root()).orElse(null),
        Census.take(
            release.getSpec().nodes().selector(),
            cluster.nodes(),
            cluster.peers(),
            view,
            fleet,
            now),
        fleet,
        granting.inForce(uid),
        track.failures().orElseGet(() -> recorded(release)),
        publication(release, sourceHash, fleet).orElse(null),
        track.ownSeeders(cluster.seedersOf(release)),
        cluster.volumeOf(release),
        cluster.claimOf(release),
        now);
  }

  private static Failures recorded(SwarmRelease release) {
    SwarmReleaseStatus status = release.getStatus();
    return status == null
        ? Failures.NONE
        : History.of(status)
            .latest()
            .map(latest -> Failures.recorded(status, latest.digest()))
            .orElse(Failures.NONE);
  }

  /** Who relays a publication cannot make one: it must be proven with the key in the pod's spec. */
  private Optional<Publication> publication(
      SwarmRelease release, String sourceHash, ReleaseFleet fleet) {
    String uid = release.getMetadata().getUid();
    Source source = release.getSpec().source();
    return fleet
        .seeder()
        .map(SeederReport::publication)
        .filter(p -> uid.equals(p.releaseUid()) && sourceHash.equals(p.sourceHash()))
        .filter(p -> source.digest() == null || source.digest().equals(p.sourceDigest()))
        .filter(p -> isProven(p, uid, sourceHash));
  }

  /** Seen at every look at the release, and counted once. */
  private boolean isProven(Publication publication, String uid, String sourceHash) {
    if (publication.isProvenBy(trust.key().publicationKey(uid, sourceHash))) {
      return true;
    }
    if (!publication.hmac().equals(lastForged)) {
      lastForged = publication.hmac();
      forged.increment();
      log.warning(() -> "refused a publication for the release " + uid + ": its proof is wrong");
    }
    return false;
  }

  /** Publications that were refused because their proof is wrong. */
  long forgedPublications() {
    return forged.sum();
  }
}
