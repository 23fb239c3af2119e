package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.release.seeder.PodWarnings;
import dev.corvid.operator.release.seeder.SeederSlots;
import dev.corvid.operator.release.seeder.SlotQueue;
import dev.corvid.operator.release.state.ReconcileState;
import dev.corvid.operator.release.step.Deletion;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.release.step.ReconcileSteps;
import dev.corvid.operator.release.watch.ReleaseInformers;
import dev.corvid.operator.seeder.SeederPods;
import dev.corvid.operator.tracker.FleetCache;
import dev.corvid.time.Uptime;
import dev.corvid.wire.Reason;
import dev.corvid.wire.seeder.SeederReport;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides when a seeder's pod is created, and deletes those that are not needed. */
final class Seeders {
  private static final long MUCH = 1L << 60;

  private final SeederCreation creation;
  private final SeederSlots slots;
  private final FleetCache fleetCache;
  private final PodWarnings warnings;
  private boolean begun;

  Seeders(SeederCreation creation, SeederSlots slots, FleetCache fleetCache, PodWarnings warnings) {
    this.creation = creation;
    this.slots = slots;
    this.fleetCache = fleetCache;
    this.warnings = warnings;
  }

  /** The pod that is the release's seeder from now on; empty when there is none. */
  Optional<Pod> apply(
      ObservedState seen,
      ReconcilePlan reconcilePlan,
      ReconcileState reconcileState,
      ReleaseInformers informers,
      Context<SwarmRelease> context) {
    begin(informers, seen.now().uptime());
    reconcileState.seeder().isFor(seen.source().hash() + SeederPods.fingerprint(seen.release()));
    return reconcilePlan.seeder().needed()
        ? seed(seen, reconcilePlan, reconcileState, informers, context)
        : end(seen, reconcilePlan, reconcileState, informers, context);
  }

  /** Of a release that is being deleted. */
  void remove(
      SwarmRelease release,
      ReconcileSteps steps,
      ReleaseInformers informers,
      Context<SwarmRelease> context) {
    steps.run(
        "delete its seeder's pod",
        () -> informers.seedersOf(release).forEach(pod -> Deletion.delete(pod, context)));
    slots.leave(release.getMetadata().getUid());
  }

  private Optional<Pod> seed(
      ObservedState seen,
      ReconcilePlan reconcilePlan,
      ReconcileState reconcileState,
      ReleaseInformers informers,
      Context<SwarmRelease> context) {
    if (isBetter(reconcilePlan, reconcileState)) {
      reconcileState.seeder().areOver();
    }
    if (isSeeding(reconcilePlan)) {
      reconcileState.seeder().stopped(null);
    }
    Pod staying = staying(seen, reconcilePlan, reconcileState);
    Pod silent = reconcilePlan.seeder().report() == null ? staying : null;
    reconcileState.seeder().startup().look(silent, warnings::last, seen.now().uptime());
    deleteOthers(staying, seen, reconcileState, informers, context);
    if (staying != null
        || seen.location().scope() == null
        || seen.now().uptime().isBefore(reconcileState.seeder().next())) {
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
    reconcileState.seeder().areOver();
    reconcileState.seeder().stopped(null);
    reconcileState.seeder().startup().look(null, warnings::last, seen.now().uptime());
    reconcileState.seeder().dueAt(slots.due(seen.uid()).orElse(Uptime.MIN));
    deleteOthers(null, seen, reconcileState, informers, context);
    slots.leave(seen.uid());
    return Optional.empty();
  }

  /**
   * @param staying the one that is not deleted; null for none
   */
  private static void deleteOthers(
      @Nullable Pod staying,
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
    Optional<Problem> full = slots.take(seen.uid(), need(seen.release()), seen.now().uptime());
    if (full.isPresent()) {
      reconcileState.seeder().waits(after(reconcileState.seeder().stoppedFor(), full.get()));
      return Optional.empty();
    }
    return slots.using(
        seen.uid(), () -> creation.create(seen, reconcilePlan, reconcileState, informers, context));
  }

  /** The pod that seeds; null when there is none, or its slot goes to another release. */
  private @Nullable Pod staying(
      ObservedState seen, ReconcilePlan reconcilePlan, ReconcileState reconcileState) {
    Pod pod = reconcilePlan.seeder().pod();
    if (pod != null && fleetCache.lostSince().isPresent()) {
      slots.excuse(seen.uid(), seen.now().uptime());
    } else if (pod != null) {
      Problem failure =
          reconcilePlan.problem() != null
              ? reconcilePlan.problem()
              : reconcileState.seeder().startup().problem();
      Reason why = failure == null ? null : failure.reason();
      Optional<Problem> others =
          slots.giveUp(
              seen.uid(), moved(reconcilePlan.seeder().report()), why, seen.now().uptime());
      if (others.isPresent()) {
        reconcileState.seeder().stopped(failure);
        reconcileState.seeder().waits(after(failure, others.get()));
        pod = null;
      }
    }
    reconcileState.seeder().dueAt(slots.due(seen.uid()).orElse(Uptime.MIN));
    return pod;
  }

  /** A failure that cost the seeder its slot is reported before the wait for another slot. */
  private static Problem after(@Nullable Problem failure, Problem waits) {
    return failure == null
        ? waits
        : new Problem(
            failure.reason(), failure.message() + "; " + waits.message(), failure.passing());
  }

  private static boolean isSeeding(ReconcilePlan reconcilePlan) {
    SeederReport report = reconcilePlan.seeder().report();
    return report != null && report.state() == SeederReport.State.SEEDING;
  }

  /**
   * Whether the seeder has got further than the one that was stopped. Bytes prove that of a source
   * that could not be reached; a source whose content was refused has to be fetched whole first.
   */
  private static boolean isBetter(ReconcilePlan reconcilePlan, ReconcileState reconcileState) {
    Problem before = reconcileState.seeder().stoppedFor();
    SeederReport report = reconcilePlan.seeder().report();
    if (report == null || before == null || report.state() != SeederReport.State.FETCHING) {
      return report != null;
    }
    return !before.needsSomebody() && report.originBytes() > 0;
  }

  /** What it has fetched and sent, as it says: any number. */
  private static long moved(@Nullable SeederReport report) {
    return report == null
        ? 0
        : Math.min(report.originBytes(), MUCH) + Math.min(report.uploadedBytes(), MUCH);
  }

  /**
   * Seeders that ran before this process have their slots before any other is made: who comes while
   * they are counted waits.
   */
  private synchronized void begin(ReleaseInformers informers, Uptime now) {
    if (!begun) {
      informers.releases().stream()
          .filter(release -> !informers.seedersOf(release).isEmpty())
          .forEach(
              release ->
                  slots.hold(
                      release.getMetadata().getUid(),
                      taken(release, informers.seedersOf(release)),
                      now));
      begun = true;
    }
  }

  /** What its pods may use of their nodes, whatever the spec has come to say since. */
  private static SlotQueue.Need taken(SwarmRelease release, List<Pod> pods) {
    return new SlotQueue.Need(
        release.getMetadata().getNamespace(),
        pods.stream().mapToLong(SeederPods::scratchBytes).reduce(0, Seeders::sum));
  }

  private static long sum(long one, long other) {
    return Math.min(MUCH, one + other);
  }

  private SlotQueue.Need need(SwarmRelease release) {
    return new SlotQueue.Need(release.getMetadata().getNamespace(), creation.scratchBytes(release));
  }

  private static boolean isSame(Pod one, Pod other) {
    return one.getMetadata().getUid().equals(other.getMetadata().getUid());
  }
}
