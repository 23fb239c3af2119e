package dev.corvid.operator.label;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NodeLabelsBoundTest {
  /** Not started: what is put stays due. */
  private final NodeLabels labels = new NodeLabels(null);

  @Test
  void aNodeCarriesABoundedNumber() {
    for (int i = 0; i < NodeLabels.MOST - 6; i++) {
      labels.put("node1", "release.corvid.dev/a.r" + i, null, "0123456789ab", 6);
    }
    assertThat(labels.refused()).isZero();

    labels.put("node1", "release.corvid.dev/a.more", null, "0123456789ab", 6);
    assertThat(labels.refused()).isEqualTo(1);
    labels.put("node2", "release.corvid.dev/a.more", null, "0123456789ab", 6);
    labels.put("node1", "release.corvid.dev/a.r1", null, "ba9876543210", 6);
    labels.put("node1", "release.corvid.dev/a.carried", "0123456789ab", "ba9876543210", 6);
    assertThat(labels.refused()).isEqualTo(1);

    labels.put("node1", "release.corvid.dev/a.r1", null, null, 6);
    labels.put("node1", "release.corvid.dev/a.more", null, "0123456789ab", 6);
    assertThat(labels.refused()).isEqualTo(1);
  }
}
