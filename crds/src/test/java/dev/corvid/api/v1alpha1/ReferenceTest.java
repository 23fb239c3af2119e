package dev.corvid.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kubectl explain --recursive} is the reference of the API. */
class ReferenceTest {
  private static final Pattern SENTENCES = Pattern.compile("[A-Z].*\\.", Pattern.DOTALL);

  /** What a figure counts, or is measured in. */
  private static final Pattern UNIT =
      Pattern.compile(
          "(?i)\\b(bytes|seconds|hours|nodes?|files|attempts|waves?|revisions|generation|components"
              + "|percent|percentage)\\b");

  private static final Pattern BYTES = Pattern.compile("\\bbytes\\b|\\bBytes\\b");

  @TempDir Path workDirectory;
  private Map<String, JSONSchemaProps> fields;

  @BeforeEach
  void walk() {
    fields = Crd.fields(Crd.schema(workDirectory));
  }

  @Test
  void everyFieldIsDescribedInSentences() {
    assertThat(fields.keySet().stream().filter(path -> !isDescribed(path))).isEmpty();
  }

  private boolean isDescribed(String path) {
    String text = fields.get(path).getDescription();
    return text != null && SENTENCES.matcher(text).matches();
  }

  @Test
  void everyFigureHasAUnit() {
    Map<String, String> figures =
        fields.entrySet().stream()
            .filter(field -> isFigure(field.getValue()))
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, field -> String.valueOf(field.getValue().getDescription())));

    assertThat(figures).hasSizeGreaterThan(20);
    assertThat(
            figures.entrySet().stream().filter(f -> !unit(f.getKey()).matcher(f.getValue()).find()))
        .isEmpty();
  }

  /** A quantity of Kubernetes is bytes here, or bytes per second. */
  private Pattern unit(String path) {
    String form = fields.get(path).getPattern();
    return form != null && form.contains("KMGTPE") ? BYTES : UNIT;
  }

  private static boolean isFigure(JSONSchemaProps field) {
    return "integer".equals(field.getType())
        || Boolean.TRUE.equals(field.getXKubernetesIntOrString());
  }

  /** Hours and minutes, and how short and long they may be. */
  @Test
  void everyDurationSaysHowItIsWritten() {
    var durations =
        fields.entrySet().stream()
            .filter(
                field ->
                    field.getValue().getXKubernetesValidations() != null
                        && field.getValue().getXKubernetesValidations().stream()
                            .anyMatch(rule -> rule.getRule().contains("duration(self)")))
            .toList();

    assertThat(durations).hasSize(2);
    assertThat(durations)
        .allSatisfy(
            field ->
                assertThat(field.getValue().getDescription())
                    .as(field.getKey())
                    .contains("From 1s to 8760h", "10m or 1h30m"));
  }
}
