package dev.corvid.operator.release.status;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.NOW;

import dev.corvid.api.v1alpha1.Nodes;
import dev.corvid.api.v1alpha1.SwarmReleaseSpec;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.release.Given;
import dev.corvid.operator.release.record.ReleaseRevision;
import dev.corvid.operator.release.record.RevisionHistory;
import dev.corvid.operator.release.rollout.Annotations;
import dev.corvid.operator.release.rollout.IgnoredAnnotation;
import dev.corvid.operator.release.rollout.NodeFailures;
import dev.corvid.operator.release.rollout.RemovalPlan;
import dev.corvid.operator.release.rollout.RolloutContext;
import dev.corvid.operator.release.rollout.RolloutPlan;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.release.volume.VolumeUsers;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.seeder.Publication;
import dev.corvid.wire.seeder.SeederReport;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Facts, one word at a time. */
public record Situation(
    SwarmReleaseSpec spec,
    NodeSelection selection,
    SwarmReleaseStatus before,
    ReleaseRevision wanted,
    SeederReport seeder,
    String starting,
    Problem problem,
    Problem mountProblem,
    RemovalPlan removalPlan,
    boolean isOverdue,
    boolean isTrackerLost,
    Annotations annotations,
    Instant now) {
  public Situation(String spec, NodeSelection selection) {
    this(
        Given.release(spec).getSpec(),
        selection,
        SwarmReleaseStatus.empty(),
        null,
        null,
        null,
        null,
        null,
        RemovalPlan.NONE,
        false,
        false,
        Annotations.of(Given.release("")),
        NOW);
  }

  public Situation wanting() {
    return wanting(NEW);
  }

  Situation wanting(Content content) {
    return with(before, Given.revision(content, "sha256:new"), seeder, problem);
  }

  /** The wanted revision has that name. */
  public Situation named(String version) {
    var history = new RevisionHistory(List.of(Given.revision(NEW, "sha256:new"))).named(version);
    return with(before, history.revisions().getFirst(), seeder, problem);
  }

  public Situation fetched(long bytes, long total) {
    var report =
        new SeederReport(SeederReport.State.FETCHING, 6881, bytes, total, null, 0, null, null);
    return with(before, wanted, report, problem);
  }

  /** The seeder fetches, has nothing yet, and says why. */
  Situation waitingFor(String message) {
    var report = new SeederReport(SeederReport.State.FETCHING, 6881, 0, 0, null, 0, null, message);
    return with(before, wanted, report, problem);
  }

  /** The seeder has published, and sent so much. */
  Situation seeding(long uploaded) {
    var publication =
        Publication.prove("11-22", "sha256:new", TestCluster.digest("new"), NEW, 0, new byte[32]);
    var report =
        new SeederReport(SeederReport.State.SEEDING, 6881, 0, 0, publication, uploaded, null, null);
    return with(before, wanted, report, problem);
  }

  /** The seeder has not spoken, for that reason. */
  Situation starting(String text) {
    return new Situation(
        spec,
        selection,
        before,
        wanted,
        seeder,
        text,
        problem,
        mountProblem,
        removalPlan,
        isOverdue,
        isTrackerLost,
        annotations,
        now);
  }

  /** The seeder has published what is wanted, and has this to say of its source. */
  Situation published(String note) {
    var publication =
        Publication.prove("uid", wanted.sourceHash(), wanted.sourceDigest(), NEW, 1, new byte[32]);
    var report =
        new SeederReport(SeederReport.State.SEEDING, 6881, 1, 1, publication, 0, null, note);
    return with(before, wanted, report, problem);
  }

  public Situation problem(Reason reason) {
    return with(before, wanted, seeder, new Problem(reason, "what happened"));
  }

  Situation notMountable() {
    var taken = new Problem(Reason.ClaimConflict, "the claim is taken");
    return new Situation(
        spec,
        selection,
        before,
        wanted,
        seeder,
        starting,
        problem,
        taken,
        removalPlan,
        isOverdue,
        isTrackerLost,
        annotations,
        now);
  }

  public Situation after(SwarmReleaseStatus earlier) {
    return with(earlier, wanted, seeder, problem);
  }

  private Situation with(
      SwarmReleaseStatus before, ReleaseRevision wanted, SeederReport seeder, Problem problem) {
    return new Situation(
        spec,
        selection,
        before,
        wanted,
        seeder,
        starting,
        problem,
        mountProblem,
        removalPlan,
        isOverdue,
        isTrackerLost,
        annotations,
        now);
  }

  Situation overdue() {
    return new Situation(
        spec,
        selection,
        before,
        wanted,
        seeder,
        starting,
        problem,
        mountProblem,
        removalPlan,
        true,
        isTrackerLost,
        annotations,
        now);
  }

  Situation trackerLost() {
    return new Situation(
        spec,
        selection,
        before,
        wanted,
        seeder,
        starting,
        problem,
        mountProblem,
        removalPlan,
        isOverdue,
        true,
        annotations,
        now);
  }

  Situation withRemovalPlan(RemovalPlan of) {
    return new Situation(
        spec,
        selection,
        before,
        wanted,
        seeder,
        starting,
        problem,
        mountProblem,
        of,
        isOverdue,
        isTrackerLost,
        annotations,
        now);
  }

  Situation annotated(String annotation, String value) {
    var release = Given.release("");
    release.getMetadata().getAnnotations().put(annotation, value);
    return new Situation(
        spec,
        selection,
        before,
        wanted,
        seeder,
        starting,
        problem,
        mountProblem,
        removalPlan,
        isOverdue,
        isTrackerLost,
        Annotations.of(release),
        now);
  }

  Situation minimum(Integer nodes) {
    return new Situation(
        new SwarmReleaseSpec(
            spec.version(),
            spec.source(),
            spec.root(),
            new Nodes(spec.nodes().selector(), nodes),
            spec.rollout(),
            spec.bandwidth(),
            spec.seeder(),
            spec.revisionHistoryLimit(),
            spec.suspend(),
            spec.deletionPolicy()),
        selection,
        before,
        wanted,
        seeder,
        starting,
        problem,
        mountProblem,
        removalPlan,
        isOverdue,
        isTrackerLost,
        annotations,
        now);
  }

  Situation at(Instant later) {
    return new Situation(
        spec,
        selection,
        before,
        wanted,
        seeder,
        starting,
        problem,
        mountProblem,
        removalPlan,
        isOverdue,
        isTrackerLost,
        annotations,
        later);
  }

  RolloutContext rolling() {
    return new RolloutContext(
        spec.rollout(),
        new RolloutContext.Target(NEW, false, false),
        new RolloutContext.Nodes(
            selection, Set.of(), NodeFailures.NONE.next(NEW.manifestDigest(), selection, now)),
        annotations,
        new RolloutContext.Before(null, false),
        Given.at(now));
  }

  private StatusInput input(VolumeUsers volumeHeldBy, boolean refused) {
    RolloutContext rolling = rolling();
    var history = new RevisionHistory(wanted == null ? List.of() : List.of(wanted));
    var release = Given.release("");
    release.setSpec(spec);
    return new StatusInput(
        release,
        before,
        Given.at(now),
        new StatusInput.RolledOut(
            history,
            wanted,
            RolloutPlan.rollOut(rolling),
            IgnoredAnnotation.of(annotations, spec.rollout(), history, wanted).orElse(null),
            NOW,
            isOverdue),
        new StatusInput.Nodes(
            selection,
            removalPlan,
            rolling.nodes().failures(),
            UnresponsiveNodes.of(selection, List.of(), before.failures(), Given.at(now)).nodes(),
            isTrackerLost
                ? new Problem(Reason.TrackerUnavailable, "the tracker does not answer")
                : null),
        new StatusInput.Seeder(seeder, starting),
        new StatusInput.Obstacles(problem, refused, mountProblem, volumeHeldBy));
  }

  public SwarmReleaseStatus status() {
    return status(VolumeUsers.NONE);
  }

  /** Of a release whose volume these pods keep as it was. */
  SwarmReleaseStatus status(VolumeUsers volumeHeldBy) {
    return status(input(volumeHeldBy, false));
  }

  /** Of a release for which nothing is done, because of its problem. */
  public SwarmReleaseStatus refused() {
    return status(input(VolumeUsers.NONE, true));
  }

  private static SwarmReleaseStatus status(StatusInput input) {
    return StatusReport.of(
        input, NodeCounts.of(input.nodes().selection(), input.target(), input.nodes().failures()));
  }

  Condition condition(String type) {
    return Conditions.find(status().conditions(), type).orElseThrow();
  }

  public String message() {
    return condition("Ready").getMessage();
  }

  public String conditions() {
    String abnormal =
        status().conditions().stream()
            .map(Condition::getType)
            .filter(type -> type.equals("Reconciling") || type.equals("Stalled"))
            .collect(Collectors.joining(" "));
    Condition ready = condition("Ready");
    return (ready.getStatus() + "/" + ready.getReason() + " " + abnormal).strip();
  }
}
