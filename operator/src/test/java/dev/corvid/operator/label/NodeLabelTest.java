package dev.corvid.operator.label;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NodeLabelTest {
  @Test
  void namesTheRelease() {
    assertThat(NodeLabel.key("search", "ranking-model"))
        .isEqualTo("release.corvid.dev/search.ranking-model");
  }

  @Test
  void endsInAHashWhenItWouldBeTooLong() {
    String one = NodeLabel.key("n".repeat(60), "model-1");
    String other = NodeLabel.key("n".repeat(60), "model-2");

    assertThat(one).isNotEqualTo(other).matches("release\\.corvid\\.dev/n{50}\\.[0-9a-f]{12}");
    assertThat(NodeLabel.key("n".repeat(49), "m".repeat(13))).doesNotMatch(".*[0-9a-f]{12}");
  }
}
