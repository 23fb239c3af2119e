package dev.corvid.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentedYamlTest {
  @Test
  void aBlockSaysWhatItIs() {
    List<DocumentedYaml> found =
        DocumentedYaml.of(
            "a.md",
            List.of(
                "text",
                "```yaml release refused",
                "spec: {suspend: 5}",
                "```",
                "```",
                "no",
                "```"));

    assertThat(found).hasSize(1);
    assertThat(found.getFirst().at()).isEqualTo("a.md:2");
    assertThat(found.getFirst().isRefused()).isTrue();
    assertThat(found.getFirst().answer()).isEqualTo("no\n");
    assertThat(found.getFirst().objects().getFirst())
        .contains("\"suspend\":5", "\"nodes\":{", "\"kind\":\"SwarmRelease\"");
    assertThatThrownBy(() -> DocumentedYaml.of("a.md", List.of("```", "apiVersion: v1", "```")))
        .hasMessage("a.md:1 is YAML: write ```yaml");
  }
}
