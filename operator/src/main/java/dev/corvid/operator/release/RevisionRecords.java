package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.trust.SigningKey;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.net.HttpURLConnection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what the sources of a release became, in one ControllerRevision each, before any node
 * is told of it. One that is not the operator's own is named once, and left alone; if it has the
 * name that a record was to have, the record gets another name.
 */
final class RevisionRecords {
  private static final Logger LOG = LoggerFactory.getLogger(RevisionRecords.class);
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  private final Supplier<SigningKey> key;
  private final RandomGenerator random;

  RevisionRecords(Supplier<SigningKey> key, RandomGenerator random) {
    this.key = key;
    this.random = random;
  }

  /** The records of the release: those that the cluster has, and those that it had. */
  List<RevisionRecord> of(SwarmRelease release, List<StoredRevision> found, Track track) {
    KnownRecords known = track.records();
    for (StoredRevision object : found) {
      Optional<RevisionRecord> record = read(object, release);
      record.ifPresent(known::add);
      ObjectMeta metadata = object.getMetadata();
      if (record.isEmpty() && known.isFirstNamed(metadata.getUid())) {
        LOG.warn(
            "The ControllerRevision {}/{} is not this operator's, although its labels say so: its seal is missing or wrong, or of an earlier signing key. It is ignored and left alone",
            metadata.getNamespace(),
            metadata.getName());
      }
    }
    return known.all();
  }

  /**
   * Brings the ControllerRevisions to what was decided.
   *
   * @return whether the revision that nodes are to have is written down
   */
  boolean apply(
      Observed seen,
      Decision decision,
      Track track,
      Cluster cluster,
      Context<SwarmRelease> context) {
    KnownRecords known = track.records();
    if (!decision.refused()) {
      Steps steps = track.steps();
      List<StoredRevision> found = cluster.recordsOf(seen.release());
      steps.run(
          "record its revisions",
          () ->
              decision.history().revisions().stream()
                  .map(Revision::recorded)
                  .filter(record -> found.stream().noneMatch(o -> holds(o, record, seen)))
                  .forEach(record -> write(record, seen, known, cluster, context)));
      steps.run(
          "own the records of its revisions",
          () -> found.forEach(object -> adopt(object, seen, known, context)));
      steps.run(
          "delete the records of revisions that are no longer kept",
          () -> prune(found, seen, decision.history(), context));
      known.retain(decision.history());
    }
    return decision.history().latest().map(Revision::recorded).map(known::has).orElse(true);
  }

  private Optional<RevisionRecord> read(StoredRevision object, SwarmRelease release) {
    return RevisionObject.read(object, Strays.name(release), key.get());
  }

  private boolean holds(StoredRevision object, RevisionRecord record, Observed seen) {
    return read(object, seen.release()).filter(record::isSame).isPresent();
  }

  private void write(
      RevisionRecord record,
      Observed seen,
      KnownRecords known,
      Cluster cluster,
      Context<SwarmRelease> context) {
    boolean repairs = known.has(record);
    if (repairs && !known.mayRepair(seen.now().uptime())) {
      return;
    }
    String name = RevisionObject.name(seen.release(), record);
    if (!create(record, name, seen, cluster, context)
        && !isThere(record, name, seen, known, context)) {
      byte[] suffix = new byte[4];
      random.nextBytes(suffix);
      create(record, name + "-" + HexFormat.of().formatHex(suffix), seen, cluster, context);
    }
    known.add(record);
    if (repairs) {
      known.repaired(seen.now().uptime());
    }
  }

  /**
   * @return false when the name is taken
   */
  private boolean create(
      RevisionRecord record,
      String name,
      Observed seen,
      Cluster cluster,
      Context<SwarmRelease> context) {
    try {
      context
          .resourceOperations()
          .create(RevisionObject.of(seen.release(), record, name, key.get()), cluster.records());
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  /** Whether it is the record that has its name already; without our labels it is not watched. */
  private boolean isThere(
      RevisionRecord record,
      String name,
      Observed seen,
      KnownRecords known,
      Context<SwarmRelease> context) {
    StoredRevision object =
        context
            .getClient()
            .resources(StoredRevision.class)
            .inNamespace(seen.release().getMetadata().getNamespace())
            .withName(name)
            .get();
    if (object == null || !holds(object, record, seen)) {
      return false;
    }
    adopt(object, seen, known, context);
    return true;
  }

  /** A release that came back from a backup has another uid, and its records may have no owner. */
  private void adopt(
      StoredRevision object, Observed seen, KnownRecords known, Context<SwarmRelease> context) {
    ObjectMeta metadata = object.getMetadata();
    if (RevisionObject.isAdopted(object, seen.release())
        || read(object, seen.release()).isEmpty()
        || !known.isToBeAdopted(metadata.getUid(), metadata.getResourceVersion())) {
      return;
    }
    ObjectMeta wanted = RevisionObject.metadata(seen.release(), metadata.getName());
    String patch =
        context
            .getClient()
            .getKubernetesSerialization()
            .asJson(
                Map.of(
                    "metadata",
                    Map.of(
                        "resourceVersion", metadata.getResourceVersion(),
                        "labels", wanted.getLabels(),
                        "ownerReferences", wanted.getOwnerReferences())));
    try {
      context.getClient().resource(named(metadata)).patch(MERGE, patch);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT
          && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
      LOG.debug("{} changed before it could be adopted", metadata.getName());
    }
  }

  private static StoredRevision named(ObjectMeta metadata) {
    var named = new StoredRevision();
    named.setMetadata(
        new ObjectMetaBuilder()
            .withName(metadata.getName())
            .withNamespace(metadata.getNamespace())
            .build());
    return named;
  }

  private void prune(
      List<StoredRevision> found, Observed seen, History history, Context<SwarmRelease> context) {
    for (StoredRevision object : found) {
      boolean kept =
          read(object, seen.release())
              .map(
                  record -> history.revisions().stream().anyMatch(r -> r.recorded().isSame(record)))
              .orElse(true);
      if (!kept && RevisionObject.isAdopted(object, seen.release())) {
        Deletion.delete(object, context);
      }
    }
  }
}
