package dev.corvid.node.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodePoll;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class SessionStateTest {
  private static final NodePoll FULL = new NodePoll("session", 0, 6881, true, List.of(), null);
  private static final SessionState OPENING = SessionState.NONE.begin(FULL);
  private static final SessionState OPEN = OPENING.opened();

  private static final Map<String, UnaryOperator<SessionState>> TRANSITIONS = new LinkedHashMap<>();

  static {
    TRANSITIONS.put("begin", state -> state.begin(FULL));
    TRANSITIONS.put("opened", SessionState::opened);
    TRANSITIONS.put("failed", SessionState::failed);
    TRANSITIONS.put("reports", SessionState::reports);
    TRANSITIONS.put("answered", state -> state.answered(part(2, null), true, true));
    TRANSITIONS.put("over", SessionState::over);
  }

  @Test
  void allowsWhatTheTableHasAndRefusesEverythingElse() {
    assertAllows(SessionState.NONE, "begin");
    assertAllows(OPENING, "opened", "failed");
    assertAllows(OPEN, "reports", "answered", "over");
  }

  @Test
  void holdsASliceOnlyAfterAllOfItsPartsWereObeyed() {
    SessionState first = OPEN.answered(part(2, "uid-4"), true, true);
    assertThat(open(first).poll(6881).from()).isEqualTo("uid-4");
    assertThat(open(first).poll(6881).sequence()).isZero();
    assertThat(open(first.answered(part(3, null), false, true)).poll(6881).sequence()).isEqualTo(2);
    assertThat(open(first.answered(part(3, null), false, false)).poll(6881).sequence()).isZero();
  }

  private static void assertAllows(SessionState from, String... allowed) {
    TRANSITIONS.forEach(
        (name, transition) -> {
          if (List.of(allowed).contains(name)) {
            assertThat(transition.apply(from)).as(name).isNotNull();
          } else {
            assertThatThrownBy(() -> transition.apply(from))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(from.getClass().getSimpleName());
          }
        });
  }

  private static SessionState.Open open(SessionState state) {
    return (SessionState.Open) state;
  }

  private static NodeAssignments part(long sequence, String next) {
    return new NodeAssignments("tracker-1", sequence, "", List.of(), next);
  }
}
