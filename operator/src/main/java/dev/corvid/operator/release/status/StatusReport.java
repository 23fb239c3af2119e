package dev.corvid.operator.release.status;

import dev.corvid.api.v1alpha1.ConditionReason;
import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.HttpStatus;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.Progress;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.SourceStatus;
import dev.corvid.operator.release.record.ReleaseRevision;
import dev.corvid.operator.release.record.RevisionDisplayName;
import dev.corvid.operator.release.record.RevisionHistory;
import dev.corvid.operator.release.record.StatusRevisions;
import dev.corvid.operator.release.rollout.RemovalPlan;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Rank;
import dev.corvid.wire.seeder.SeederReport;
import dev.corvid.wire.text.ByteSize;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The status of a release: computed once, from facts, by nobody else. */
public final class StatusReport {
  private static final Set<String> SUMMARY =
      Set.of(Conditions.READY, Conditions.RECONCILING, Conditions.STALLED);

  private final StatusInput input;
  private final NodeCounts counts;
  private final ReadyCondition readyCondition;

  private StatusReport(StatusInput input, NodeCounts counts) {
    this.input = input;
    this.counts = counts;
    this.readyCondition = ReadyCondition.of(input, counts);
  }

  /**
   * @param counts of the nodes that are selected, against the wanted revision
   */
  public static SwarmReleaseStatus of(StatusInput input, NodeCounts counts) {
    return new StatusReport(input, counts).status();
  }

  /** The status of a release of which no more is known than before, and this. */
  public static SwarmReleaseStatus of(
      Problem problem, SwarmRelease release, SwarmReleaseStatus before, Instant now) {
    long generation = release.getMetadata().getGeneration();
    String reason = problem.reason().name();
    String abnormal = problem.needsSomebody() ? Conditions.STALLED : Conditions.RECONCILING;
    var conditions =
        new Conditions(before.conditions(), generation, now)
            .add(Conditions.READY, "False", reason, problem.message())
            .add(abnormal, "True", reason, problem.message());
    if (!release.isMarkedForDeletion()) {
      before.conditions().stream()
          .filter(known -> Conditions.TYPES.contains(known.getType()))
          .filter(known -> !SUMMARY.contains(known.getType()))
          .forEach(c -> conditions.add(c.getType(), c.getStatus(), c.getReason(), c.getMessage()));
    }
    return new SwarmReleaseStatus(
        generation,
        conditions.build(),
        before.currentVersion(),
        before.currentRevision(),
        before.updateRevision(),
        before.source(),
        before.nodes(),
        before.progress(),
        before.wave(),
        before.rolloutStartTime(),
        before.lastProgressTime(),
        before.failures(),
        before.history(),
        null);
  }

  private SwarmReleaseStatus status() {
    SwarmReleaseStatus before = input.before();
    ReleaseRevision wanted = input.rollout().wanted();
    ReleaseRevision shown = wanted != null ? wanted : latest();
    boolean complete =
        wanted != null && counts.isUpdated() && !input.awaitsWave() && !tooManyFailed();
    RevisionHistory history =
        complete
            ? input.rollout().history().completed(seconds(input.now().wall()))
            : input.rollout().history();
    String current = complete ? input.revision().revision() : before.currentRevision();
    return new SwarmReleaseStatus(
        input.generation(),
        conditions(),
        RevisionDisplayName.version(history.summary(), current),
        current,
        wanted == null ? null : wanted.revision(),
        shown == null ? null : source(shown),
        counts.status(input.nodes().failures().count(), holding()),
        progress(),
        wanted == null ? null : input.rollout().plan().wave(),
        shown == null ? null : shown.startTime(),
        seconds(input.rollout().lastProgress()).toString(),
        Stream.of(
                input.nodes().failures().byNode().values(),
                input.nodes().silent(),
                NodeWarnings.of(input.nodes().selection(), before.failures(), input.now().wall()))
            .flatMap(Collection::stream)
            .limit(20)
            .toList(),
        history.summary(),
        null);
  }

  /** Of a release that is refused the nodes are not looked at. */
  private @Nullable Integer holding() {
    return input.obstacles().refused()
        ? NodeCounts.held(input.before()).orElse(null)
        : Integer.valueOf(input.nodes().selection().holding(input.leaving()));
  }

  private boolean tooManyFailed() {
    return input.nodes().failures().tooMany(input.failuresAllowed()).isPresent();
  }

  private @Nullable ReleaseRevision latest() {
    return input.rollout().history().latest().orElse(null);
  }

  private List<Condition> conditions() {
    var conditions =
        new Conditions(input.before().conditions(), input.generation(), input.now().wall());
    String reason = readyCondition.reason().name();
    conditions.add(Conditions.READY, readyCondition.ready(), reason, readyCondition.message());
    addAvailable(conditions);
    addFullyPlaced(conditions);
    NodesMatchedCondition.addTo(conditions, input);
    addRemovalHeld(conditions);
    addVolumeOutdated(conditions);
    addAnnotationIgnored(conditions);
    if (readyCondition.reconciling()) {
      conditions.add(Conditions.RECONCILING, "True", reason, readyCondition.message());
    }
    if (readyCondition.stalled()) {
      conditions.add(Conditions.STALLED, "True", reason, readyCondition.message());
    }
    return conditions.build();
  }

  private void addAvailable(Conditions conditions) {
    int absent = counts.reachable() - counts.stages().serving();
    if (counts.absent().pending() > 0) {
      // Nobody knows; what was true last stands until the nodes have spoken.
      conditions.carry(Conditions.AVAILABLE);
    } else if (counts.reachable() > 0 && absent == 0) {
      conditions.add(
          Conditions.AVAILABLE,
          "True",
          ConditionReason.Serving.name(),
          "every reachable node serves a whole revision");
    } else if (input.nodes().selection().matching() == 0) {
      // A pool that is scaled to zero must wake nobody up.
      addNoNode(
          conditions,
          Conditions.AVAILABLE,
          NodesMatchedCondition.isEnough(input) ? "True" : "False");
    } else if (counts.reachable() == 0) {
      conditions.add(
          Conditions.AVAILABLE,
          "False",
          Reason.PeerMissing.name(),
          "none of the %d matching nodes can be reached"
              .formatted(input.nodes().selection().matching()));
    } else {
      conditions.add(
          Conditions.AVAILABLE,
          "False",
          ConditionReason.NotServing.name(),
          "%d of %d reachable nodes serve no revision".formatted(absent, counts.reachable()));
    }
  }

  private void addNoNode(Conditions conditions, String type, String status) {
    Problem none = NodesMatchedCondition.noNode(input);
    conditions.add(type, status, none.reason().name(), none.message());
  }

  private void addFullyPlaced(Conditions conditions) {
    int matching = input.nodes().selection().matching();
    if (matching == 0) {
      addNoNode(conditions, Conditions.FULLY_PLACED, "False");
    } else if (counts.absent().unserved() > 0) {
      conditions.add(
          Conditions.FULLY_PLACED,
          "False",
          Reason.PeerMissing.name(),
          "no Corvid peer runs on %d of %d matching nodes, such as %s"
              .formatted(
                  counts.absent().unserved(),
                  matching,
                  input.nodes().selection().unserved().getFirst()));
    } else if (input.rollout().wanted() != null && counts.stages().verified() == matching) {
      conditions.add(
          Conditions.FULLY_PLACED,
          "True",
          Reason.Succeeded.name(),
          "every matching node holds the revision");
    } else {
      conditions.add(
          Conditions.FULLY_PLACED,
          "False",
          Reason.Progressing.name(),
          "%d of %d matching nodes hold the revision"
              .formatted(counts.stages().verified(), matching));
    }
  }

  private void addRemovalHeld(Conditions conditions) {
    RemovalPlan.Hold hold = input.nodes().removalPlan().hold();
    if (!input.nodes().selection().isHeard()) {
      // Who leaves is not known before every node has spoken.
      conditions.carry(Conditions.REMOVAL_HELD);
    } else if (hold != null) {
      conditions.add(Conditions.REMOVAL_HELD, "True", hold.reason(), hold.message());
    }
  }

  private void addVolumeOutdated(Conditions conditions) {
    if (input.obstacles().volumeHeldBy().count() > 0) {
      conditions.add(
          Conditions.VOLUME_OUTDATED,
          "True",
          ConditionReason.InUse.name(),
          "spec.nodes.selector changed, and pods keep the volume as it was: %s. While any of them exists, new pods are scheduled only where the former selector matches: scale their workloads to 0 and back (a rolling restart always leaves one), and delete pods that have ended"
              .formatted(input.obstacles().volumeHeldBy()));
    }
  }

  private void addAnnotationIgnored(Conditions conditions) {
    if (input.rollout().ignored() != null) {
      conditions.add(
          Conditions.ANNOTATION_IGNORED,
          "True",
          input.rollout().ignored().reason(),
          input.rollout().ignored().message());
    }
  }

  private SourceStatus source(ReleaseRevision revision) {
    return new SourceStatus(
        revision.digest(),
        new HttpStatus(revision.sourceDigest()),
        revision.content().sizeBytes(),
        ByteSize.format(revision.content().sizeBytes()),
        revision.content().fileCount(),
        note(revision));
  }

  /** Of the seeder that fetched it; afterwards as the status has it. */
  private @Nullable String note(ReleaseRevision revision) {
    SeederReport seeder = input.seeder().report();
    if (seeder != null
        && seeder.state() == SeederReport.State.SEEDING
        && seeder.publication() != null
        && seeder.publication().sourceHash().equals(revision.sourceHash())) {
      return seeder.message();
    }
    SwarmReleaseStatus before = input.before();
    return before.source() != null && StatusRevisions.isUpdate(before, revision)
        ? before.source().note()
        : null;
  }

  private Progress progress() {
    SeederReport seeder = input.seeder().report();
    Progress before = input.before().progress();
    Long origin =
        seeder != null
            ? Long.valueOf(seeder.originBytes())
            : before == null ? null : before.originBytes();
    return new Progress(
        input.rollout().wanted() == null ? 0 : counts.transfer().percent(),
        summary(seeder),
        origin,
        Math.min(Rank.LIMIT, counts.transfer().reused()));
  }

  private String summary(@Nullable SeederReport seeder) {
    if (input.nodes().selection().matching() == 0) {
      return input.nodes().selection().excluded() == 0 ? "no node matches" : "no peer runs";
    }
    return input.rollout().wanted() != null ? counts.transfer().percent() + "%" : fetching(seeder);
  }

  private static String fetching(@Nullable SeederReport seeder) {
    if (seeder == null || seeder.originTotal() == 0) {
      return "fetching";
    }
    // Attempts that failed are counted, too: more than all of it may have been fetched.
    return "fetching " + Math.min(100, seeder.originBytes() * 100 / seeder.originTotal()) + "%";
  }

  private static Instant seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS);
  }
}
