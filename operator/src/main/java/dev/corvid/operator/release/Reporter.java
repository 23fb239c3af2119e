package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.tracker.FleetView;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Tells the user: status, Events, and when to look again although nothing happens. */
final class Reporter {
  private static final Duration TRACKER_PATIENCE = Duration.ofSeconds(30);

  private final Transitions transitions;
  private final FleetView view;

  Reporter(Transitions transitions, FleetView view) {
    this.transitions = transitions;
    this.view = view;
  }

  UpdateControl<SwarmRelease> report(
      Observed seen, Decision decision, Track track, Context<SwarmRelease> context) {
    Facts facts = facts(seen, decision, track);
    SwarmReleaseStatus next = StatusReport.of(facts);
    Optional<Duration> delay = WriteGate.delay(seen.status(), next, track.lastWrite(), seen.now());
    if (delay.isEmpty() || delay.get().isPositive()) {
      return again(facts, track, delay.orElse(null));
    }
    track.wrote(seen.now());
    transitions.tell(seen.release(), seen.status(), next, seen.now());
    SwarmRelease written =
        context.resourceOperations().serverSideApplyPrimaryStatus(fresh(seen.release(), next));
    return isSuperseded(seen.release(), written)
        ? UpdateControl.<SwarmRelease>noUpdate().rescheduleAfter(Duration.ZERO)
        : again(facts, track, null);
  }

  /**
   * Whether an edit or a deletion came between the look and the write. The framework (JOSDK 5.3.2)
   * drops the events up to its own write, and theirs with them: nobody else would ever wake the
   * release.
   */
  private static boolean isSuperseded(SwarmRelease seen, SwarmRelease written) {
    return written.isMarkedForDeletion()
        || !Objects.equals(
            seen.getMetadata().getGeneration(), written.getMetadata().getGeneration());
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

  private Facts facts(Observed seen, Decision decision, Track track) {
    Instant lastProgress = track.progressed(howFar(seen, decision), seen.now());
    Duration deadline = seen.release().getSpec().rollout().deadline();
    Problem problem =
        decision.problem() != null || !decision.seederNeeded()
            ? decision.problem()
            : track.seederRefusal();
    return new Facts(
        seen.release().getMetadata().getGeneration(),
        seen.now(),
        seen.release().getSpec(),
        seen.status(),
        decision.history(),
        decision.wanted(),
        seen.census(),
        decision.seederReport(),
        problem,
        decision.refused(),
        lastProgress,
        !seen.now().isBefore(lastProgress.plus(deadline)),
        isTrackerLost(seen.now()));
  }

  private boolean isTrackerLost(Instant now) {
    return view.lostSince().map(since -> !now.isBefore(since.plus(TRACKER_PATIENCE))).orElse(false);
  }

  /** Equal as long as nothing moves anywhere. */
  private static Object howFar(Observed seen, Decision decision) {
    var target = Optional.ofNullable(decision.wanted()).map(History::content);
    Tally tally = Tally.of(seen.census(), target);
    return List.of(
        seen.release().getMetadata().getGeneration(),
        target,
        tally.done(),
        tally.verified(),
        tally.updated(),
        decision.seederReport() == null ? 0L : decision.seederReport().originBytes());
  }

  private UpdateControl<SwarmRelease> again(Facts facts, Track track, Duration write) {
    UpdateControl<SwarmRelease> control = UpdateControl.noUpdate();
    Instant now = facts.now();
    Instant deadline = facts.lastProgress().plus(facts.spec().rollout().deadline());
    return Stream.of(
            write,
            facts.overdue() ? null : Duration.between(now, deadline),
            facts.census().recheck().map(at -> Duration.between(now, at)).orElse(null),
            track.nextSeederAt().isAfter(now) ? Duration.between(now, track.nextSeederAt()) : null,
            view.lostSince()
                .map(since -> Duration.between(now, since.plus(TRACKER_PATIENCE)))
                .orElse(null))
        .filter(Objects::nonNull)
        .filter(Duration::isPositive)
        .min(Duration::compareTo)
        .map(control::rescheduleAfter)
        .orElse(control);
  }
}
