package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseSpec;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.release.record.ReleaseRevision;
import dev.corvid.operator.release.rollout.Annotations;
import dev.corvid.operator.release.rollout.IgnoredAnnotation;
import dev.corvid.operator.release.rollout.RolloutPlan;
import dev.corvid.operator.release.rollout.RolloutState;
import dev.corvid.operator.release.status.ConditionEvents;
import dev.corvid.operator.release.status.NodeCounts;
import dev.corvid.operator.release.status.StatusInput;
import dev.corvid.operator.release.status.StatusReport;
import dev.corvid.operator.release.status.StatusWriteThrottle;
import dev.corvid.operator.release.status.UnresponsiveNodes;
import dev.corvid.operator.release.step.Now;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.tracker.FleetCache;
import dev.corvid.time.Uptime;
import dev.corvid.wire.grant.Content;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Tells the user: status, Events, and when to look again although nothing happens. */
final class StatusReporter {
  private static final Duration TRACKER_PATIENCE = Duration.ofSeconds(30);

  private final ConditionEvents conditionEvents;
  private final FleetCache fleetCache;
  private final TrustedStatus statuses;

  StatusReporter(ConditionEvents conditionEvents, FleetCache fleetCache, TrustedStatus statuses) {
    this.conditionEvents = conditionEvents;
    this.fleetCache = fleetCache;
    this.statuses = statuses;
  }

  UpdateControl<SwarmRelease> report(
      ObservedState seen,
      ReconcilePlan reconcilePlan,
      ReconcileState reconcileState,
      Context<SwarmRelease> context) {
    reconcileState.failed(reconcilePlan.failures());
    UnresponsiveNodes unresponsive =
        UnresponsiveNodes.of(
            seen.selection(), seen.inForce(), seen.status().failures(), seen.now());
    NodeCounts counts =
        NodeCounts.of(seen.selection(), target(reconcilePlan), reconcilePlan.failures());
    Instant lastProgress = lastProgress(seen, reconcilePlan, counts, reconcileState);
    StatusInput input = input(seen, reconcilePlan, unresponsive, lastProgress, reconcileState);
    SwarmReleaseStatus next = StatusReport.of(input, counts);
    SwarmReleaseStatus standing = TrustedStatus.standing(seen.release());
    Optional<Duration> delay =
        statuses.isOwn(seen.release())
            ? StatusWriteThrottle.delay(
                standing,
                next,
                reconcileState.lastWrite(),
                reconcileState.figureWrites(),
                seen.now().uptime())
            : Optional.of(Duration.ZERO);
    if (delay.isEmpty() || delay.get().isPositive()) {
      return again(input, unresponsive, reconcilePlan, reconcileState, delay.orElse(null));
    }
    SwarmRelease written = write(seen.release(), next, reconcileState, seen.now(), context);
    reconcileState.wrote(
        seen.now().uptime(),
        StatusWriteThrottle.isTransition(standing, next),
        StatusWriteThrottle.begins(standing, next));
    return isSuperseded(seen.release(), written)
        ? UpdateControl.<SwarmRelease>noUpdate().rescheduleAfter(Duration.ZERO)
        : again(input, unresponsive, reconcilePlan, reconcileState, null);
  }

  /**
   * Tells this alone, if it is not told yet: at most one write for each thing to tell.
   *
   * @return whether the release is to be looked at again at once, because it was changed meanwhile
   */
  boolean report(
      Problem problem,
      SwarmRelease release,
      ReconcileState reconcileState,
      Now now,
      Context<SwarmRelease> context) {
    SwarmReleaseStatus before = statuses.of(release, reconcileState);
    SwarmReleaseStatus standing = TrustedStatus.standing(release);
    SwarmReleaseStatus next = StatusReport.of(problem, release, before, now.wall());
    if (!statuses.isOwn(release) || isNews(standing, next)) {
      return isSuperseded(release, write(release, next, reconcileState, now, context));
    }
    return false;
  }

  /** Whether the one tells something that the other does not. */
  static boolean isNews(SwarmReleaseStatus before, SwarmReleaseStatus next) {
    return StatusWriteThrottle.isTransition(before, next)
        || !messages(before).equals(messages(next));
  }

  private static List<String> messages(SwarmReleaseStatus status) {
    return status.conditions().stream().map(Condition::getMessage).toList();
  }

  /** Events first: a reader of the status finds them. */
  private SwarmRelease write(
      SwarmRelease release,
      SwarmReleaseStatus next,
      ReconcileState reconcileState,
      Now now,
      Context<SwarmRelease> context) {
    SwarmReleaseStatus before =
        reconcileState.lastReported().before(statuses.of(release, reconcileState), next);
    conditionEvents.tell(release, ConditionEvents.told(before, next), reconcileState.events(), now);
    reconcileState.log().changed(release, before, next);
    SwarmReleaseStatus sealed = statuses.sealed(release, next);
    UnaryOperator<SwarmRelease> apply =
        _ -> context.resourceOperations().serverSideApplyPrimaryStatus(fresh(release, sealed));
    SwarmRelease written = statuses.settled(apply.apply(release), context.getClient(), apply);
    reconcileState.remember(sealed);
    return written;
  }

  /**
   * Whether an edit, an annotation that decides something or a deletion came between the look and
   * the write. The framework (JOSDK 5.3.2) drops the events up to its own write, and theirs with
   * them: nobody else would ever wake the release.
   */
  static boolean isSuperseded(SwarmRelease seen, SwarmRelease written) {
    return written.isMarkedForDeletion() || !Annotations.of(seen).equals(Annotations.of(written));
  }

  /** Only what this apply is about: a field that came along would become the operator's. */
  static SwarmRelease fresh(SwarmRelease release, SwarmReleaseStatus status) {
    var fresh = new SwarmRelease();
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withName(release.getMetadata().getName())
            .withNamespace(release.getMetadata().getNamespace())
            .build());
    fresh.setStatus(status);
    return fresh;
  }

  private StatusInput input(
      ObservedState seen,
      ReconcilePlan reconcilePlan,
      UnresponsiveNodes unresponsive,
      Instant lastProgress,
      ReconcileState reconcileState) {
    Uptime deadline = deadline(lastProgress, seen.release().getSpec(), seen.now());
    boolean paused = isPaused(reconcilePlan);
    Problem problem =
        reconcilePlan.problem() != null || !reconcilePlan.seederNeeded()
            ? reconcilePlan.problem()
            : reconcileState.seederProblem();
    return new StatusInput(
        seen.release().getMetadata().getGeneration(),
        seen.now(),
        seen.release().getSpec(),
        seen.status(),
        reconcilePlan.history(),
        reconcilePlan.wanted(),
        seen.selection(),
        seen.departures(),
        reconcilePlan.plan() == null ? RolloutPlan.nothing() : reconcilePlan.plan(),
        reconcilePlan.failures(),
        unresponsive.nodes(),
        reconcilePlan.seederReport(),
        reconcileState.seederStartup().waitsFor(),
        problem,
        Problem.both(reconcileState.mountProblem(), reconcileState.steps().problem()),
        reconcileState.volumeHeldBy(),
        reconcilePlan.refused(),
        lastProgress,
        !paused && !seen.now().uptime().isBefore(deadline),
        isTrackerLost(seen.now().uptime()),
        IgnoredAnnotation.of(
                Annotations.of(seen.release()),
                seen.release().getSpec().rollout(),
                reconcilePlan.history(),
                reconcilePlan.wanted())
            .orElse(null));
  }

  /** When a lack of progress becomes a fault. */
  private static Uptime deadline(Instant lastProgress, SwarmReleaseSpec spec, Now now) {
    return now.uptimeOf(lastProgress).plus(spec.rollout().deadline());
  }

  private boolean isTrackerLost(Uptime now) {
    return fleetCache
        .lostSince()
        .map(since -> !now.isBefore(since.plus(TRACKER_PATIENCE)))
        .orElse(false);
  }

  /** A pause is no lack of progress, and its end is some. */
  private static boolean isPaused(ReconcilePlan reconcilePlan) {
    return reconcilePlan.plan() != null
        && reconcilePlan.plan().state() instanceof RolloutState.Paused;
  }

  /** The wanted revision; empty as long as its content is not known. */
  private static Optional<Content> target(ReconcilePlan reconcilePlan) {
    return Optional.ofNullable(reconcilePlan.wanted()).map(ReleaseRevision::content);
  }

  private static Instant lastProgress(
      ObservedState seen,
      ReconcilePlan reconcilePlan,
      NodeCounts counts,
      ReconcileState reconcileState) {
    Optional<Content> target = target(reconcilePlan);
    SwarmReleaseStatus before = seen.status();
    Optional<Instant> recorded =
        Optional.ofNullable(before.lastProgressTime())
            .filter(time -> isAsFar(before, seen, reconcilePlan, counts))
            .map(Instant::parse);
    if (target.isPresent() && counts.pending() > 0) {
      // Who has not spoken is no further and no less far: what is known of before stays.
      return reconcileState.lastProgress().or(() -> recorded).orElse(seen.now().wall());
    }
    Object howFar =
        List.of(
            seen.release().getMetadata().getGeneration(),
            target,
            counts.done(),
            counts.verified(),
            counts.updated(),
            isPaused(reconcilePlan),
            reconcilePlan.seederReport() == null ? 0L : reconcilePlan.seederReport().originBytes());
    return reconcileState.progressed(howFar, recorded, seen.now().wall());
  }

  /** Whether a status tells of no less than what is: its time of the last progress stands. */
  private static boolean isAsFar(
      SwarmReleaseStatus before,
      ObservedState seen,
      ReconcilePlan reconcilePlan,
      NodeCounts counts) {
    String wanted = reconcilePlan.wanted() == null ? null : reconcilePlan.wanted().revision();
    return seen.release().getMetadata().getGeneration().equals(before.observedGeneration())
        && Objects.equals(wanted, before.updateRevision())
        && Objects.equals(
            reconcilePlan.plan() == null ? null : reconcilePlan.plan().wave(), before.wave())
        && before.nodes() != null
        && before.nodes().verified() >= counts.verified()
        && before.nodes().updated() >= counts.updated()
        && before.progress().percent() >= counts.percent();
  }

  private UpdateControl<SwarmRelease> again(
      StatusInput input,
      UnresponsiveNodes unresponsive,
      ReconcilePlan reconcilePlan,
      ReconcileState reconcileState,
      Duration write) {
    UpdateControl<SwarmRelease> control = UpdateControl.noUpdate();
    Uptime now = input.now().uptime();
    Uptime deadline = deadline(input.lastProgress(), input.spec(), input.now());
    Optional<Uptime> pauseEnd =
        input.plan().state() instanceof RolloutState.Paused paused
            ? paused.until()
            : Optional.empty();
    return Stream.concat(
            Stream.of(
                    Optional.of(deadline),
                    pauseEnd,
                    unresponsive.recheck(),
                    input.selection().recheck(),
                    input.departures().recheck(),
                    Optional.of(reconcileState.nextSeederAt()),
                    Optional.of(reconcileState.seederStartup().next()),
                    Optional.of(reconcileState.seederDue()),
                    Optional.of(reconcileState.nextUserCheck()),
                    Optional.of(reconcileState.nextMount()),
                    Optional.of(reconcileState.nextVolumeCheck()),
                    Optional.of(reconcileState.records().nextRepair()),
                    reconcileState.steps().next(),
                    reconcilePlan.recoveryDue(input.now()),
                    fleetCache.lostSince().map(since -> since.plus(TRACKER_PATIENCE)))
                .flatMap(Optional::stream)
                .filter(now::isBefore)
                .map(now::until),
            Stream.ofNullable(write))
        .filter(Duration::isPositive)
        .min(Duration::compareTo)
        .map(control::rescheduleAfter)
        .orElse(control);
  }
}
