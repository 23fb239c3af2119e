package dev.corvid.operator.release;

import dev.corvid.operator.release.record.ControllerRevisionCodec;
import dev.corvid.operator.release.record.KnownRecords;
import dev.corvid.operator.release.record.RawControllerRevision;
import dev.corvid.operator.release.record.RecordedRevision;
import dev.corvid.operator.trust.SigningKey;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a release the owner of the records of its revisions: one that came back from a backup has
 * another uid, and its records may have no owner, or lack their labels.
 */
final class RecordAdoption {
  private static final Logger LOG = LoggerFactory.getLogger(RecordAdoption.class);
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  private final Supplier<SigningKey> key;

  RecordAdoption(Supplier<SigningKey> key) {
    this.key = key;
  }

  /** Adopts one object of each record: copies that a tenant makes must not cause requests. */
  void adoptAll(
      List<RawControllerRevision> found,
      ObservedState seen,
      KnownRecords known,
      KubernetesClient client) {
    Set<RecordedRevision> owned = new HashSet<>();
    found.stream()
        .filter(object -> ControllerRevisionCodec.isMarked(object, seen.release()))
        .forEach(object -> known.read(object, seen.release(), key.get()).ifPresent(owned::add));
    found.stream()
        .filter(
            object ->
                ControllerRevisionCodec.mayBeNamed(object.getMetadata().getName(), seen.release()))
        .filter(
            object -> known.read(object, seen.release(), key.get()).filter(owned::add).isPresent())
        .forEach(object -> adopt(object, seen, known, client));
  }

  void adopt(
      RawControllerRevision object,
      ObservedState seen,
      KnownRecords known,
      KubernetesClient client) {
    ObjectMeta metadata = object.getMetadata();
    if (ControllerRevisionCodec.isMarked(object, seen.release())
        || !ControllerRevisionCodec.mayBeNamed(metadata.getName(), seen.release())
        || known.read(object, seen.release(), key.get()).isEmpty()
        || known.isAdopted(metadata.getUid(), metadata.getResourceVersion())) {
      return;
    }
    ObjectMeta wanted = ControllerRevisionCodec.metadata(seen.release(), metadata.getName());
    String patch =
        client
            .getKubernetesSerialization()
            .asJson(
                Map.of(
                    "metadata",
                    Map.of(
                        "resourceVersion", metadata.getResourceVersion(),
                        "labels", wanted.getLabels(),
                        "ownerReferences", wanted.getOwnerReferences())));
    try {
      client.resource(named(metadata)).patch(MERGE, patch);
      known.adopted(metadata.getUid(), metadata.getResourceVersion());
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT
          && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
      LOG.debug("{} changed before it could be adopted", metadata.getName());
    }
  }

  private static RawControllerRevision named(ObjectMeta metadata) {
    var named = new RawControllerRevision();
    named.setMetadata(
        new ObjectMetaBuilder()
            .withName(metadata.getName())
            .withNamespace(metadata.getNamespace())
            .build());
    return named;
  }
}
