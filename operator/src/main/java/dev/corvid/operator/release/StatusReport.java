package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.ConditionReason;
import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.HttpStatus;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.Progress;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.SourceStatus;
import dev.corvid.wire.ByteSize;
import dev.corvid.wire.Rank;
import dev.corvid.wire.Reason;
import dev.corvid.wire.SeederReport;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The status of a release: computed once, from facts, by nobody else. */
final class StatusReport {
  private static final Set<String> SUMMARY =
      Set.of(Conditions.READY, Conditions.RECONCILING, Conditions.STALLED);

  private final Facts facts;
  private final Tally tally;
  private final Verdict verdict;

  private StatusReport(Facts facts) {
    this.facts = facts;
    this.tally = Tally.of(facts.selection(), facts.target(), facts.failures());
    this.verdict = Verdict.of(facts, tally);
  }

  static SwarmReleaseStatus of(Facts facts) {
    return new StatusReport(facts).status();
  }

  /** The status of a release of which no more is known than before, and this. */
  static SwarmReleaseStatus of(
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
    SwarmReleaseStatus before = facts.before();
    Revision shown = facts.wanted() != null ? facts.wanted() : latest();
    boolean complete =
        facts.wanted() != null && tally.isUpdated() && !facts.awaitsWave() && !tooManyFailed();
    History history =
        complete ? facts.history().completed(seconds(facts.now().wall())) : facts.history();
    String current = complete ? facts.wanted().revision() : before.currentRevision();
    return new SwarmReleaseStatus(
        facts.generation(),
        conditions(),
        Designation.version(history.summary(), current),
        current,
        facts.wanted() == null ? null : facts.wanted().revision(),
        shown == null ? null : source(shown),
        tally.status(facts.failures().count(), holding()),
        progress(),
        facts.wanted() == null ? null : facts.plan().wave(),
        shown == null ? null : shown.startTime(),
        seconds(facts.lastProgress()).toString(),
        Stream.of(
                facts.failures().byNode().values(),
                facts.silent(),
                Hindrances.of(facts.selection(), before.failures(), facts.now().wall()))
            .flatMap(Collection::stream)
            .limit(20)
            .toList(),
        history.summary(),
        null);
  }

  /** Of a release that is refused the nodes are not looked at. */
  private Integer holding() {
    return facts.refused()
        ? Tally.held(facts.before()).orElse(null)
        : Integer.valueOf(facts.selection().holding(facts.leaving()));
  }

  private boolean tooManyFailed() {
    return facts.failures().tooMany(facts.failuresAllowed()).isPresent();
  }

  private Revision latest() {
    return facts.history().latest().orElse(null);
  }

  private List<Condition> conditions() {
    var conditions =
        new Conditions(facts.before().conditions(), facts.generation(), facts.now().wall());
    String reason = verdict.reason().name();
    conditions.add(Conditions.READY, verdict.ready(), reason, verdict.message());
    addAvailable(conditions);
    addFullyPlaced(conditions);
    Matching.addTo(conditions, facts);
    addRemovalHeld(conditions);
    addVolumeOutdated(conditions);
    addAnnotationIgnored(conditions);
    if (verdict.reconciling()) {
      conditions.add(Conditions.RECONCILING, "True", reason, verdict.message());
    }
    if (verdict.stalled()) {
      conditions.add(Conditions.STALLED, "True", reason, verdict.message());
    }
    return conditions.build();
  }

  private void addAvailable(Conditions conditions) {
    int absent = tally.reachable() - tally.serving();
    if (tally.pending() > 0) {
      // Nobody knows; what was true last stands until the nodes have spoken.
      conditions.carry(Conditions.AVAILABLE);
    } else if (tally.reachable() > 0 && absent == 0) {
      conditions.add(
          Conditions.AVAILABLE,
          "True",
          ConditionReason.Serving.name(),
          "every reachable node serves a whole revision");
    } else if (facts.selection().matching() == 0) {
      // A pool that is scaled to zero must wake nobody up.
      addNoNode(conditions, Conditions.AVAILABLE, Matching.isEnough(facts) ? "True" : "False");
    } else if (tally.reachable() == 0) {
      conditions.add(
          Conditions.AVAILABLE,
          "False",
          Reason.PeerMissing.name(),
          "none of the %d matching nodes can be reached".formatted(facts.selection().matching()));
    } else {
      conditions.add(
          Conditions.AVAILABLE,
          "False",
          ConditionReason.NotServing.name(),
          "%d of %d reachable nodes serve no revision".formatted(absent, tally.reachable()));
    }
  }

  private void addNoNode(Conditions conditions, String type, String status) {
    Problem none = Matching.noNode(facts);
    conditions.add(type, status, none.reason().name(), none.message());
  }

  private void addFullyPlaced(Conditions conditions) {
    int matching = facts.selection().matching();
    if (matching == 0) {
      addNoNode(conditions, Conditions.FULLY_PLACED, "False");
    } else if (tally.unserved() > 0) {
      conditions.add(
          Conditions.FULLY_PLACED,
          "False",
          Reason.PeerMissing.name(),
          "no Corvid peer runs on %d of %d matching nodes, such as %s"
              .formatted(tally.unserved(), matching, facts.selection().unserved().getFirst()));
    } else if (facts.wanted() != null && tally.verified() == matching) {
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
          "%d of %d matching nodes hold the revision".formatted(tally.verified(), matching));
    }
  }

  private void addRemovalHeld(Conditions conditions) {
    Departures.Hold hold = facts.departures().hold();
    if (!facts.selection().isHeard()) {
      // Who leaves is not known before every node has spoken.
      conditions.carry(Conditions.REMOVAL_HELD);
    } else if (hold != null) {
      conditions.add(Conditions.REMOVAL_HELD, "True", hold.reason(), hold.message());
    }
  }

  private void addVolumeOutdated(Conditions conditions) {
    if (facts.volumeHeldBy().count() > 0) {
      conditions.add(
          Conditions.VOLUME_OUTDATED,
          "True",
          ConditionReason.InUse.name(),
          "spec.nodes.selector changed, and pods keep the volume as it was: %s. Until none of them is left, new pods are scheduled only where the former selector matches: scale their workloads to 0 and back (a rolling restart always leaves one), and delete pods that have ended"
              .formatted(facts.volumeHeldBy()));
    }
  }

  private void addAnnotationIgnored(Conditions conditions) {
    if (facts.ignored() != null) {
      conditions.add(
          Conditions.ANNOTATION_IGNORED,
          "True",
          facts.ignored().reason(),
          facts.ignored().message());
    }
  }

  private SourceStatus source(Revision revision) {
    return new SourceStatus(
        revision.digest(),
        new HttpStatus(revision.sourceDigest()),
        revision.content().sizeBytes(),
        ByteSize.format(revision.content().sizeBytes()),
        revision.content().fileCount(),
        note(revision));
  }

  /** Of the seeder that fetched it; afterwards as the status has it. */
  private String note(Revision revision) {
    SeederReport seeder = facts.seeder();
    if (seeder != null
        && seeder.state() == SeederReport.State.SEEDING
        && seeder.publication().sourceHash().equals(revision.sourceHash())) {
      return seeder.message();
    }
    SwarmReleaseStatus before = facts.before();
    return before.source() != null && StatusRevisions.isUpdate(before, revision)
        ? before.source().note()
        : null;
  }

  private Progress progress() {
    SeederReport seeder = facts.seeder();
    Progress before = facts.before().progress();
    Long origin =
        seeder != null
            ? Long.valueOf(seeder.originBytes())
            : before == null ? null : before.originBytes();
    return new Progress(
        facts.wanted() == null ? 0 : tally.percent(),
        summary(seeder),
        origin,
        Math.min(Rank.LIMIT, tally.reused()));
  }

  private String summary(SeederReport seeder) {
    if (facts.selection().matching() == 0) {
      return facts.selection().excluded() == 0 ? "no node matches" : "no peer runs";
    }
    return facts.wanted() != null ? tally.percent() + "%" : fetching(seeder);
  }

  private static String fetching(SeederReport seeder) {
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
