package dev.corvid.operator.release.record;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.OLD;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.StoredJson;
import dev.corvid.operator.release.Given;
import dev.corvid.operator.testing.Golden;
import dev.corvid.operator.trust.SigningKey;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.ReleaseName;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControllerRevisionCodecTest {
  private static final SigningKey KEY = SigningKey.generate();
  private static final ReleaseName MODEL = new ReleaseName("search", "model");

  private final SwarmRelease release = Given.release("suspend: false");
  private final RecordedRevision record = Given.recorded(3, NEW, "sha256:new");
  private final RawControllerRevision object =
      ControllerRevisionCodec.of(
          release, record, ControllerRevisionCodec.name(release, record), KEY);

  @Test
  void isReadAsItWasWritten() {
    assertThat(ControllerRevisionCodec.read(stored(object), MODEL, KEY)).contains(record);
    assertThat(
            ControllerRevisionCodec.read(
                ControllerRevisionCodec.trimmed(stored(object)), MODEL, KEY))
        .contains(record);
  }

  @Test
  void belongsToTheRelease() {
    assertThat(object.getMetadata().getName()).isEqualTo("model-" + NEW.revision());
    assertThat(ControllerRevisionCodec.isAdopted(object, release)).isTrue();
    assertThat(ControllerRevisionCodec.isAdopted(ControllerRevisionCodec.trimmed(object), release))
        .isTrue();
    release.getMetadata().setUid("33-44");
    assertThat(ControllerRevisionCodec.isAdopted(object, release)).isFalse();
  }

  /** Its seal is of a key that no two runs of this test share. */
  @Test
  void matchesTheGoldenFile() throws Exception {
    Map<String, Object> data = data();
    data.put("seal", "0".repeat(64));
    Golden.assertEqual(with(data), "controller-revision.yaml");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "number",
        "version",
        "digest",
        "sourceHash",
        "sourceDigest",
        "infoHash",
        "pieceLength",
        "sizeBytes",
        "fileCount",
        "seal"
      })
  void noFieldOfAnotherRecordIsBelieved(String field) {
    var other =
        ControllerRevisionCodec.of(
            release,
            new RecordedRevision(4, "2.0", "sha256:old", OLD.manifestDigest(), larger(OLD)),
            "model-x",
            KEY);
    Map<String, Object> data = data();
    data.put(field, ((Map<?, ?>) other.getData()).get(field));

    assertThat(read(data)).isEmpty();
  }

  private static Content larger(Content content) {
    return new Content(
        content.manifestDigest(),
        content.infoHash(),
        2 * content.pieceLength(),
        content.sizeBytes() + 1,
        content.fileCount() + 1);
  }

  @Test
  void isOfOneReleaseAndOneKeyAlone() {
    assertThat(ControllerRevisionCodec.read(object, new ReleaseName("search", "other"), KEY))
        .isEmpty();
    assertThat(ControllerRevisionCodec.read(object, new ReleaseName("ads", "model"), KEY))
        .isEmpty();
    assertThat(ControllerRevisionCodec.read(object, MODEL, SigningKey.generate())).isEmpty();
  }

  @Test
  void whateverSomebodyWritesIsNoRecord() {
    assertThat(read(null)).isEmpty();
    assertThat(read("text")).isEmpty();
    assertThat(read(List.of(1))).isEmpty();
    assertThat(read(Map.of())).isEmpty();
    for (String field : data().keySet()) {
      for (Object value : List.of("", -1, 1e300, List.of(), Map.of("a", "b"))) {
        Map<String, Object> data = data();
        data.put(field, value);
        assertThat(read(data)).as("%s: %s", field, value).isEmpty();
        assertThat(ControllerRevisionCodec.trimmed(object).getData())
            .as("a map")
            .isInstanceOf(Map.class);
      }
      Map<String, Object> data = data();
      data.remove(field);
      assertThat(read(data)).as("without %s", field).isEmpty();
    }
  }

  private Optional<RecordedRevision> read(Object data) {
    return ControllerRevisionCodec.read(with(data), MODEL, KEY);
  }

  private RawControllerRevision with(Object data) {
    object.setData(data);
    return object;
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> data() {
    return new HashMap<>((Map<String, Object>) object.getData());
  }

  /** Those that the API server takes where it does not know what the data is. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "text",
        "1",
        "[1, 2]",
        "{\"a\": {\"b\": 1}}",
        "{\"a\": [1], \"b\": 2}",
        "{\"a\": true, \"b\": 2}",
        "{\"a\": 1e300}",
        "DEEP",
        "{\"a\": DEEP, \"b\": {\"c\": 1}}",
        "{\"NAME\": 1}",
        "{\"a\": \"NAME\"}",
        "{\"a\": DIGITS}",
        "MANY"
      })
  void dataOfAnyShapeIsSkipped(String shape) {
    var mapper = new ObjectMapper();
    new StoredJson().customize(mapper);
    String data =
        shape
            .replace("DEEP", "[".repeat(9_000) + "]".repeat(9_000))
            .replace("NAME", "n".repeat(1 << 20))
            .replace("DIGITS", "9".repeat(100_000))
            .replace(
                "MANY",
                "{\"a0\": 0"
                    + IntStream.range(1, 99)
                        .mapToObj(i -> ", \"a" + i + "\": 1")
                        .collect(Collectors.joining())
                    + "}")
            .replace("text", "\"text\"");

    var read =
        new KubernetesSerialization(mapper, false)
            .<RawControllerRevision>unmarshal(
                "{\"metadata\": {\"name\": \"x\"}, \"data\": %s, \"revision\": 7}".formatted(data),
                RawControllerRevision.class);

    assertThat(read.getData()).isEqualTo(Map.of());
    assertThat(read.getRevision()).as("what follows").isEqualTo(7);
  }

  private static RawControllerRevision stored(RawControllerRevision object) {
    return Serialization.unmarshal(Serialization.asJson(object), RawControllerRevision.class);
  }
}
