package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseSpec;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.release.rollout.Annotations;
import dev.corvid.operator.release.rollout.IgnoredAnnotation;
import dev.corvid.operator.release.rollout.RolloutPlan;
import dev.corvid.operator.release.rollout.RolloutState;
import dev.corvid.operator.release.state.ReconcileState;
import dev.corvid.operator.release.status.ConditionEvents;
import dev.corvid.operator.release.status.NodeCounts;
import dev.corvid.operator.release.status.StatusInput;
import dev.corvid.operator.release.status.StatusReport;
import dev.corvid.operator.release.status.StatusWriteThrottle;
import dev.corvid.operator.release.status.UnresponsiveNodes;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.release.step.ReconcileTime;
import dev.corvid.operator.release.volume.ClaimNodes;
import dev.corvid.operator.release.volume.VolumeChecks;
import dev.corvid.time.Uptime;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells the user: status, Events, and when to look again although nothing happens. */
final class StatusReporter {
  private final ConditionEvents conditionEvents;
  private final TrackerProblem tracker;
  private final ClaimNodes claimNodes;
  private final Volumes volumes;
  private final TrustedStatus statuses;

  StatusReporter(
      ConditionEvents conditionEvents,
      TrackerProblem tracker,
      ClaimNodes claimNodes,
      Volumes volumes,
      TrustedStatus statuses) {
    this.conditionEvents = conditionEvents;
    this.tracker = tracker;
    this.claimNodes = claimNodes;
    this.volumes = volumes;
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
            seen.nodes().selection(),
            seen.nodes().inForce(),
            seen.recorded().status().failures(),
            seen.now());
    NodeCounts counts =
        NodeCounts.of(seen.nodes().selection(), reconcilePlan.target(), reconcilePlan.failures());
    Instant lastProgress = LastProgress.of(seen, reconcilePlan, counts, reconcileState.statuses());
    StatusInput input = input(seen, reconcilePlan, unresponsive, lastProgress, reconcileState);
    SwarmReleaseStatus next = StatusReport.of(input, counts);
    SwarmReleaseStatus standing = TrustedStatus.standing(seen.release());
    Optional<Duration> delay =
        statuses.isOwn(seen.release())
            ? StatusWriteThrottle.delay(
                standing,
                next,
                reconcileState.statuses().lastWrite(),
                reconcileState.statuses().figureWrites(),
                seen.now().uptime())
            : Optional.of(Duration.ZERO);
    if (delay.isEmpty() || delay.get().isPositive()) {
      return again(input, unresponsive, reconcilePlan, reconcileState, delay.orElse(null));
    }
    SwarmRelease written = write(seen.release(), next, reconcileState, seen.now(), context);
    reconcileState
        .statuses()
        .wrote(
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
      Context<SwarmRelease> context) {
    ReconcileTime now = reconcileState.now();
    SwarmReleaseStatus before = statuses.of(release, reconcileState);
    SwarmReleaseStatus standing = TrustedStatus.standing(release);
    SwarmReleaseStatus next = StatusReport.of(problem, release, before, now.wall());
    if (!statuses.isOwn(release) || isNews(standing, next)) {
      return isSuperseded(release, write(release, next, reconcileState, now, context));
    }
    return false;
  }

  /** Tells of what keeps the status from being written. */
  void reportWaiting(Problem problem, SwarmRelease release, ReconcileState reconcileState) {
    conditionEvents.tellWaiting(release, problem, reconcileState.events(), reconcileState.now());
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
      ReconcileTime now,
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
  static SwarmRelease fresh(SwarmRelease release, @Nullable SwarmReleaseStatus status) {
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
    VolumeChecks volume = volumes.checksOf(seen.uid());
    Problem problem =
        reconcilePlan.problem() != null || !reconcilePlan.seeder().needed()
            ? reconcilePlan.problem()
            : reconcileState.seeder().problem();
    return new StatusInput(
        seen.release(),
        seen.recorded().status(),
        seen.now(),
        new StatusInput.RolledOut(
            reconcilePlan.history(),
            reconcilePlan.wanted(),
            Optional.ofNullable(reconcilePlan.plan()).orElseGet(RolloutPlan::nothing),
            IgnoredAnnotation.of(
                    Annotations.of(seen.release()),
                    seen.release().getSpec().rollout(),
                    reconcilePlan.history(),
                    reconcilePlan.wanted())
                .orElse(null),
            lastProgress,
            !reconcilePlan.isPaused() && !seen.now().uptime().isBefore(deadline)),
        new StatusInput.Nodes(
            seen.nodes().selection(),
            seen.nodes().removalPlan(),
            reconcilePlan.failures(),
            unresponsive.nodes(),
            tracker.at(seen.now().uptime())),
        new StatusInput.Seeder(
            reconcilePlan.seeder().report(), reconcileState.seeder().startup().waitsFor()),
        new StatusInput.Obstacles(
            problem,
            reconcilePlan.refused(),
            Problem.both(volume.problem(), reconcileState.steps().problem()),
            volume.heldBy()));
  }

  /** When a lack of progress becomes a fault. */
  private static Uptime deadline(Instant lastProgress, SwarmReleaseSpec spec, ReconcileTime now) {
    return now.uptimeOf(lastProgress).plus(spec.rollout().deadline());
  }

  private UpdateControl<SwarmRelease> again(
      StatusInput input,
      UnresponsiveNodes unresponsive,
      ReconcilePlan reconcilePlan,
      ReconcileState reconcileState,
      @Nullable Duration write) {
    UpdateControl<SwarmRelease> control = UpdateControl.noUpdate();
    Uptime now = input.now().uptime();
    VolumeChecks volume = volumes.checksOf(input.release().getMetadata().getUid());
    Uptime deadline = deadline(input.rollout().lastProgress(), input.spec(), input.now());
    Optional<Uptime> pauseEnd =
        input.rollout().plan().state() instanceof RolloutState.Paused paused
            ? paused.until()
            : Optional.empty();
    return Stream.concat(
            Stream.of(
                    Optional.of(deadline),
                    pauseEnd,
                    unresponsive.recheck(),
                    input.nodes().selection().recheck(),
                    input.nodes().removalPlan().recheck(),
                    Optional.of(reconcileState.seeder().next()),
                    Optional.of(reconcileState.seeder().startup().next()),
                    Optional.of(reconcileState.seeder().due()),
                    claimNodes.next(input.release().getMetadata().getUid()),
                    Optional.of(volume.nextAttempt()),
                    Optional.of(volume.nextCheck()),
                    Optional.of(reconcileState.records().nextRepair()),
                    reconcileState.steps().next(),
                    reconcilePlan.seeder().recoveryDue(input.now()),
                    tracker.due())
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
