package dev.corvid.tracker.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.tracker.Samples;
import dev.corvid.wire.Endpoint;
import dev.corvid.wire.Wire;
import dev.corvid.wire.WireException;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReport.State;
import dev.corvid.wire.operator.Fleet;
import dev.corvid.wire.operator.FleetPoll;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator is told of many nodes and releases comes in parts that its heap can hold. */
class LongFleetTest {
  private static final String HERE = "this-instance";
  private static final int A_PART = 1 << 20;
  private static final int NODES = 60;
  private static final int RELEASES = 150;

  private final FleetState state = new FleetState(HERE, new Random(7));

  @BeforeEach
  void everyNodeReports() throws Exception {
    for (int node = 0; node < NODES; node++) {
      takeAll(node, State.WAITING);
    }
  }

  @Test
  void comesInPartsThatAreTogetherTheFleetAsItIsAtTheLast() throws Exception {
    Map<String, Map<String, State>> told = new HashMap<>();
    Set<String> nodes = new HashSet<>();
    Fleet fleet = state.fleet(new FleetPoll(null, 0, A_PART));
    int parts = 1;
    assertThat(fleet.full()).isTrue();
    while (true) {
      assertThat(Wire.encode(fleet).length).isLessThan(A_PART);
      fleet.nodes().forEach(node -> nodes.add(node.name()));
      for (Fleet.Release release : fleet.releases()) {
        var states = told.computeIfAbsent(release.releaseUid(), uid -> new HashMap<>());
        release.nodes().forEach(each -> states.put(each.node(), each.report().state()));
      }
      if (parts == 1) {
        takeAll(0, State.DOWNLOADING); // was told already
        takeAll(NODES - 1, State.VERIFYING); // was not
      }
      if (!fleet.more()) {
        break;
      }
      assertThat(state.feed().due(fleet.sequence(), 0)).isZero();
      fleet = state.fleet(new FleetPoll(HERE, fleet.sequence(), A_PART));
      assertThat(fleet.full()).isFalse();
      parts++;
    }

    assertThat(parts).isBetween(3, 30);
    assertThat(nodes).hasSize(NODES);
    assertThat(told).hasSize(RELEASES);
    assertThat(told.values())
        .allSatisfy(
            states ->
                assertThat(states)
                    .hasSize(NODES)
                    .containsEntry("node-0", State.DOWNLOADING)
                    .containsEntry("node-" + (NODES - 1), State.VERIFYING));
    assertThat(fleet.sequence()).isEqualTo(state.feed().sequence());
  }

  @Test
  void isNoLongerThanTheTrackerLikesWhateverIsAskedFor() {
    Fleet fleet = state.fleet(new FleetPoll(null, 0, Integer.MAX_VALUE));
    assertThat(Wire.encode(fleet).length).isLessThan(FleetAnswer.MOST_BYTES);
    assertThat(fleet.more()).isTrue();
  }

  @Test
  void tellsOneChangeAtLeast() {
    Fleet fleet = state.fleet(new FleetPoll(null, 0, 1));
    assertThat(fleet.nodes()).hasSize(1);
    assertThat(fleet.more()).isTrue();
  }

  private void takeAll(int node, State now) throws WireException {
    state.heard("node-" + node, new Endpoint("10.0.0." + node, 6881), 0);
    var reports = IntStream.range(0, RELEASES).mapToObj(each -> report(each, now)).toList();
    state.report("node-" + node, true, reports, 0);
  }

  private static NodeReport report(int release, State state) {
    NodeReport like = Samples.report(state, 1);
    return new NodeReport(
        "%08d-0000-0000-0000-000000000000".formatted(release),
        like.release(),
        like.root(),
        0,
        1,
        state,
        like.wanted(),
        null,
        like.held(),
        0,
        1,
        0,
        0,
        0,
        null,
        "x".repeat(256),
        0,
        null,
        null);
  }
}
