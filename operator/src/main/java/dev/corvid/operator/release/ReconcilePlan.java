package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.Source;
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
import dev.corvid.operator.release.seeder.Publications;
import dev.corvid.operator.release.seeder.SeederPolicy;
import dev.corvid.operator.release.step.Now;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.seeder.SeederModel;
import dev.corvid.operator.seeder.SeederPodState;
import dev.corvid.time.Uptime;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.operator.Fleet;
import dev.corvid.wire.seeder.SeederReport;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What follows from what was observed: pure.
 *
 * @param history with the wanted revision first, if its content is known
 * @param wanted null as long as the content is not known
 * @param plan of the nodes; null to leave the grants in force as they are
 * @param failures of the wanted revision
 * @param seederNeeded whether a pod must seed, or fetch and seed
 * @param seederPod the pod that does; null when there is none
 * @param seederReport the last word of that pod; null when it has not spoken
 * @param problem what keeps the release from being placed, or its seeder from working; null
 * @param refused whether the problem is the spec's
 */
record ReconcilePlan(
    RevisionHistory history,
    ReleaseRevision wanted,
    RolloutPlan plan,
    NodeFailures failures,
    boolean seederNeeded,
    Pod seederPod,
    SeederReport seederReport,
    Problem problem,
    boolean refused) {

  private static final Duration RECOVERY = Duration.ofMinutes(1);

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
    RevisionHistory before = RevisionHistory.of(seen.records(), seen.status());
    Problem refusal = refusal(seen);
    if (refusal != null) {
      return refused(seen, refusal);
    }
    RevisionHistory history = spec.suspend() || !recorded ? before : resolve(before, seen);
    ReleaseRevision wanted =
        history.latest().filter(r -> r.sourceHash().equals(seen.sourceHash())).orElse(null);
    Optional<Content> target = Optional.ofNullable(wanted).map(ReleaseRevision::content);
    Pod pod = seederPod(seen, wanted == null && recorded);
    SeederReport report = pod == null ? null : report(pod, seen);
    NodeFailures failures = failures(history, seen);
    return new ReconcilePlan(
        history.limited(spec.revisionHistoryLimit(), seen.status()),
        wanted,
        plan(history, wanted, failures, seen),
        failures,
        !spec.suspend() && (!recorded || SeederPolicy.of(target, seen.selection(), pod != null)),
        pod,
        report,
        seederProblem(spec, pod, report, seen.now()),
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
    RevisionHistory before = RevisionHistory.of(seen.records(), seen.status());
    return new ReconcilePlan(before, null, null, seen.failures(), false, null, null, why, true);
  }

  private static Problem refusal(ObservedState seen) {
    String root = seen.release().getSpec().root();
    String namespace = seen.release().getMetadata().getNamespace();
    if (seen.root() == null) {
      return new Problem(
          Reason.RootUnknown,
          "the cluster's admin opened no root named "
              + root
              + "; roots are set in the Helm values");
    }
    if (!seen.root().allows(namespace)) {
      return new Problem(
          Reason.RootNotAllowed, "the root " + root + " is not open to the namespace " + namespace);
    }
    return null;
  }

  /** A source that is known from before is that revision again; nothing is fetched for it. */
  private static RevisionHistory resolve(RevisionHistory before, ObservedState seen) {
    Instant now = seen.now().wall();
    return before
        .from(seen.sourceHash())
        .map(revision -> before.wanting(revision, now))
        .or(
            () ->
                Optional.ofNullable(seen.publication())
                    .map(
                        publication ->
                            before.published(publication, seen.release().getSpec().version(), now)))
        .map(history -> history.named(seen.release().getSpec().version()))
        .orElse(before);
  }

  private static NodeFailures failures(RevisionHistory history, ObservedState seen) {
    return history
        .latest()
        .map(latest -> seen.failures().next(latest.digest(), seen.selection(), seen.now().wall()))
        .orElse(NodeFailures.NONE);
  }

  /**
   * As long as the new content is not known, the revision before it stays wanted; where it is not
   * known which one that is, because the status was lost, nodes are told nothing.
   */
  private static RolloutPlan plan(
      RevisionHistory history, ReleaseRevision wanted, NodeFailures failures, ObservedState seen) {
    SwarmReleaseSpec spec = seen.release().getSpec();
    if (spec.suspend()) {
      List<Content> known = history.revisions().stream().map(ReleaseRevision::content).toList();
      return RolloutPlan.suspended(known, seen.selection(), wave(wanted, seen.status()));
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
      ReleaseRevision latest, ReleaseRevision wanted, NodeFailures failures, ObservedState seen) {
    boolean baseline = StatusRevisions.isCurrent(seen.status(), latest);
    Content target = latest.content();
    return new RolloutContext(
        seen.release().getSpec().rollout(),
        target,
        baseline,
        wanted == null && !baseline,
        seen.selection(),
        seen.told(target),
        failures,
        Annotations.of(seen.release()),
        wave(wanted, seen.status()),
        !seen.release().getMetadata().getGeneration().equals(seen.status().observedGeneration()),
        seen.now());
  }

  /** The wave that a status shows is of the revision that it shows. */
  private static WaveStatus wave(ReleaseRevision wanted, SwarmReleaseStatus status) {
    return wanted != null && StatusRevisions.isUpdate(status, wanted) ? status.wave() : null;
  }

  /** What each node is to do; null to leave the grants in force as they are. */
  Map<String, NodeIntent> intents() {
    return plan == null ? null : plan.intents();
  }

  /** The pod that works on this source, as the spec describes it now if it has yet to fetch. */
  private static Pod seederPod(ObservedState seen, boolean fetching) {
    String fingerprint = SeederModel.fingerprint(seen.release());
    return seen.seeders().stream()
        .filter(pod -> !(SeederPodState.of(pod) instanceof SeederPodState.Gone))
        .filter(pod -> seen.sourceHash().equals(SeederModel.sourceHash(pod)))
        .filter(pod -> seen.scope() == null || SeederModel.servesIn(pod, seen.scope().key()))
        .filter(pod -> !fetching || fingerprint.equals(SeederModel.fingerprint(pod)))
        .findFirst()
        .orElse(null);
  }

  /** Words of an earlier pod are not this one's. */
  private static SeederReport report(Pod pod, ObservedState seen) {
    return SeederPodState.of(pod) instanceof SeederPodState.Running
        ? seen.fleet()
            .seeder()
            .filter(heard -> Publications.isFrom(pod, heard))
            .map(Fleet.Seeder::report)
            .orElse(null)
        : null;
  }

  /** The seeder knows what is in it, and not its name. */
  private static String secret(SwarmReleaseSpec spec, Reason reason) {
    Source.SecretRef secret = spec.source().secretRef();
    return secret == null || reason != Reason.SourceAuthFailed
        ? ""
        : " (spec.source.secretRef: " + secret.name() + ")";
  }

  /**
   * When a seeder that was restarted is taken to have recovered: until then the fault that ended it
   * is told, or a seeder that crashes again and again would be well and ill in turn.
   */
  Optional<Uptime> recoveryDue(Now now) {
    return Optional.ofNullable(seederPod)
        .flatMap(SeederPodState::restart)
        .map(restart -> recovered(restart, now));
  }

  private static Uptime recovered(SeederPodState.Restart restart, Now now) {
    return now.uptimeOf(restart.since()).plus(RECOVERY);
  }

  private static Problem seederProblem(
      SwarmReleaseSpec spec, Pod pod, SeederReport report, Now now) {
    if (pod != null && SeederPodState.of(pod) instanceof SeederPodState.Troubled trouble) {
      return new Problem(
          trouble.reason(),
          "the seeder %s: %s".formatted(pod.getMetadata().getName(), trouble.message()),
          trouble.passing());
    }
    Optional<String> restart =
        Optional.ofNullable(pod)
            .flatMap(SeederPodState::restart)
            .filter(again -> now.uptime().isBefore(recovered(again, now)))
            .map(SeederPodState.Restart::message);
    boolean seeds = report != null && report.state() == SeederReport.State.SEEDING;
    if (restart.isPresent() && !seeds) {
      return new Problem(
          Reason.SeederFailed,
          "the seeder %s: %s".formatted(pod.getMetadata().getName(), restart.get()));
    }
    if (report != null && report.state() == SeederReport.State.FAILED) {
      String message = report.message() == null ? report.reason().name() : report.message();
      return new Problem(report.reason(), message + secret(spec, report.reason()));
    }
    return null;
  }
}
