package dev.corvid.node.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodePoll;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrackerConversationTest {
  private long now;
  private final TrackerConversation conversation =
      new TrackerConversation(new TrackerSession(6881, () -> "session"), () -> now, new Random(1));

  @Test
  void beginsAnotherSessionAtOnceWhenOneThatLastedIsForgotten() {
    answered();
    now += TrackerConversation.LASTING.toNanos();
    assertThat(refused()).isZero();
  }

  /** As two pods that poll as one node would end each other's sessions, between their polls. */
  @Test
  void pausesLongerAndLongerWhenSessionsAreForgottenAgainAndAgain() {
    Duration last = Duration.ZERO;
    for (int time = 0; time < 10; time++) {
      answered();
      answered();
      last = refused();
      assertThat(last).as("%d", time).isPositive();
      now += last.toNanos();
    }
    assertThat(last).isBetween(Duration.ofMillis(2_500), Duration.ofSeconds(5));

    answered();
    now += TrackerConversation.LASTING.toNanos();
    answered();
    assertThat(refused()).as("it lasted").isZero();
  }

  @Test
  void anAnswerOfASessionThatIsOverTellsNothing() {
    NodePoll poll = conversation.poll(List.of());
    conversation.restart();

    assertThat(conversation.answered(poll, NOTHING, true)).isPositive();
    assertThat(conversation.isConnected()).isFalse();
  }

  private static final NodeAssignments NOTHING =
      new NodeAssignments("tracker-1", 1, "", List.of(), null);

  private void answered() {
    conversation.answered(conversation.poll(List.of()), NOTHING, true);
  }

  private Duration refused() {
    conversation.poll(List.of());
    return conversation.pollRefused();
  }
}
