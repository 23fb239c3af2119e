package dev.corvid.tracker.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.tracker.Samples;
import dev.corvid.wire.Endpoint;
import dev.corvid.wire.Wire;
import dev.corvid.wire.WireException;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReport.State;
import dev.corvid.wire.operator.Fleet;
import dev.corvid.wire.operator.FleetPoll;
import dev.corvid.wire.operator.Push;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One node reports as much as it likes, and costs the tracker and the operator so much at most. */
class KeptReportsTest {
  private static final String HERE = "this-instance";
  private static final String EVIL = "evil";
  private static final int MANY = 10_000;
  private static final int SOME = 1_000;
  private static final int AT_ONCE = 1_000;

  private final FleetState state = new FleetState(HERE, new Random(7));

  @BeforeEach
  void everyNodeIsHeard() {
    for (String node : List.of(EVIL, "node-1")) {
      state.heard(node, new Endpoint("10.0.0.1", 6881), 0);
      state.begin(node, Samples.SESSION);
    }
  }

  @Test
  void aNodeCostsNoMoreThanSoManyReportsAndSoMuchText() throws Exception {
    state.push(push(grant(uid(0), EVIL, "node-1")));

    report(MANY);

    assertThat(told()).isEqualTo(ReportRegister.MOST_UNGRANTED + 1);
    assertThat(toldText()).isLessThan(2 * KeptReports.MOST_TEXT);
    state.report("node-1", true, List.of(Samples.report(State.ACTIVE, 1)), 0);
    assertThat(told()).isEqualTo(ReportRegister.MOST_UNGRANTED + 2);
    assertThat(state.assignments("node-1", "").releases()).hasSize(1);
  }

  @Test
  void keepsNoMoreOnceAllGrantsAreKnown() throws Exception {
    report(SOME);

    state.push(push(grant(uid(SOME - 1), EVIL)));

    assertThat(told()).isEqualTo(ReportRegister.MOST_UNGRANTED + 1);
    assertThat(state.fleet(new FleetPoll(null, 0, 0)).releases())
        .anySatisfy(release -> assertThat(release.releaseUid()).isEqualTo(uid(SOME - 1)));
  }

  @Test
  void asksForEverythingAgainWhenThereMayBeRoom() throws Exception {
    state.push(push(grant(uid(0), EVIL)));
    report(SOME);
    assertThat(state.isIn(EVIL, Samples.SESSION)).isTrue();

    state.push(push(grant(uid(SOME - 1), EVIL)));

    assertThat(state.isIn(EVIL, Samples.SESSION)).isFalse();
    state.begin(EVIL, "session-2");
    state.report(EVIL, true, List.of(reported(0), reported(SOME - 1)), 0);
    state.push(push(grant(uid(1), EVIL)));
    assertThat(state.isIn(EVIL, "session-2")).isTrue();
    assertThat(told()).isEqualTo(2);
  }

  @Test
  void keepsTheStateOfAReportWhoseTextHasNoRoom() throws Exception {
    String[] uids = IntStream.range(0, 200).mapToObj(KeptReportsTest::uid).toArray(String[]::new);
    state.push(
        push(
            IntStream.range(0, 200)
                .mapToObj(i -> grant(uids[i], EVIL))
                .toArray(Push.Release[]::new)));

    state.report(
        EVIL, true, IntStream.range(0, 200).mapToObj(KeptReportsTest::reported).toList(), 0);

    var last =
        state.fleet(new FleetPoll(null, 0, 0)).releases().stream()
            .filter(release -> release.releaseUid().equals(uids[199]))
            .findFirst()
            .orElseThrow()
            .nodes()
            .getFirst()
            .report();
    assertThat(last.state()).isEqualTo(State.ACTIVE);
    assertThat(last.message()).isNull();
    assertThat(last.held()).containsExactly(last.active());
  }

  @Test
  void aMessageThatIsRefusedChangesNothing() throws Exception {
    report(NodePoll.MAX_REPORTS);
    long before = state.feed().sequence();
    var changedAndOneTooMany =
        List.of(reported(0).brief(), reported(1), reported(NodePoll.MAX_REPORTS));

    assertThatThrownBy(() -> state.report(EVIL, false, changedAndOneTooMany, 0))
        .isInstanceOf(WireException.class);

    assertThat(state.feed().sequence()).isEqualTo(before);
  }

  private void report(int count) throws Exception {
    for (int from = 0; from < count; from += AT_ONCE) {
      var reports =
          IntStream.range(from, from + AT_ONCE).mapToObj(KeptReportsTest::reported).toList();
      state.report(EVIL, false, reports, 0);
    }
  }

  private long told() {
    return state.fleet(new FleetPoll(null, 0, 0)).releases().stream()
        .mapToLong(release -> release.nodes().size())
        .sum();
  }

  private long toldText() {
    return state.fleet(new FleetPoll(null, 0, 0)).releases().stream()
        .flatMap(release -> release.nodes().stream())
        .map(Fleet.NodeState::report)
        .mapToLong(each -> 71 * each.held().size() + String.valueOf(each.message()).length())
        .sum();
  }

  private static Push push(Push.Release... releases) {
    return Samples.push(HERE, releases);
  }

  private static Push.Release grant(String uid, String... nodes) {
    var grant = Samples.grant(uid, 1, Samples.content(0), nodes);
    String payload = new String(Wire.encode(grant), StandardCharsets.UTF_8);
    return new Push.Release(uid, List.of(new SignedGrant(payload, "key", "c2ln")), null);
  }

  private static NodeReport reported(int number) {
    NodeReport like = Samples.report(State.ACTIVE, 1);
    List<String> held =
        LongStream.range(number * 64L, number * 64L + 64)
            .mapToObj(i -> "sha256:" + "0".repeat(48) + HexFormat.of().toHexDigits(i))
            .toList();
    return new NodeReport(
        uid(number),
        like.release(),
        like.root(),
        0,
        1,
        State.ACTIVE,
        held.getLast(),
        held.getLast(),
        held,
        1,
        1,
        0,
        0,
        0,
        null,
        "x".repeat(1024),
        0,
        null,
        null);
  }

  private static String uid(int number) {
    return "%08d-0000-0000-0000-000000000000".formatted(number);
  }
}
