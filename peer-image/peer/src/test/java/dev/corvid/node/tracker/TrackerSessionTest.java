package dev.corvid.node.tracker;

import static dev.corvid.node.SimulatedSeeds.COUNT;
import static dev.corvid.node.SimulatedSeeds.FIRST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.node.SimulatedSeeds;
import dev.corvid.node.tracker.TrackerSession.State;
import dev.corvid.trust.TestCluster;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TrackerSessionTest {
  /** A row for each state, a column for each that may follow, both in the order of the enum. */
  private static final Map<State, String> TABLE =
      Map.of(State.NONE, ".#.", State.OPENING, "#.#", State.OPEN, "#..");

  private final TrackerSession session = new TrackerSession(6881, () -> "session");

  static Stream<Arguments> pairs() {
    return Arrays.stream(State.values())
        .flatMap(from -> Arrays.stream(State.values()).map(to -> Arguments.of(from, to)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void allowsWhatTheTableHasAndNamesBothStatesOfEverythingElse(State from, State to) {
    if (TABLE.get(from).charAt(to.ordinal()) == '#') {
      assertThatCode(() -> from.requireNext(to)).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(() -> from.requireNext(to))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(from.name())
          .hasMessageContaining(to.name());
    }
  }

  @Test
  void refusesASecondPollWhileOneIsUnderWay() {
    session.poll(List.of());
    assertThatThrownBy(() -> session.poll(List.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("OPENING");
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

  @Test
  void everythingSaidArrivesInOrderAfterAllFaults(@TempDir Path directory) throws IOException {
    var keys = new TestCluster(directory);
    for (long seed = FIRST; seed < FIRST + COUNT; seed++) {
      run(seed, keys);
    }
  }

  @Test
  void repeatsARunToTheStep(@TempDir Path directory) throws IOException {
    var keys = new TestCluster(directory);
    assertThat(run(FIRST, keys)).isEqualTo(run(FIRST, keys));
  }

  private static List<String> run(long seed, TestCluster keys) {
    var simulation = new SessionSimulation(seed, keys);
    try {
      simulation.run();
      return simulation.trace();
    } catch (RuntimeException | AssertionError e) {
      throw SimulatedSeeds.failed(seed, simulation.trace(), e);
    }
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
