package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmReleaseSpec;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.WaveStatus;
import dev.corvid.operator.fleet.SelectorSyntax;
import dev.corvid.operator.release.record.ReleaseRevision;
import dev.corvid.operator.release.record.RevisionHistory;
import dev.corvid.operator.release.record.StatusRevisions;
import dev.corvid.operator.release.rollout.Annotations;
import dev.corvid.operator.release.rollout.NodeFailures;
import dev.corvid.operator.release.rollout.NodeIntent;
import dev.corvid.operator.release.rollout.RolloutContext;
import dev.corvid.operator.release.rollout.RolloutPlan;
import dev.corvid.operator.release.rollout.RolloutState;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What follows from what was observed: pure.
 *
 * @param history with the wanted revision first, if its content is known
 * @param wanted null as long as the content is not known
 * @param plan of the nodes; null to leave the grants in force as they are
 * @param failures of the wanted revision
 * @param seeder whether it needs one, and the one that it has
 * @param problem what keeps the release from being placed, or its seeder from working; null
 * @param refused whether the problem is the spec's
 */
record ReconcilePlan(
    RevisionHistory history,
    @Nullable ReleaseRevision wanted,
    @Nullable RolloutPlan plan,
    NodeFailures failures,
    PlannedSeeder seeder,
    @Nullable Problem problem,
    boolean refused) {

  static ReconcilePlan of(ObservedState seen) {
    return of(seen, true);
  }

  /**
   * While what was published cannot be recorded: the revision before it stays wanted, as if it were
   * still being fetched, and the seeder stays, which alone knows it.
   */
  static ReconcilePlan unrecorded(ObservedState seen) {
    return of(seen, false);
  }

  private static ReconcilePlan of(ObservedState seen, boolean recorded) {
    SwarmReleaseSpec spec = seen.release().getSpec();
    RevisionHistory before =
        RevisionHistory.of(seen.recorded().records(), seen.recorded().status());
    Problem refusal = refusal(seen);
    if (refusal != null) {
      return refused(seen, refusal);
    }
    RevisionHistory history = spec.suspend() || !recorded ? before : resolve(before, seen);
    ReleaseRevision wanted =
        history.latest().filter(r -> r.sourceHash().equals(seen.source().hash())).orElse(null);
    Optional<Content> target = Optional.ofNullable(wanted).map(ReleaseRevision::content);
    PlannedSeeder seeder = PlannedSeeder.of(seen, target, recorded);
    NodeFailures failures = failures(history, seen);
    return new ReconcilePlan(
        history.limited(spec.revisionHistoryLimit(), seen.recorded().status()),
        wanted,
        plan(history, wanted, failures, seen),
        failures,
        seeder,
        seeder.problem(spec, seen.now()),
        false);
  }

  /**
   * Why nothing is to be changed at all: a selector that the API server would refuse selects
   * neither all nodes nor none. The CRD refuses it, too, but not in an object from before.
   */
  static Optional<Problem> invalidSelector(SwarmReleaseSpec spec) {
    Map<String, LabelSelector> selectors = new LinkedHashMap<>();
    selectors.put("spec.nodes.selector", spec.nodes().selector());
    for (int i = 0; i < spec.rollout().waves().size(); i++) {
      LabelSelector selector = spec.rollout().waves().get(i).selector();
      if (selector != null) {
        selectors.put("spec.rollout.waves[" + i + "].selector", selector);
      }
    }
    return selectors.entrySet().stream()
        .flatMap(
            entry ->
                SelectorSyntax.problem(entry.getValue()).stream()
                    .map(wrong -> entry.getKey() + ": " + wrong))
        .findFirst()
        .map(
            message ->
                new Problem(
                    Reason.InvalidSpec,
                    message + "; until this is corrected nothing changes on any node"));
  }

  /** Nothing is done until the spec changes, or the problem passes; nothing is forgotten. */
  static ReconcilePlan refused(ObservedState seen, Problem why) {
    RevisionHistory before =
        RevisionHistory.of(seen.recorded().records(), seen.recorded().status());
    return new ReconcilePlan(
        before, null, null, seen.recorded().failures(), PlannedSeeder.NONE, why, true);
  }

  private static @Nullable Problem refusal(ObservedState seen) {
    String root = seen.release().getSpec().root();
    String namespace = seen.release().getMetadata().getNamespace();
    if (seen.location().root() == null) {
      return new Problem(
          Reason.RootUnknown,
          "the cluster's admin opened no root named "
              + root
              + "; roots are set in the Helm values");
    }
    if (!seen.location().root().allows(namespace)) {
      return new Problem(
          Reason.RootNotAllowed, "the root " + root + " is not open to the namespace " + namespace);
    }
    return null;
  }

  /** A source that is known from before is that revision again; nothing is fetched for it. */
  private static RevisionHistory resolve(RevisionHistory before, ObservedState seen) {
    Instant now = seen.now().wall();
    return before
        .from(seen.source().hash())
        .map(revision -> before.wanting(revision, now))
        .or(
            () ->
                Optional.ofNullable(seen.source().publication())
                    .map(
                        publication ->
                            before.published(publication, seen.release().getSpec().version(), now)))
        .map(history -> history.named(seen.release().getSpec().version()))
        .orElse(before);
  }

  private static NodeFailures failures(RevisionHistory history, ObservedState seen) {
    return history
        .latest()
        .map(
            latest ->
                seen.recorded()
                    .failures()
                    .next(latest.digest(), seen.nodes().selection(), seen.now().wall()))
        .orElse(NodeFailures.NONE);
  }

  /**
   * As long as the new content is not known, the revision before it stays wanted; where it is not
   * known which one that is, because the status was lost, nodes are told nothing.
   */
  private static RolloutPlan plan(
      RevisionHistory history,
      @Nullable ReleaseRevision wanted,
      NodeFailures failures,
      ObservedState seen) {
    SwarmReleaseSpec spec = seen.release().getSpec();
    if (spec.suspend()) {
      List<Content> known = history.revisions().stream().map(ReleaseRevision::content).toList();
      return RolloutPlan.suspended(
          known, seen.nodes().selection(), wave(wanted, seen.recorded().status()));
    }
    if (wanted == null && history.latest().filter(latest -> !latest.hasBegun()).isPresent()) {
      return RolloutPlan.nothing();
    }
    return history
        .latest()
        .map(latest -> rolloutContext(latest, wanted, failures, seen))
        .map(RolloutPlan::rollOut)
        .orElseGet(RolloutPlan::nothing);
  }

  private static RolloutContext rolloutContext(
      ReleaseRevision latest,
      @Nullable ReleaseRevision wanted,
      NodeFailures failures,
      ObservedState seen) {
    SwarmReleaseStatus status = seen.recorded().status();
    Long generation = seen.release().getMetadata().getGeneration();
    boolean baseline = StatusRevisions.isCurrent(status, latest);
    Content target = latest.content();
    return new RolloutContext(
        seen.release().getSpec().rollout(),
        new RolloutContext.Target(target, baseline, wanted == null && !baseline),
        new RolloutContext.Nodes(seen.nodes().selection(), seen.told(target), failures),
        Annotations.of(seen.release()),
        new RolloutContext.Before(
            wave(wanted, status), !generation.equals(status.observedGeneration())),
        seen.now());
  }

  /** The wave that a status shows is of the revision that it shows. */
  private static @Nullable WaveStatus wave(
      @Nullable ReleaseRevision wanted, SwarmReleaseStatus status) {
    return wanted != null && StatusRevisions.isUpdate(status, wanted) ? status.wave() : null;
  }

  /** What each node is to do; null to leave the grants in force as they are. */
  @Nullable Map<String, NodeIntent> intents() {
    return plan == null ? null : plan.intents();
  }

  /** The wanted revision's content; empty as long as it is not known. */
  Optional<Content> target() {
    return Optional.ofNullable(wanted).map(ReleaseRevision::content);
  }

  /** A pause is no lack of progress, and its end is some. */
  boolean isPaused() {
    return plan != null && plan.state() instanceof RolloutState.Paused;
  }
}
