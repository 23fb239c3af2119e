package dev.corvid.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What generated clients and server-side apply read from the schema. */
class ConventionsTest {
  @TempDir Path workDirectory;
  private Map<String, JSONSchemaProps> fields;

  @BeforeEach
  void walk() {
    fields = Crd.fields(Crd.schema(workDirectory));
  }

  @Test
  void everyWholeNumberHasAFormatThatHoldsIt() {
    fields.forEach(
        (path, field) -> {
          if ("integer".equals(field.getType())) {
            assertThat(field.getFormat()).as(path).isIn("int32", "int64");
            assertThat(field.getFormat().equals("int32"))
                .as(path)
                .isEqualTo(field.getMaximum() <= Integer.MAX_VALUE);
          }
        });
    assertThat(fields.get("status.observedGeneration").getFormat()).isEqualTo("int64");
    assertThat(fields.get("spec.revisionHistoryLimit").getFormat()).isEqualTo("int32");
  }

  @Test
  void everyTimeIsOne() {
    fields.forEach(
        (path, field) -> {
          if (path.endsWith("Time")) {
            assertThat(field.getFormat()).as(path).isEqualTo("date-time");
          }
        });
    assertThat(fields).containsKey("status.conditions.lastTransitionTime");
  }

  /** Of two appliers of one list or selector the last one wins as a whole, and is told so. */
  @Test
  void everyListAndSelectorSaysHowItIsMerged() {
    fields.forEach(
        (path, field) -> {
          if ("array".equals(field.getType())) {
            boolean byKey = path.equals("status.conditions");
            assertThat(field.getXKubernetesListType()).as(path).isEqualTo(byKey ? "map" : "atomic");
          }
          if (path.endsWith("elector")) {
            assertThat(field.getXKubernetesMapType()).as(path).isEqualTo("atomic");
          }
        });
    assertThat(fields.get("spec.rollout.waves").getXKubernetesListType()).isEqualTo("atomic");
  }

  @Test
  void conditionsAreMetav1s() {
    JSONSchemaProps condition = fields.get("status.conditions").getItems().getSchema();
    assertThat(condition.getRequired())
        .containsExactlyInAnyOrder("type", "status", "lastTransitionTime", "reason", "message");
    assertThat(condition.getProperties().get("status").getEnum())
        .extracting(JsonNode::asText)
        .containsExactlyInAnyOrder("True", "False", "Unknown");
    assertThat(condition.getProperties().get("observedGeneration").getMinimum()).isZero();
    JSONSchemaProps reason = condition.getProperties().get("reason");
    assertThat("ProgressDeadlineExceeded").matches(reason.getPattern());
    assertThat("no word").doesNotMatch(reason.getPattern());
    assertThat(reason.getMinLength()).isEqualTo(1);
    assertThat(reason.getMaxLength()).isEqualTo(1024);
    JSONSchemaProps type = condition.getProperties().get("type");
    assertThat("Ready").matches(type.getPattern());
    assertThat("example.com/Ready").matches(type.getPattern());
    assertThat("Is ready").doesNotMatch(type.getPattern());
    assertThat(type.getMaxLength()).isEqualTo(316);
    assertThat(condition.getProperties().get("message").getMaxLength()).isBetween(1024L, 32768L);
  }
}
