package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.release.grant.BandwidthLimits;
import dev.corvid.operator.release.seeder.PlaceQueue;
import dev.corvid.operator.release.seeder.PodWarnings;
import dev.corvid.operator.release.seeder.SeederPlaces;
import dev.corvid.operator.release.step.ApiRefusal;
import dev.corvid.operator.release.step.Deletion;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.seeder.CaBundleConfigMap;
import dev.corvid.operator.seeder.SeederModel;
import dev.corvid.operator.tracker.FleetCache;
import dev.corvid.operator.trust.TrustAnchor;
import dev.corvid.time.Uptime;
import dev.corvid.wire.Reason;
import dev.corvid.wire.seeder.SeederReport;
import dev.corvid.wire.seeder.SeederTask;
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
      ObservedState seen,
      ReconcilePlan reconcilePlan,
      ReconcileState reconcileState,
      ReleaseInformers informers,
      Context<SwarmRelease> context) {
    begin(informers, seen.now().uptime());
    reconcileState.seederIsFor(seen.sourceHash() + SeederModel.fingerprint(seen.release()));
    return reconcilePlan.seederNeeded()
        ? seed(seen, reconcilePlan, reconcileState, informers, context)
        : end(seen, reconcilePlan, reconcileState, informers, context);
  }

  private Optional<Pod> seed(
      ObservedState seen,
      ReconcilePlan reconcilePlan,
      ReconcileState reconcileState,
      ReleaseInformers informers,
      Context<SwarmRelease> context) {
    if (isBetter(reconcilePlan, reconcileState)) {
      reconcileState.seederIsFine();
    }
    if (isSeeding(reconcilePlan)) {
      reconcileState.stopped(null);
    }
    Pod staying = staying(seen, reconcilePlan, reconcileState, informers);
    Pod silent = reconcilePlan.seederReport() == null ? staying : null;
    reconcileState.seederStartup().look(silent, warnings::last, seen.now().uptime());
    deleteOthers(staying, seen, reconcileState, informers, context);
    if (staying != null
        || seen.scope() == null
        || seen.now().uptime().isBefore(reconcileState.nextSeederAt())) {
      return Optional.ofNullable(staying);
    }
    return reconcileState
        .steps()
        .get(
            "create its seeder's pod",
            Optional.empty(),
            () -> createIfThereIsRoom(seen, reconcilePlan, reconcileState, informers, context));
  }

  private Optional<Pod> end(
      ObservedState seen,
      ReconcilePlan reconcilePlan,
      ReconcileState reconcileState,
      ReleaseInformers informers,
      Context<SwarmRelease> context) {
    reconcileState.seederIsFine();
    reconcileState.stopped(null);
    reconcileState.seederStartup().look(null, warnings::last, seen.now().uptime());
    reconcileState.seederDueAt(informers.seederPlaces().due(seen.uid()).orElse(Uptime.MIN));
    deleteOthers(null, seen, reconcileState, informers, context);
    informers.seederPlaces().leave(seen.uid());
    return Optional.empty();
  }

  /**
   * @param staying the one that is not deleted; null for none
   */
  private static void deleteOthers(
      Pod staying,
      ObservedState seen,
      ReconcileState reconcileState,
      ReleaseInformers informers,
      Context<SwarmRelease> context) {
    reconcileState
        .steps()
        .run(
            "delete a seeder's pod that is not needed",
            () ->
                informers.seedersOf(seen.release()).stream()
                    .filter(pod -> staying == null || !isSame(pod, staying))
                    .forEach(pod -> Deletion.delete(pod, context)));
  }

  private Optional<Pod> createIfThereIsRoom(
      ObservedState seen,
      ReconcilePlan reconcilePlan,
      ReconcileState reconcileState,
      ReleaseInformers informers,
      Context<SwarmRelease> context) {
    Optional<Problem> full =
        informers.seederPlaces().take(seen.uid(), need(seen.release()), seen.now().uptime());
    if (full.isPresent()) {
      reconcileState.seederWaits(after(reconcileState.stoppedFor(), full.get()));
      return Optional.empty();
    }
    return informers
        .seederPlaces()
        .using(seen.uid(), () -> create(seen, reconcilePlan, reconcileState, informers, context));
  }

  /** The pod that seeds; null when there is none, or its place goes to another release. */
  private Pod staying(
      ObservedState seen,
      ReconcilePlan reconcilePlan,
      ReconcileState reconcileState,
      ReleaseInformers informers) {
    SeederPlaces places = informers.seederPlaces();
    Pod pod = reconcilePlan.seederPod();
    if (pod != null && fleetCache.lostSince().isPresent()) {
      places.excuse(seen.uid(), seen.now().uptime());
    } else if (pod != null) {
      Problem failure =
          reconcilePlan.problem() != null
              ? reconcilePlan.problem()
              : reconcileState.seederStartup().problem();
      Reason why = failure == null ? null : failure.reason();
      Optional<Problem> others =
          places.giveUp(seen.uid(), moved(reconcilePlan.seederReport()), why, seen.now().uptime());
      if (others.isPresent()) {
        reconcileState.stopped(failure);
        reconcileState.seederWaits(after(failure, others.get()));
        pod = null;
      }
    }
    reconcileState.seederDueAt(places.due(seen.uid()).orElse(Uptime.MIN));
    return pod;
  }

  /** A failure that cost the seeder its place is reported before the wait for another place. */
  private static Problem after(Problem failure, Problem waits) {
    return failure == null
        ? waits
        : new Problem(
            failure.reason(), failure.message() + "; " + waits.message(), failure.passing());
  }

  private static boolean isSeeding(ReconcilePlan reconcilePlan) {
    return reconcilePlan.seederReport() != null
        && reconcilePlan.seederReport().state() == SeederReport.State.SEEDING;
  }

  /**
   * Whether the seeder has got further than the one that was stopped. Bytes prove that of a source
   * that could not be reached; a source whose content was refused has to be fetched whole first.
   */
  private static boolean isBetter(ReconcilePlan reconcilePlan, ReconcileState reconcileState) {
    Problem before = reconcileState.stoppedFor();
    SeederReport report = reconcilePlan.seederReport();
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
  private void begin(ReleaseInformers informers, Uptime now) {
    if (begun.compareAndSet(false, true)) {
      informers.releases().stream()
          .filter(release -> !informers.seedersOf(release).isEmpty())
          .forEach(
              release ->
                  informers
                      .seederPlaces()
                      .hold(
                          release.getMetadata().getUid(),
                          taken(release, informers.seedersOf(release)),
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
      ObservedState seen,
      ReconcilePlan reconcilePlan,
      ReconcileState reconcileState,
      ReleaseInformers informers,
      Context<SwarmRelease> context) {
    Pod pod = pod(seen, reconcilePlan);
    String wanted = "the ConfigMap " + CaBundleConfigMap.NAME + ", which has the chart's caBundle";
    try {
      Optional<String> inTheWay = caBundle.place(pod.getMetadata().getNamespace());
      if (inTheWay.isPresent()) {
        return refused(inTheWay.get(), seen, reconcileState, informers);
      }
      wanted = "the seeder's pod";
      Pod made = context.resourceOperations().create(pod, informers.seeders());
      reconcileState.made(made, seen.seeders());
      reconcileState.attemptedSeeder(again(reconcileState.stoppedFor()), seen.now().uptime());
      return Optional.of(made);
    } catch (KubernetesClientException e) {
      if (!ApiRefusal.isOfObject(e)) {
        throw e;
      }
      String message = "the cluster refuses %s: %s".formatted(wanted, ApiRefusal.words(e));
      return refused(message, seen, reconcileState, informers);
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

  private static Optional<Pod> refused(
      String why, ObservedState seen, ReconcileState reconcileState, ReleaseInformers informers) {
    informers.seederPlaces().leave(seen.uid()); // and waits in turn again
    reconcileState.attemptedSeeder(new Problem(Reason.SeederRefused, why), seen.now().uptime());
    return Optional.empty();
  }

  /** A replacement must come out with what is recorded; another revision keeps the piece length. */
  private Pod pod(ObservedState seen, ReconcilePlan reconcilePlan) {
    Optional<SeederTask.Pinned> pinned =
        Optional.ofNullable(reconcilePlan.wanted())
            .map(r -> new SeederTask.Pinned(r.sourceDigest(), r.content()));
    int pieceLength =
        reconcilePlan.history().latest().map(latest -> latest.content().pieceLength()).orElse(0);
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
