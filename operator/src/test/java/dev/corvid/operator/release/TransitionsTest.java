package dev.corvid.operator.release;

import static dev.corvid.operator.release.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransitionsTest {
  private static final SwarmReleaseStatus PAUSED = ready("Paused", 4);

  @Test
  void tellsThatARollOutWaits() {
    assertThat(Transitions.told(ready("Progressing", 4), PAUSED)).hasSize(1);
  }

  @Test
  void doesNotTellThatItGoesOnAfterAPause() {
    assertThat(Transitions.told(PAUSED, ready("Progressing", 4))).isEmpty();
  }

  @Test
  void tellsThatItGoesOnAfterAnEdit() {
    assertThat(Transitions.told(PAUSED, ready("Progressing", 5))).hasSize(1);
  }

  @Test
  void tellsNothingTwice() {
    assertThat(Transitions.told(PAUSED, PAUSED)).isEmpty();
  }

  private static SwarmReleaseStatus ready(String reason, long generation) {
    var conditions =
        new Conditions(List.of(), generation, NOW).add("Ready", "False", reason, "").build();
    return new SwarmReleaseStatus(
        generation,
        conditions,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }
}
