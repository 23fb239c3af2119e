package dev.corvid.operator.release.status;

import static dev.corvid.operator.release.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionEventsTest {
  private static final SwarmReleaseStatus PAUSED = ready("Paused", 4);

  @Test
  void tellsThatARollOutWaits() {
    assertThat(ConditionEvents.told(ready("Progressing", 4), PAUSED)).hasSize(1);
  }

  @Test
  void doesNotTellThatItGoesOnAfterAPause() {
    assertThat(ConditionEvents.told(PAUSED, ready("Progressing", 4))).isEmpty();
  }

  @Test
  void tellsThatItGoesOnAfterAnEdit() {
    assertThat(ConditionEvents.told(PAUSED, ready("Progressing", 5))).hasSize(1);
  }

  @Test
  void tellsNothingTwice() {
    assertThat(ConditionEvents.told(PAUSED, PAUSED)).isEmpty();
  }

  @Test
  void tellsThatRemovalIsHeldOnce() {
    var held = with(new Conditions(List.of(), 4, NOW).add("RemovalHeld", "True", "Why", "what"));
    var empty = with(new Conditions(List.of(), 4, NOW));

    assertThat(ConditionEvents.told(empty, held)).hasSize(1);
    assertThat(ConditionEvents.told(held, held)).isEmpty();
    assertThat(ConditionEvents.told(held, empty)).isEmpty();
  }

  @Test
  void tellsThatNoNodeMatchesAnyMoreWhereReadyDoesNotSay() {
    var matched = with(matched("True", "True"));
    var scaled = with(matched("True", "False"));

    assertThat(ConditionEvents.told(matched, scaled))
        .singleElement()
        .satisfies(told -> assertThat(told.getType()).isEqualTo("NodesMatched"));
    assertThat(ConditionEvents.told(scaled, scaled)).isEmpty();
    assertThat(ConditionEvents.told(scaled, matched)).isEmpty();
    assertThat(ConditionEvents.told(matched, with(matched("False", "False"))))
        .singleElement()
        .satisfies(told -> assertThat(told.getType()).isEqualTo("Ready"));
  }

  @Test
  void tellsOfNodesWithoutAPeerOnce() {
    var before = with(peers("Succeeded", "NodesMatched"));

    assertThat(ConditionEvents.told(before, with(peers("PeerMissing", "NodesMatched")))).hasSize(1);
    assertThat(ConditionEvents.told(before, with(peers("PeerMissing", "PeerMissing"))))
        .as("that is said of the release")
        .isEmpty();
  }

  private static Conditions peers(String placed, String matched) {
    return new Conditions(List.of(), 4, NOW)
        .add("FullyPlaced", "False", placed, "")
        .add("NodesMatched", "False", matched, "");
  }

  private static Conditions matched(String ready, String matched) {
    return new Conditions(List.of(), 4, NOW)
        .add("Ready", ready, "Succeeded", "")
        .add("NodesMatched", matched, "NoNodesMatched", "");
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
