package dev.corvid.operator.release.record;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.fleet.InformerTransforms;
import dev.corvid.operator.metadata.Ownership;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.trust.SigningKey;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.ReleaseName;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A record as the ControllerRevision that keeps it, and back: pure. The API server lets nobody
 * change its data, but whoever may create one in the namespace can write any: so a record counts by
 * its seal, over itself and the release's namespace and name. The release's uid is no part of that:
 * a backup brings a release back under another one. Neither is the object's own name.
 */
public final class ControllerRevisionCodec {
  public static final String COMPONENT = "revision";

  /** Of what is sealed and how; another one is not read. */
  private static final String FORMAT = "v1";

  private static final Set<String> FIELDS =
      Set.of(
          "format",
          "number",
          "version",
          "digest",
          "sourceHash",
          "sourceDigest",
          "infoHash",
          "pieceLength",
          "sizeBytes",
          "fileCount",
          "seal");

  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  private static final Set<String> LABELS =
      Stream.concat(
              ResourceNames.labels(COMPONENT).keySet().stream(), Stream.of(ResourceNames.RELEASE))
          .collect(Collectors.toUnmodifiableSet());

  private ControllerRevisionCodec() {}

  public static String name(SwarmRelease release, RecordedRevision record) {
    return release.getMetadata().getName() + "-" + record.revision();
  }

  public static RawControllerRevision of(
      SwarmRelease release, RecordedRevision record, String name, SigningKey key) {
    Content content = record.content();
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("format", FORMAT);
    data.put("number", record.number());
    if (record.version() != null) {
      data.put("version", record.version());
    }
    data.put("digest", content.manifestDigest());
    data.put("sourceHash", record.sourceHash());
    data.put("sourceDigest", record.sourceDigest());
    data.put("infoHash", content.infoHash());
    data.put("pieceLength", content.pieceLength());
    data.put("sizeBytes", content.sizeBytes());
    data.put("fileCount", content.fileCount());
    data.put("seal", key.seal(parts(ResourceNames.nameOf(release), record)));
    var object = new RawControllerRevision();
    object.setMetadata(metadata(release, name));
    object.setData(data);
    object.setRevision(record.number());
    return object;
  }

  /**
   * What is kept in memory of an object with our labels, which anybody may create and make as large
   * as the API server takes: whose it is, and no more data than a record has.
   */
  public static RawControllerRevision trimmed(RawControllerRevision object) {
    var trimmed = new RawControllerRevision();
    trimmed.setMetadata(InformerTransforms.owned(object, LABELS));
    trimmed.setData(ofRecord(object.getData()));
    trimmed.setRevision(object.getRevision());
    return trimmed;
  }

  /** It is flat and short, as it was read: see {@link FlatData}. */
  private static Object ofRecord(@Nullable Object data) {
    return data instanceof Map<?, ?> map && FIELDS.containsAll(map.keySet()) ? map : Map.of();
  }

  /** What the operator says of such an object besides its data. */
  public static ObjectMeta metadata(SwarmRelease release, String name) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(release.getMetadata().getNamespace())
        .withLabels(labels(release))
        .withOwnerReferences(owner(release))
        .build();
  }

  private static Map<String, String> labels(SwarmRelease release) {
    Map<String, String> labels = ResourceNames.labels(COMPONENT);
    labels.put(ResourceNames.RELEASE, release.getMetadata().getName());
    return labels;
  }

  private static OwnerReference owner(SwarmRelease release) {
    return new OwnerReferenceBuilder()
        .withApiVersion(release.getApiVersion())
        .withKind(release.getKind())
        .withName(release.getMetadata().getName())
        .withUid(release.getMetadata().getUid())
        .withController(true)
        .build();
  }

  /** Whether the release is its owner, so that it is deleted with it. */
  public static boolean isAdopted(RawControllerRevision object, SwarmRelease release) {
    return Ownership.isControlledBy(object, release);
  }

  /** Whether it also has the labels by which it is found. */
  public static boolean isMarked(RawControllerRevision object, SwarmRelease release) {
    return isAdopted(object, release)
        && object.getMetadata().getLabels().entrySet().containsAll(labels(release).entrySet());
  }

  /** Whether a record of the release may have that name: the chart's admission policy asks, too. */
  public static boolean mayBeNamed(String name, SwarmRelease release) {
    return name.startsWith(release.getMetadata().getName() + "-");
  }

  /** The manifest digest that the object says, whoever wrote it. */
  public static Optional<String> claimedDigest(RawControllerRevision object) {
    return object.getData() instanceof Map<?, ?> data
            && data.get("digest") instanceof String digest
            && DIGEST.matcher(digest).matches()
        ? Optional.of(digest)
        : Optional.empty();
  }

  /** The record, if this operator wrote it for that release. */
  public static Optional<RecordedRevision> read(
      RawControllerRevision object, ReleaseName release, SigningKey key) {
    if (!(object.getData() instanceof Map<?, ?> data) || !FORMAT.equals(data.get("format"))) {
      return Optional.empty();
    }
    try {
      var record =
          new RecordedRevision(
              number(data, "number"),
              data.containsKey("version") ? text(data, "version") : null,
              text(data, "sourceHash"),
              text(data, "sourceDigest"),
              new Content(
                  text(data, "digest"),
                  text(data, "infoHash"),
                  Math.toIntExact(number(data, "pieceLength")),
                  number(data, "sizeBytes"),
                  Math.toIntExact(number(data, "fileCount"))));
      return Optional.of(record).filter(r -> key.isSealed(text(data, "seal"), parts(release, r)));
    } catch (IllegalArgumentException | ArithmeticException e) {
      return Optional.empty(); // of somebody who does not know what a record is
    }
  }

  private static String text(Map<?, ?> data, String key) {
    if (data.get(key) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(key + " is no text");
  }

  private static long number(Map<?, ?> data, String key) {
    if (data.get(key) instanceof Number number) {
      return number.longValue();
    }
    throw new IllegalArgumentException(key + " is no number");
  }

  private static List<String> parts(ReleaseName release, RecordedRevision record) {
    Content content = record.content();
    return List.of(
        "revision",
        FORMAT,
        release.namespace(),
        release.name(),
        Long.toString(record.number()),
        record.version() == null ? "" : record.version(),
        record.sourceHash(),
        record.sourceDigest(),
        content.manifestDigest(),
        content.infoHash(),
        Integer.toString(content.pieceLength()),
        Long.toString(content.sizeBytes()),
        Integer.toString(content.fileCount()));
  }
}
