package dev.corvid.operator.release.status;

import static java.util.Objects.requireNonNull;

import dev.corvid.api.v1alpha1.Rollout;
import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseSpec;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.Failure;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.WaveStatus;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.release.record.ReleaseRevision;
import dev.corvid.operator.release.record.RevisionHistory;
import dev.corvid.operator.release.record.StatusRevisions;
import dev.corvid.operator.release.rollout.IgnoredAnnotation;
import dev.corvid.operator.release.rollout.NodeFailures;
import dev.corvid.operator.release.rollout.RemovalPlan;
import dev.corvid.operator.release.rollout.RolloutPlan;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.release.step.ReconcileTime;
import dev.corvid.operator.release.volume.VolumeUsers;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.seeder.SeederReport;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that a status is computed from.
 *
 * @param before the status that stands; never null
 * @param seeder what is known of the one that runs, or is being started
 */
public record StatusInput(
    SwarmRelease release,
    SwarmReleaseStatus before,
    ReconcileTime now,
    RolledOut rollout,
    Nodes nodes,
    Seeder seeder,
    Obstacles obstacles) {

  /**
   * The roll-out of the wanted revision.
   *
   * @param history with the wanted revision first, if its content is known
   * @param wanted the revision that the spec means; null as long as its content is not known
   * @param ignored an annotation whose value changes nothing; null when there is none
   * @param lastProgress when anything moved
   * @param overdue whether the progress deadline has passed since
   */
  public record RolledOut(
      RevisionHistory history,
      @Nullable ReleaseRevision wanted,
      RolloutPlan plan,
      @Nullable IgnoredAnnotation ignored,
      Instant lastProgress,
      boolean overdue) {}

  /**
   * @param removalPlan of the nodes that no longer match
   * @param failures of the wanted revision
   * @param silent nodes that should have answered, and did not
   * @param tracker why their reports are missing; null while the tracker answers
   */
  public record Nodes(
      NodeSelection selection,
      RemovalPlan removalPlan,
      NodeFailures failures,
      List<Failure> silent,
      @Nullable Problem tracker) {}

  /**
   * @param report its last word; null when there is none
   * @param starting what one that has not spoken waits for; null when it is not known, or not for
   *     long
   */
  public record Seeder(@Nullable SeederReport report, @Nullable String starting) {}

  /**
   * What is in the way.
   *
   * @param problem what keeps the release from being placed at all, or its seeder from working;
   *     null when nothing does
   * @param refused whether the problem is the spec's: nothing is done until it changes
   * @param sideProblem what keeps the release from being Ready even where nodes get it, such as no
   *     pod being able to mount it, or a step that the cluster refuses; null when nothing does
   * @param volumeHeldBy pods that keep the volume as it was before the selector changed
   */
  public record Obstacles(
      @Nullable Problem problem,
      boolean refused,
      @Nullable Problem sideProblem,
      VolumeUsers volumeHeldBy) {}

  public SwarmReleaseSpec spec() {
    return release.getSpec();
  }

  /** Of the spec. */
  long generation() {
    return release.getMetadata().getGeneration();
  }

  /** The wanted revision, where its content is known. */
  ReleaseRevision revision() {
    return requireNonNull(rollout.wanted(), "its content is known");
  }

  /** How many nodes may fail. */
  int failuresAllowed() {
    return spec().rollout().failuresAllowed(nodes.selection().matching());
  }

  /** All nodes that leave: those that are told are not all. */
  List<SelectedNode> leaving() {
    return nodes.removalPlan().leaving().isEmpty()
        ? nodes.selection().leaving()
        : nodes.removalPlan().leaving();
  }

  /**
   * Whether matching nodes wait for a wave that is yet to come. Those that cannot be reached do not
   * count for Ready, but that they are away does not end the pause before their wave.
   */
  boolean awaitsWave() {
    WaveStatus wave = rollout.plan().wave();
    if (rollout.wanted() == null
        || wave == null
        || wave.index().equals(wave.total())
        || StatusRevisions.isCurrent(before, rollout.wanted())) {
      return false;
    }
    return nodes.selection().staying().stream()
        .anyMatch(
            m ->
                !m.serves(rollout.wanted().digest())
                    && !nodes.failures().nodes().contains(m.node()));
  }

  /** Whether some revision was active, once, on every node that matched then. */
  boolean wasActive() {
    return before.currentRevision() != null || rollout.history().hasCompleted();
  }

  /** Whether Ready waits for the disks only. */
  boolean needsPlacingOnly() {
    return spec().rollout().readyWhen() == Rollout.ReadyWhen.Distributed;
  }

  public Optional<Content> target() {
    return Optional.ofNullable(rollout.wanted()).map(ReleaseRevision::content);
  }
}
