package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.release.record.ControllerRevisionCodec;
import dev.corvid.operator.release.record.KnownRecords;
import dev.corvid.operator.release.record.RawControllerRevision;
import dev.corvid.operator.release.record.RecordedRevision;
import dev.corvid.operator.release.record.ReleaseRevision;
import dev.corvid.operator.release.record.RevisionHistory;
import dev.corvid.operator.release.state.ReconcileState;
import dev.corvid.operator.release.step.Deletion;
import dev.corvid.operator.release.step.ReconcileSteps;
import dev.corvid.operator.release.watch.ReleaseInformers;
import dev.corvid.operator.trust.SigningKey;
import dev.corvid.time.Uptime;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what the sources of a release became, in one ControllerRevision each, before any node
 * is told of it. One that is not the operator's own is named once, and left alone; if it has the
 * name that a record was to have, the record gets another name.
 */
final class RevisionRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(RevisionRecorder.class);

  private static final String RECORD =
      "record its revisions as ControllerRevisions, without which no node gets a new one";

  /** More than a release that was restored, or whose signing key was lost, can have. */
  private static final int MANY_FOREIGN = 100;

  /** As many as a release may keep. */
  private static final int MOST_UNPROVEN = 20;

  private final Supplier<SigningKey> key;
  private final RecordAdoption adoption;
  private final RandomGenerator random;

  RevisionRecorder(Supplier<SigningKey> key, RandomGenerator random) {
    this.key = key;
    this.adoption = new RecordAdoption(key);
    this.random = random;
  }

  /** The records of the release: those that the cluster has, and those that it had. */
  List<RecordedRevision> of(
      SwarmRelease release, List<RawControllerRevision> found, ReconcileState reconcileState) {
    KnownRecords known = reconcileState.records();
    known.retainObjects(found);
    List<RawControllerRevision> foreign = new ArrayList<>();
    for (RawControllerRevision object : found) {
      known.read(object, release, key.get()).ifPresentOrElse(known::add, () -> foreign.add(object));
    }
    known.unproven(claimed(foreign));
    if (foreign.size() > MANY_FOREIGN && known.isFirstWarnedOfMany()) {
      warn(release, foreign.size());
    }
    foreign.stream()
        .map(RawControllerRevision::getMetadata)
        .filter(metadata -> known.isFirstNamed(metadata.getUid()))
        .forEach(RevisionRecorder::warn);
    return known.all();
  }

  private static void warn(ObjectMeta metadata) {
    LOG.warn(
        "The ControllerRevision {}/{} is not this operator's, although its labels say so: its seal"
            + " is missing or wrong, or of an earlier signing key. It is ignored and left alone",
        metadata.getNamespace(),
        metadata.getName());
  }

  private static void warn(SwarmRelease release, int foreign) {
    LOG.warn(
        "{} ControllerRevisions are labelled as records of the release {} and are not this"
            + " operator's. Each takes memory of the operator: delete them, and bound them by a"
            + " ResourceQuota of count/controllerrevisions.apps",
        foreign,
        ResourceNames.nameOf(release));
  }

  /** What nodes may keep although the records of it are not, or no longer, proven. */
  private static List<String> claimed(List<RawControllerRevision> foreign) {
    return foreign.stream()
        .sorted(
            Comparator.comparing(
                RawControllerRevision::getRevision,
                Comparator.nullsLast(Comparator.reverseOrder())))
        .flatMap(object -> ControllerRevisionCodec.claimedDigest(object).stream())
        .distinct()
        .limit(MOST_UNPROVEN)
        .toList();
  }

  /**
   * Brings the ControllerRevisions to what is planned.
   *
   * @return the plan, or the one without the latest revision if that could not be written down:
   *     signed is only what outlives this process
   */
  ReconcilePlan record(
      ReconcilePlan wanted,
      ObservedState seen,
      ReconcileState reconcileState,
      ReleaseInformers informers,
      Context<SwarmRelease> context) {
    if (wanted.refused()) {
      return wanted;
    }
    KnownRecords known = reconcileState.records();
    ReconcileSteps steps = reconcileState.steps();
    List<RawControllerRevision> found = informers.recordsOf(seen.release());
    steps.run(RECORD, () -> writeMissing(found, wanted.history(), seen, known, informers, context));
    ReconcilePlan reconcilePlan =
        wanted.history().latest().map(ReleaseRevision::recorded).map(known::has).orElse(true)
            ? wanted
            : ReconcilePlan.unrecorded(seen);
    steps.run(
        "own the records of its revisions",
        () -> adoption.adoptAll(found, seen, known, context.getClient()));
    steps.run(
        "delete the records of revisions that are no longer kept",
        () -> prune(found, seen, reconcilePlan.history(), known, context));
    known.retain(reconcilePlan.history());
    return reconcilePlan;
  }

  private boolean holds(
      RawControllerRevision object,
      RecordedRevision record,
      ObservedState seen,
      KnownRecords known) {
    return known.read(object, seen.release(), key.get()).filter(record::saysSame).isPresent();
  }

  /** All that are missing at once: of those that were there only as often as may be repaired. */
  private void writeMissing(
      List<RawControllerRevision> found,
      RevisionHistory history,
      ObservedState seen,
      KnownRecords known,
      ReleaseInformers informers,
      Context<SwarmRelease> context) {
    Uptime now = seen.now().uptime();
    boolean mayRepair = known.mayRepair(now);
    boolean repairs = false;
    for (ReleaseRevision revision : history.revisions()) {
      RecordedRevision record = revision.recorded();
      boolean lost = known.has(record);
      if (found.stream().noneMatch(o -> holds(o, record, seen, known)) && (mayRepair || !lost)) {
        write(record, seen, known, informers, context);
        repairs |= lost;
      }
    }
    if (repairs) {
      known.repaired(now);
    }
  }

  private void write(
      RecordedRevision record,
      ObservedState seen,
      KnownRecords known,
      ReleaseInformers informers,
      Context<SwarmRelease> context) {
    String name = ControllerRevisionCodec.name(seen.release(), record);
    try {
      create(record, name, seen, informers, context);
    } catch (KubernetesClientException e) {
      if (!isTaken(e)) {
        throw e;
      }
      if (!isThere(record, name, seen, known, context)) {
        byte[] suffix = new byte[4];
        random.nextBytes(suffix);
        create(record, name + "-" + HexFormat.of().formatHex(suffix), seen, informers, context);
      }
    }
    known.add(record);
  }

  /** Others answer 409, too: a quota that changed meanwhile says nothing of the name. */
  static boolean isTaken(KubernetesClientException e) {
    return e.getStatus() != null && "AlreadyExists".equals(e.getStatus().getReason());
  }

  private void create(
      RecordedRevision record,
      String name,
      ObservedState seen,
      ReleaseInformers informers,
      Context<SwarmRelease> context) {
    context
        .resourceOperations()
        .create(
            ControllerRevisionCodec.of(seen.release(), record, name, key.get()),
            informers.records());
  }

  /** Whether it is the record that has its name already; without our labels it is not watched. */
  private boolean isThere(
      RecordedRevision record,
      String name,
      ObservedState seen,
      KnownRecords known,
      Context<SwarmRelease> context) {
    RawControllerRevision object =
        context
            .getClient()
            .resources(RawControllerRevision.class)
            .inNamespace(seen.release().getMetadata().getNamespace())
            .withName(name)
            .get();
    if (object == null || !holds(object, record, seen, known)) {
      return false;
    }
    adoption.adopt(object, seen, known, context.getClient());
    return true;
  }

  private void prune(
      List<RawControllerRevision> found,
      ObservedState seen,
      RevisionHistory history,
      KnownRecords known,
      Context<SwarmRelease> context) {
    for (RawControllerRevision object : found) {
      boolean kept =
          known
              .read(object, seen.release(), key.get())
              .map(
                  record ->
                      !known.isReplaced(record)
                          && history.revisions().stream()
                              .anyMatch(r -> r.recorded().isSame(record)))
              .orElse(true);
      if (!kept && ControllerRevisionCodec.isAdopted(object, seen.release())) {
        Deletion.delete(object, context);
      }
    }
  }
}
