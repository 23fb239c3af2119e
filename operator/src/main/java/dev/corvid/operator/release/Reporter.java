package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseSpec;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.tracker.FleetCache;
import dev.corvid.time.Uptime;
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
final class Reporter {
  private static final Duration TRACKER_PATIENCE = Duration.ofSeconds(30);

  private final Transitions transitions;
  private final FleetCache fleetCache;
  private final TrustedStatus statuses;

  Reporter(Transitions transitions, FleetCache fleetCache, TrustedStatus statuses) {
    this.transitions = transitions;
    this.fleetCache = fleetCache;
    this.statuses = statuses;
  }

  UpdateControl<SwarmRelease> report(
      Observed seen, Decision decision, Track track, Context<SwarmRelease> context) {
    track.failed(decision.failures());
    Silence silence =
        Silence.of(seen.selection(), seen.inForce(), seen.status().failures(), seen.now());
    Facts facts = facts(seen, decision, silence, track);
    SwarmReleaseStatus next = StatusReport.of(facts);
    SwarmReleaseStatus standing = TrustedStatus.standing(seen.release());
    Optional<Duration> delay =
        statuses.isOwn(seen.release())
            ? WriteGate.delay(
                standing, next, track.lastWrite(), track.figureWrites(), seen.now().uptime())
            : Optional.of(Duration.ZERO);
    if (delay.isEmpty() || delay.get().isPositive()) {
      return again(facts, silence, decision, track, delay.orElse(null));
    }
    SwarmRelease written = write(seen.release(), next, track, seen.now(), context);
    track.wrote(
        seen.now().uptime(),
        WriteGate.isTransition(standing, next),
        WriteGate.begins(standing, next));
    return isSuperseded(seen.release(), written)
        ? UpdateControl.<SwarmRelease>noUpdate().rescheduleAfter(Duration.ZERO)
        : again(facts, silence, decision, track, null);
  }

  /**
   * Tells this alone, if it is not told yet: at most one write for each thing to tell.
   *
   * @return whether the release is to be looked at again at once, because it was changed meanwhile
   */
  boolean report(
      Problem problem, SwarmRelease release, Track track, Now now, Context<SwarmRelease> context) {
    SwarmReleaseStatus before = statuses.of(release, track);
    SwarmReleaseStatus standing = TrustedStatus.standing(release);
    SwarmReleaseStatus next = StatusReport.of(problem, release, before, now.wall());
    if (!statuses.isOwn(release) || isNews(standing, next)) {
      return isSuperseded(release, write(release, next, track, now, context));
    }
    return false;
  }

  /** Whether the one tells something that the other does not. */
  static boolean isNews(SwarmReleaseStatus before, SwarmReleaseStatus next) {
    return WriteGate.isTransition(before, next) || !messages(before).equals(messages(next));
  }

  private static List<String> messages(SwarmReleaseStatus status) {
    return status.conditions().stream().map(Condition::getMessage).toList();
  }

  /** Events first: a reader of the status finds them. */
  private SwarmRelease write(
      SwarmRelease release,
      SwarmReleaseStatus next,
      Track track,
      Now now,
      Context<SwarmRelease> context) {
    SwarmReleaseStatus before = track.lastTold().before(statuses.of(release, track), next);
    transitions.tell(release, Transitions.told(before, next), track.events(), now);
    track.log().changed(release, before, next);
    SwarmReleaseStatus sealed = statuses.sealed(release, next);
    UnaryOperator<SwarmRelease> apply =
        _ -> context.resourceOperations().serverSideApplyPrimaryStatus(fresh(release, sealed));
    SwarmRelease written = statuses.settled(apply.apply(release), context.getClient(), apply);
    track.remember(sealed);
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

  private Facts facts(Observed seen, Decision decision, Silence silence, Track track) {
    Instant lastProgress = lastProgress(seen, decision, track);
    Uptime deadline = deadline(lastProgress, seen.release().getSpec(), seen.now());
    boolean paused = isPaused(decision);
    Problem problem =
        decision.problem() != null || !decision.seederNeeded()
            ? decision.problem()
            : track.seederProblem();
    return new Facts(
        seen.release().getMetadata().getGeneration(),
        seen.now(),
        seen.release().getSpec(),
        seen.status(),
        decision.history(),
        decision.wanted(),
        seen.selection(),
        seen.departures(),
        decision.plan() == null ? Plan.nothing() : decision.plan(),
        decision.failures(),
        silence.nodes(),
        decision.seederReport(),
        track.slowStart().waitsFor(),
        problem,
        Problem.both(track.mountProblem(), track.steps().problem()),
        track.volumeHeldBy(),
        decision.refused(),
        lastProgress,
        !paused && !seen.now().uptime().isBefore(deadline),
        isTrackerLost(seen.now().uptime()),
        IgnoredAnnotation.of(
                Annotations.of(seen.release()),
                seen.release().getSpec().rollout(),
                decision.history(),
                decision.wanted())
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
  private static boolean isPaused(Decision decision) {
    return decision.plan() != null && decision.plan().state() instanceof RolloutState.Paused;
  }

  private static Instant lastProgress(Observed seen, Decision decision, Track track) {
    var target = Optional.ofNullable(decision.wanted()).map(Revision::content);
    Tally tally = Tally.of(seen.selection(), target, decision.failures());
    SwarmReleaseStatus before = seen.status();
    Optional<Instant> recorded =
        Optional.ofNullable(before.lastProgressTime())
            .filter(time -> isAsFar(before, seen, decision, tally))
            .map(Instant::parse);
    if (target.isPresent() && tally.pending() > 0) {
      // Who has not spoken is no further and no less far: what is known of before stays.
      return track.lastProgress().or(() -> recorded).orElse(seen.now().wall());
    }
    Object howFar =
        List.of(
            seen.release().getMetadata().getGeneration(),
            target,
            tally.done(),
            tally.verified(),
            tally.updated(),
            isPaused(decision),
            decision.seederReport() == null ? 0L : decision.seederReport().originBytes());
    return track.progressed(howFar, recorded, seen.now().wall());
  }

  /** Whether a status tells of no less than what is: its time of the last progress stands. */
  private static boolean isAsFar(
      SwarmReleaseStatus before, Observed seen, Decision decision, Tally tally) {
    String wanted = decision.wanted() == null ? null : decision.wanted().revision();
    return seen.release().getMetadata().getGeneration().equals(before.observedGeneration())
        && Objects.equals(wanted, before.updateRevision())
        && Objects.equals(decision.plan() == null ? null : decision.plan().wave(), before.wave())
        && before.nodes() != null
        && before.nodes().verified() >= tally.verified()
        && before.nodes().updated() >= tally.updated()
        && before.progress().percent() >= tally.percent();
  }

  private UpdateControl<SwarmRelease> again(
      Facts facts, Silence silence, Decision decision, Track track, Duration write) {
    UpdateControl<SwarmRelease> control = UpdateControl.noUpdate();
    Uptime now = facts.now().uptime();
    Uptime deadline = deadline(facts.lastProgress(), facts.spec(), facts.now());
    Optional<Uptime> pauseEnd =
        facts.plan().state() instanceof RolloutState.Paused paused
            ? paused.until()
            : Optional.empty();
    return Stream.concat(
            Stream.of(
                    Optional.of(deadline),
                    pauseEnd,
                    silence.recheck(),
                    facts.selection().recheck(),
                    facts.departures().recheck(),
                    Optional.of(track.nextSeederAt()),
                    Optional.of(track.slowStart().next()),
                    Optional.of(track.seederDue()),
                    Optional.of(track.nextUserCheck()),
                    Optional.of(track.nextMount()),
                    Optional.of(track.nextVolumeCheck()),
                    Optional.of(track.records().nextRepair()),
                    track.steps().next(),
                    decision.recoveryDue(facts.now()),
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
