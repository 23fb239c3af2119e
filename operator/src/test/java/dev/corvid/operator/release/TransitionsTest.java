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

  @Test
  void tellsThatRemovalIsHeldOnce() {
    var held = with(new Conditions(List.of(), 4, NOW).add("RemovalHeld", "True", "Why", "what"));
    var empty = with(new Conditions(List.of(), 4, NOW));

    assertThat(Transitions.told(empty, held)).hasSize(1);
    assertThat(Transitions.told(held, held)).isEmpty();
    assertThat(Transitions.told(held, empty)).isEmpty();
  }

  private static SwarmReleaseStatus ready(String reason, long generation) {
    return with(new Conditions(List.of(), generation, NOW).add("Ready", "False", reason, ""));
  }

  private static SwarmReleaseStatus with(Conditions conditions) {
    return new SwarmReleaseStatus(
        4L,
        conditions.build(),
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
