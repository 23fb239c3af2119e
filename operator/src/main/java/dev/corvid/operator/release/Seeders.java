package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.seeder.CaBundleConfigMap;
import dev.corvid.operator.seeder.SeederModel;
import dev.corvid.operator.tracker.FleetCache;
import dev.corvid.operator.trust.TrustAnchor;
import dev.corvid.time.Uptime;
import dev.corvid.wire.Reason;
import dev.corvid.wire.SeederReport;
import dev.corvid.wire.SeederTask;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/** Makes and removes seeders' pods, as decided. */
final class Seeders {
  private static final long MUCH = 1L << 60;

  private final SeederModel model;
  private final CaBundleConfigMap caBundle;
  private final TrustAnchor trust;
  private final FleetCache fleetCache;
  private final PodWarnings warnings;
  private final RandomGenerator random;
  private final AtomicBoolean begun = new AtomicBoolean();

  Seeders(
      SeederModel model,
      CaBundleConfigMap caBundle,
      TrustAnchor trust,
      FleetCache fleetCache,
      PodWarnings warnings,
      RandomGenerator random) {
    this.model = model;
    this.caBundle = caBundle;
    this.trust = trust;
    this.fleetCache = fleetCache;
    this.warnings = warnings;
    this.random = random;
  }

  /** The pod that is the release's seeder from now on; empty when there is none. */
  Optional<Pod> apply(
      Observed seen,
      Decision decision,
      Track track,
      Cluster cluster,
      Context<SwarmRelease> context) {
    begin(cluster, seen.now().uptime());
    track.seederIsFor(seen.sourceHash() + SeederModel.fingerprint(seen.release()));
    return decision.seederNeeded()
        ? seed(seen, decision, track, cluster, context)
        : end(seen, decision, track, cluster, context);
  }

  private Optional<Pod> seed(
      Observed seen,
      Decision decision,
      Track track,
      Cluster cluster,
      Context<SwarmRelease> context) {
    if (isBetter(decision, track)) {
      track.seederIsFine();
    }
    if (isSeeding(decision)) {
      track.stopped(null);
    }
    Pod staying = staying(seen, decision, track, cluster);
    Pod silent = decision.seederReport() == null ? staying : null;
    track.slowStart().look(silent, warnings::last, seen.now().uptime());
    deleteOthers(staying, seen, track, cluster, context);
    if (staying != null
        || seen.scope() == null
        || seen.now().uptime().isBefore(track.nextSeederAt())) {
      return Optional.ofNullable(staying);
    }
    return track
        .steps()
        .get(
            "create its seeder's pod",
            Optional.empty(),
            () -> createIfThereIsRoom(seen, decision, track, cluster, context));
  }

  private Optional<Pod> end(
      Observed seen,
      Decision decision,
      Track track,
      Cluster cluster,
      Context<SwarmRelease> context) {
    track.seederIsFine();
    track.stopped(null);
    track.slowStart().look(null, warnings::last, seen.now().uptime());
    track.seederDueAt(cluster.seederPlaces().due(seen.uid()).orElse(Uptime.MIN));
    deleteOthers(null, seen, track, cluster, context);
    cluster.seederPlaces().leave(seen.uid());
    return Optional.empty();
  }

  /**
   * @param staying the one that is not deleted; null for none
   */
  private static void deleteOthers(
      Pod staying, Observed seen, Track track, Cluster cluster, Context<SwarmRelease> context) {
    track
        .steps()
        .run(
            "delete a seeder's pod that is not needed",
            () ->
                cluster.seedersOf(seen.release()).stream()
                    .filter(pod -> staying == null || !isSame(pod, staying))
                    .forEach(pod -> Deletion.delete(pod, context)));
  }

  private Optional<Pod> createIfThereIsRoom(
      Observed seen,
      Decision decision,
      Track track,
      Cluster cluster,
      Context<SwarmRelease> context) {
    Optional<Problem> full =
        cluster.seederPlaces().take(seen.uid(), need(seen.release()), seen.now().uptime());
    if (full.isPresent()) {
      track.seederWaits(after(track.stoppedFor(), full.get()));
      return Optional.empty();
    }
    return cluster
        .seederPlaces()
        .using(seen.uid(), () -> create(seen, decision, track, cluster, context));
  }

  /** The pod that seeds; null when there is none, or its place goes to another release. */
  private Pod staying(Observed seen, Decision decision, Track track, Cluster cluster) {
    SeederPlaces places = cluster.seederPlaces();
    Pod pod = decision.seederPod();
    if (pod != null && fleetCache.lostSince().isPresent()) {
      places.excuse(seen.uid(), seen.now().uptime());
    } else if (pod != null) {
      Problem failure =
          decision.problem() != null ? decision.problem() : track.slowStart().problem();
      Reason why = failure == null ? null : failure.reason();
      Optional<Problem> others =
          places.giveUp(seen.uid(), moved(decision.seederReport()), why, seen.now().uptime());
      if (others.isPresent()) {
        track.stopped(failure);
        track.seederWaits(after(failure, others.get()));
        pod = null;
      }
    }
    track.seederDueAt(places.due(seen.uid()).orElse(Uptime.MIN));
    return pod;
  }

  /** A failure that cost the seeder its place is reported before the wait for another place. */
  private static Problem after(Problem failure, Problem waits) {
    return failure == null
        ? waits
        : new Problem(
            failure.reason(), failure.message() + "; " + waits.message(), failure.passing());
  }

  private static boolean isSeeding(Decision decision) {
    return decision.seederReport() != null
        && decision.seederReport().state() == SeederReport.State.SEEDING;
  }

  /**
   * Whether the seeder has got further than the one that was stopped. Bytes prove that of a source
   * that could not be reached; a source whose content was refused has to be fetched whole first.
   */
  private static boolean isBetter(Decision decision, Track track) {
    Problem before = track.stoppedFor();
    SeederReport report = decision.seederReport();
    if (report == null || before == null || report.state() != SeederReport.State.FETCHING) {
      return report != null;
    }
    return !before.needsSomebody() && report.originBytes() > 0;
  }

  /** What it has fetched and sent, as it says: any number. */
  private static long moved(SeederReport report) {
    return report == null
        ? 0
        : Math.min(report.originBytes(), MUCH) + Math.min(report.uploadedBytes(), MUCH);
  }

  /** Seeders that ran before this process have their places before any other is made. */
  private void begin(Cluster cluster, Uptime now) {
    if (begun.compareAndSet(false, true)) {
      cluster.releases().stream()
          .filter(release -> !cluster.seedersOf(release).isEmpty())
          .forEach(
              release ->
                  cluster
                      .seederPlaces()
                      .hold(
                          release.getMetadata().getUid(),
                          taken(release, cluster.seedersOf(release)),
                          now));
    }
  }

  /** What its pods may use of their nodes, whatever the spec has come to say since. */
  private static PlaceQueue.Need taken(SwarmRelease release, List<Pod> pods) {
    return new PlaceQueue.Need(
        release.getMetadata().getNamespace(),
        pods.stream().mapToLong(SeederModel::scratchBytes).reduce(0, Seeders::sum));
  }

  private static long sum(long one, long other) {
    return Math.min(MUCH, one + other);
  }

  private PlaceQueue.Need need(SwarmRelease release) {
    return new PlaceQueue.Need(release.getMetadata().getNamespace(), model.scratchBytes(release));
  }

  private Optional<Pod> create(
      Observed seen,
      Decision decision,
      Track track,
      Cluster cluster,
      Context<SwarmRelease> context) {
    Pod pod = pod(seen, decision);
    String wanted = "the ConfigMap " + CaBundleConfigMap.NAME + ", which has the chart's caBundle";
    try {
      Optional<String> inTheWay = caBundle.place(pod.getMetadata().getNamespace());
      if (inTheWay.isPresent()) {
        return refused(inTheWay.get(), seen, track, cluster);
      }
      wanted = "the seeder's pod";
      Pod made = context.resourceOperations().create(pod, cluster.seeders());
      track.made(made, seen.seeders());
      track.attemptedSeeder(again(track.stoppedFor()), seen.now().uptime());
      return Optional.of(made);
    } catch (KubernetesClientException e) {
      if (!Refusal.isOfObject(e)) {
        throw e;
      }
      String message = "the cluster refuses %s: %s".formatted(wanted, Refusal.words(e));
      return refused(message, seen, track, cluster);
    }
  }

  private static Problem again(Problem failure) {
    return failure == null
        ? null
        : new Problem(
            failure.reason(),
            failure.message() + "; another seeder tries again",
            failure.passing());
  }

  private static Optional<Pod> refused(String why, Observed seen, Track track, Cluster cluster) {
    cluster.seederPlaces().leave(seen.uid()); // and waits in turn again
    track.attemptedSeeder(new Problem(Reason.SeederRefused, why), seen.now().uptime());
    return Optional.empty();
  }

  /** A replacement must come out with what is recorded; another revision keeps the piece length. */
  private Pod pod(Observed seen, Decision decision) {
    Optional<SeederTask.Pinned> pinned =
        Optional.ofNullable(decision.wanted())
            .map(r -> new SeederTask.Pinned(r.sourceDigest(), r.content()));
    int pieceLength =
        decision.history().latest().map(latest -> latest.content().pieceLength()).orElse(0);
    SeederTask task =
        model
            .task(seen.release(), seen.sourceHash(), seen.scope().key(), pinned, pieceLength)
            .within(BandwidthLimits.ofSeeder(seen.release().getSpec()));
    byte[] key = trust.key().publicationKey(seen.uid(), seen.sourceHash());
    byte[] suffix = new byte[3];
    random.nextBytes(suffix);
    return model.pod(seen.release(), task, key, HexFormat.of().formatHex(suffix));
  }

  private static boolean isSame(Pod one, Pod other) {
    return one.getMetadata().getUid().equals(other.getMetadata().getUid());
  }
}
