package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.release.record.ReleaseRevision;
import dev.corvid.operator.release.rollout.RolloutPlan;
import dev.corvid.operator.release.state.StatusHistory;
import dev.corvid.operator.release.status.NodeCounts;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.seeder.SeederReport;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** When a release last made progress: {@code spec.rollout.progressDeadline} runs from then. */
final class LastProgress {
  private LastProgress() {}

  /**
   * @param history notes how far the release is
   */
  static Instant of(
      ObservedState seen, ReconcilePlan reconcilePlan, NodeCounts counts, StatusHistory history) {
    Optional<Content> target = reconcilePlan.target();
    SeederReport report = reconcilePlan.seeder().report();
    SwarmReleaseStatus before = seen.recorded().status();
    Optional<Instant> recorded =
        Optional.ofNullable(before.lastProgressTime())
            .filter(time -> isAsFar(before, seen, reconcilePlan, counts))
            .map(Instant::parse);
    if (target.isPresent() && counts.absent().pending() > 0) {
      // Nodes that have not reported yet change nothing: the time known before stays.
      return history.lastProgress().or(() -> recorded).orElse(seen.now().wall());
    }
    Object howFar =
        List.of(
            seen.release().getMetadata().getGeneration(),
            target,
            counts.transfer().done(),
            counts.stages().verified(),
            counts.stages().updated(),
            reconcilePlan.isPaused(),
            report == null ? 0L : report.originBytes());
    return history.progressed(howFar, recorded, seen.now().wall());
  }

  /**
   * Whether the recorded status covers all progress so far: then its time of the last one holds.
   */
  private static boolean isAsFar(
      SwarmReleaseStatus before,
      ObservedState seen,
      ReconcilePlan reconcilePlan,
      NodeCounts counts) {
    ReleaseRevision wanted = reconcilePlan.wanted();
    RolloutPlan plan = reconcilePlan.plan();
    return seen.release().getMetadata().getGeneration().equals(before.observedGeneration())
        && Objects.equals(wanted == null ? null : wanted.revision(), before.updateRevision())
        && Objects.equals(plan == null ? null : plan.wave(), before.wave())
        && before.nodes() != null
        && before.progress() != null
        && before.nodes().verified() >= counts.stages().verified()
        && before.nodes().updated() >= counts.stages().updated()
        && before.progress().percent() >= counts.transfer().percent();
  }
}
