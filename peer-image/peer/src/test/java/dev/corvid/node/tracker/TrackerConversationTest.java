package dev.corvid.node.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodePoll;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrackerConversationTest {
  private final TrackerConversation conversation =
      new TrackerConversation(new TrackerSession(6881, () -> "session"), () -> 0, new Random(1));

  @Test
  void beginsAnotherSessionAtOnceWhenOneThatLastedIsForgotten() {
    answered();
    answered();
    assertThat(refused()).isZero();
  }

  /** As two pods that poll as one node would end each other's sessions. */
  @Test
  void pausesLongerAndLongerWhenSessionsAreForgottenAgainAndAgain() {
    Duration last = Duration.ZERO;
    for (int time = 0; time < 10; time++) {
      answered();
      last = refused();
      assertThat(last).as("%d", time).isPositive();
    }
    assertThat(last).isBetween(Duration.ofMillis(2_500), Duration.ofSeconds(5));

    answered();
    answered();
    assertThat(refused()).as("it lasted").isZero();
  }

  private void answered() {
    NodePoll poll = conversation.poll(List.of());
    conversation.answered(poll, new NodeAssignments("tracker-1", 1, "", List.of(), null), true);
  }

  private Duration refused() {
    conversation.poll(List.of());
    return conversation.pollRefused();
  }
}
