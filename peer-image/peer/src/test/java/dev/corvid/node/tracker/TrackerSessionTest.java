package dev.corvid.node.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReport;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrackerSessionTest {
  private final TrackerSession session = new TrackerSession(6881, () -> "session");

  @Test
  void refusesASecondPollWhileOneIsUnderWay() {
    session.poll(List.of());
    assertThatThrownBy(() -> session.poll(List.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Opening");
  }

  @Test
  void refusesASecondReportWhileOneIsUnderWay() {
    open(report(NodeReport.State.WAITING));
    session.report(List.of(report(NodeReport.State.ACTIVE)), false);
    assertThatThrownBy(() -> session.report(List.of(report(NodeReport.State.WAITING)), false))
        .isInstanceOf(IllegalStateException.class);
  }

  /** The tracker may have taken a report whose answer was lost. */
  @Test
  void reportsAStateAgainThatCameBackWhileItIsUnknownWhatTheTrackerHeard() {
    NodeReport active = report(NodeReport.State.ACTIVE);
    open(active);
    session.report(List.of(report(NodeReport.State.WAITING)), false);
    session.reportFailed();
    assertThat(session.report(List.of(active), false).orElseThrow().reports())
        .containsExactly(active);
  }

  /** One refused grant keeps no other from this node. */
  @Test
  void asksForTheNextPartAfterARefusedGrantAndForTheSliceAgainInTheEnd() {
    open();
    session.poll(List.of());
    session.answered(part("uid-4"), false);
    assertThat(session.poll(List.of()).from()).isEqualTo("uid-4");
    session.answered(part(null), false);
    NodePoll again = session.poll(List.of());
    assertThat(again.from()).isNull();
    assertThat(again.sequence()).isZero();
  }

  private void open(NodeReport... reports) {
    NodePoll poll = session.poll(List.of(reports));
    assertThat(poll.full()).isTrue();
    session.answered(new NodeAssignments("tracker-1", 1, "", List.of(), null), true);
  }

  private static NodeAssignments part(String next) {
    return new NodeAssignments("tracker-1", 2, "", List.of(), next);
  }

  private static NodeReport report(NodeReport.State state) {
    return new NodeReport(
        "uid-1",
        new ReleaseName("search", "ranking"),
        "models",
        0,
        1,
        state,
        null,
        null,
        List.of(),
        0,
        0,
        0,
        0,
        0,
        null,
        null,
        0,
        null,
        null);
  }
}
