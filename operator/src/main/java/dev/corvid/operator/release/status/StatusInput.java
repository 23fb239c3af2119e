package dev.corvid.operator.release.status;

import dev.corvid.api.v1alpha1.Rollout;
import dev.corvid.api.v1alpha1.SwarmReleaseSpec;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.Failure;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.WaveStatus;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.release.record.ReleaseRevision;
import dev.corvid.operator.release.record.RevisionHistory;
import dev.corvid.operator.release.record.StatusRevisions;
import dev.corvid.operator.release.rollout.Departures;
import dev.corvid.operator.release.rollout.IgnoredAnnotation;
import dev.corvid.operator.release.rollout.NodeFailures;
import dev.corvid.operator.release.rollout.RolloutPlan;
import dev.corvid.operator.release.step.Now;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.release.volume.VolumeUsers;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.seeder.SeederReport;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that a status is computed from.
 *
 * @param generation of the spec
 * @param before the status that stands; never null
 * @param history with the wanted revision first, if its content is known
 * @param wanted the revision that the spec means; null as long as its content is not known
 * @param departures of the nodes that no longer match
 * @param failures of the wanted revision
 * @param silent nodes that should have answered, and did not
 * @param seeder the last word of the seeder that runs; null when there is none
 * @param starting what a seeder that has not spoken waits for; null when it is not known, or not
 *     for long
 * @param problem what keeps the release from being placed at all, or its seeder from working; null
 *     when nothing does
 * @param sideProblem what keeps the release from being Ready even where nodes get it, such as no
 *     pod being able to mount it, or a step that the cluster refuses; null when nothing does
 * @param volumeHeldBy pods that keep the volume as it was before the selector changed
 * @param refused whether the problem is the spec's: nothing is done until it changes
 * @param lastProgress when anything moved
 * @param overdue whether the progress deadline has passed since
 * @param trackerLost whether the tracker has not answered for long
 * @param ignored an annotation whose value changes nothing; null when there is none
 */
public record StatusInput(
    long generation,
    Now now,
    SwarmReleaseSpec spec,
    SwarmReleaseStatus before,
    RevisionHistory history,
    ReleaseRevision wanted,
    NodeSelection selection,
    Departures departures,
    RolloutPlan plan,
    NodeFailures failures,
    List<Failure> silent,
    SeederReport seeder,
    String starting,
    Problem problem,
    Problem sideProblem,
    VolumeUsers volumeHeldBy,
    boolean refused,
    Instant lastProgress,
    boolean overdue,
    boolean trackerLost,
    IgnoredAnnotation ignored) {

  /** How many nodes may fail. */
  int failuresAllowed() {
    return spec.rollout().failuresAllowed(selection.matching());
  }

  /** All nodes that leave: those that are told are not all. */
  List<SelectedNode> leaving() {
    return departures.leaving().isEmpty() ? selection.leaving() : departures.leaving();
  }

  /**
   * Whether matching nodes wait for a wave that is yet to come. Those that cannot be reached do not
   * count for Ready, but that they are away does not end the pause before their wave.
   */
  boolean awaitsWave() {
    WaveStatus wave = plan.wave();
    if (wanted == null
        || wave == null
        || wave.index().equals(wave.total())
        || StatusRevisions.isCurrent(before, wanted)) {
      return false;
    }
    return selection.staying().stream()
        .anyMatch(m -> !m.serves(wanted.digest()) && !failures.nodes().contains(m.node()));
  }

  /** Whether some revision was active, once, on every node that matched then. */
  boolean wasActive() {
    return before.currentRevision() != null || history.hasCompleted();
  }

  /** Whether Ready waits for the disks only. */
  boolean needsPlacingOnly() {
    return spec.rollout().readyWhen() == Rollout.ReadyWhen.Distributed;
  }

  public Optional<Content> target() {
    return Optional.ofNullable(wanted).map(ReleaseRevision::content);
  }
}
