package dev.corvid.tracker.fleet;

import static java.util.concurrent.TimeUnit.SECONDS;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.tracker.Samples;
import dev.corvid.trust.TestCluster;
import dev.corvid.wire.Endpoint;
import dev.corvid.wire.WireException;
import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodeReport.State;
import dev.corvid.wire.operator.Fleet;
import dev.corvid.wire.operator.FleetPoll;
import dev.corvid.wire.operator.Push;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetStateTest {
  private static final String HERE = "this-instance";

  @TempDir Path directory;
  private final FleetState state = new FleetState(HERE, new Random(7));
  private TestCluster cluster;

  @BeforeEach
  void open() throws IOException {
    cluster = new TestCluster(directory);
  }

  @Test
  void samplesAtMostThirtyOthersAndNeverTheAskerItself() throws Exception {
    String[] nodes = IntStream.range(0, 50).mapToObj(i -> "node-" + i).toArray(String[]::new);
    state.push(Samples.push(HERE, cluster, 0, nodes));
    for (int i = 0; i < 50; i++) {
      state.heard("node-" + i, new Endpoint("10.0.0." + i, 6881), 0);
    }
    List<String> sample = state.assignments("node-3", "").releases().getFirst().neighbours();
    assertThat(sample).hasSize(30).doesNotHaveDuplicates().doesNotContain("10.0.0.3:6881");
    assertThat(state.assignments("node-3", "").releases().getFirst().neighbours())
        .isNotEqualTo(sample);
  }

  @Test
  void samplesMostlyFromTheAskersOwnZoneButNotOnly() throws Exception {
    String[] nodes = IntStream.range(0, 60).mapToObj(i -> "node-" + i).toArray(String[]::new);
    state.push(Samples.push(HERE, cluster, 0, nodes));
    for (int i = 0; i < 60; i++) {
      state.heard("node-" + i, new Endpoint("10.0." + i % 2 + "." + i, 6881), 0);
    }
    Map<String, Push.Node> zones =
        IntStream.range(0, 60)
            .boxed()
            .collect(toMap(i -> "node-" + i, i -> new Push.Node("zone-" + i % 2, "")));

    Set<String> woken = state.push(new Push(HERE, 0, true, List.of(), List.of(), zones));

    assertThat(woken).hasSize(60);
    NodeAssignments assignments = state.assignments("node-3", "");
    assertThat(assignments.zone()).isEqualTo("zone-1");
    List<String> sample = assignments.releases().getFirst().neighbours();
    assertThat(sample).hasSize(30).doesNotHaveDuplicates().doesNotContain("10.0.1.3:6881");
    assertThat(sample.stream().filter(address -> address.startsWith("10.0.1.")).count())
        .isBetween(20L, 29L);

    assertThat(state.push(new Push(HERE, 0, true, List.of(), List.of(), zones))).isEmpty();
    state.push(new Push(HERE, 0, true, List.of(), List.of(), Map.of("node-3", Push.Node.UNKNOWN)));
    assertThat(state.assignments("node-3", "").zone()).isEmpty();
  }

  @Test
  void samplesEverybodyInASmallSwarm() throws Exception {
    state.push(Samples.push(HERE, cluster, 0, "node-1", "node-2", "node-3", "node-4"));
    heard("node-1", 0);
    heard("node-2", 0);
    heard("node-3", 0);
    assertThat(state.assignments("node-1", "").releases().getFirst().neighbours())
        .containsExactlyInAnyOrder("10.0.0.2:6881", "10.0.0.3:6881");
  }

  @Test
  void takesSilentNodesOutOfTheSampleAndSaysSo() throws Exception {
    state.push(Samples.push(HERE, cluster, 0, "node-1", "node-2"));
    heard("node-1", 0);
    heard("node-2", SECONDS.toNanos(30));
    assertThat(state.nextChange(SECONDS.toNanos(30))).isEqualTo(SECONDS.toNanos(30));
    long before = state.feed().sequence();
    state.advance(SECONDS.toNanos(60));
    assertThat(state.fleet(new FleetPoll(HERE, before, 0)).nodes())
        .containsExactly(new Fleet.Node("node-1", true));
    assertThat(state.assignments("node-2", "").releases().getFirst().neighbours()).isEmpty();

    before = state.feed().sequence();
    heard("node-1", SECONDS.toNanos(70));
    assertThat(state.fleet(new FleetPoll(HERE, before, 0)).nodes())
        .containsExactly(new Fleet.Node("node-1", false));
    assertThat(state.assignments("node-2", "").releases().getFirst().neighbours()).hasSize(1);
  }

  @Test
  void forgetsANodeThatWasSilentForAnHour() throws Exception {
    heard("node-1", 0);
    state.begin("node-1", Samples.SESSION);
    state.report("node-1", true, List.of(Samples.report(State.ACTIVE, 1)), 0);
    state.advance(SECONDS.toNanos(3600));
    assertThat(state.isIn("node-1", Samples.SESSION)).isFalse();
    Fleet all = state.fleet(new FleetPoll(null, 0, 0));
    assertThat(all.nodes()).isEmpty();
    assertThat(all.releases()).isEmpty();
  }

  @Test
  void tellsStatesAtOnceAndFiguresWithinTwoSeconds() throws Exception {
    heard("node-1", 0);
    state.report("node-1", true, List.of(Samples.report(State.DOWNLOADING, 1)), 0);
    long told = state.fleet(new FleetPoll(null, 0, 0)).sequence();
    assertThat(state.feed().due(told, 0)).isEqualTo(Long.MAX_VALUE);

    state.report(
        "node-1", false, List.of(Samples.report(State.DOWNLOADING, 2)), SECONDS.toNanos(5));
    state.report(
        "node-1", false, List.of(Samples.report(State.DOWNLOADING, 3)), SECONDS.toNanos(6));
    assertThat(state.feed().due(told, SECONDS.toNanos(6))).isEqualTo(SECONDS.toNanos(1));
    Fleet figures = state.fleet(new FleetPoll(HERE, told, 0));
    assertThat(figures.releases().getFirst().nodes()).hasSize(1);
    assertThat(figures.releases().getFirst().nodes().getFirst().report().bytesDone()).isEqualTo(3);

    state.report("node-1", false, List.of(Samples.report(State.VERIFYING, 3)), SECONDS.toNanos(7));
    assertThat(state.feed().due(figures.sequence(), SECONDS.toNanos(7))).isZero();
  }

  @Test
  void keepsReportsOfAReleaseThatTheOperatorForgot() throws Exception {
    state.push(Samples.push(HERE, cluster, 0, "node-1", "node-2"));
    heard("node-1", 0);
    heard("node-2", 0);
    state.report("node-1", true, List.of(Samples.report(State.ACTIVE, 1)), 0);
    state.report("node-2", true, List.of(Samples.report(State.REMOVED, 0)), 0);
    Set<String> woken = state.push(new Push(HERE, 0, true, List.of(), List.of(Samples.UID), null));
    assertThat(woken).containsExactlyInAnyOrder("node-1", "node-2");
    assertThat(state.assignments("node-1", "").releases()).isEmpty();
    assertThat(state.fleet(new FleetPoll(null, 0, 0)).releases().getFirst().nodes())
        .extracting(Fleet.NodeState::node)
        .containsExactly("node-1");
  }

  @Test
  void aReleaseThatIsForgottenBetweenItsPartsBeginsAgain() throws Exception {
    var grant = cluster.sign(Samples.grant(Samples.UID, 1, Samples.content(0), "node-1"));
    var other = cluster.sign(Samples.grant(Samples.UID, 1, Samples.content(0), "node-2"));
    Push last = Samples.push(HERE, new Push.Release(Samples.UID, List.of(other), null, 1, false));
    state.push(Samples.push(HERE, new Push.Release(Samples.UID, List.of(grant), null, 0, true)));
    state.push(new Push(HERE, 0, true, List.of(), List.of(Samples.UID), null));

    assertThatThrownBy(() -> state.push(last))
        .isInstanceOf(WireException.class)
        .hasMessageContaining("part 1 of the release " + Samples.UID);
    assertThat(state.assignments("node-1", "").releases()).isEmpty();
  }

  @Test
  void dropsWhatAFullReportNoLongerNames() throws Exception {
    heard("node-1", 0);
    state.report("node-1", true, List.of(Samples.report(State.ACTIVE, 1)), 0);
    state.report("node-1", true, List.of(), 0);
    assertThat(state.fleet(new FleetPoll(null, 0, 0)).releases()).isEmpty();
  }

  @Test
  void wakesNobodyForAPushThatChangesNothing() throws Exception {
    Push push = Samples.push(HERE, cluster, 0, "node-1", "node-2");
    assertThat(state.push(push)).hasSize(2);
    NodeAssignments before = state.assignments("node-1", "");
    assertThat(state.push(push)).isEmpty();
    assertThat(state.assignments("node-1", "").sequence()).isEqualTo(before.sequence());
  }

  @Test
  void wakesNodesForASeederThatServesElsewhereButNotForItsFigures() throws Exception {
    var grant = cluster.sign(Samples.grant(Samples.UID, 1, Samples.content(0), "node-1", "node-2"));
    var there = Samples.push(HERE, Samples.UID, Samples.seeder("10.0.0.8", 0), grant);
    state.push(Samples.push(HERE, Samples.UID, Samples.seeder("10.0.0.9", 0), grant));
    assertThat(state.report(Samples.UID, Samples.heard(0, "10.0.0.9"), 0)).hasSize(2);
    assertThat(state.report(Samples.UID, Samples.heard(0, "10.0.0.9"), 0)).isEmpty();
    assertThat(state.report(Samples.UID, Samples.heard(0, "10.0.0.7"), 0)).isEmpty();
    assertThat(state.push(there)).hasSize(2);
    assertThat(state.push(there)).isEmpty();
    assertThat(state.report(Samples.UID, Samples.heard(5, "10.0.0.8"), 0)).isEmpty();
  }

  @Test
  void wakesNodesWhenTheOperatorAcceptsWhatASeederServes() throws Exception {
    var grant = cluster.sign(Samples.grant(Samples.UID, 1, Samples.content(0), "node-1"));
    state.push(
        Samples.push(
            HERE, Samples.UID, new Push.Seeder(Samples.POD, "10.0.0.9", null, null), grant));
    assertThat(state.report(Samples.UID, Samples.heard(0, "10.0.0.9"), 0)).isEmpty();

    assertThat(state.push(Samples.push(HERE, Samples.UID, Samples.seeder("10.0.0.9", 0), grant)))
        .containsExactly("node-1");

    assertThat(state.assignments("node-1", "").releases().getFirst().seeder())
        .isEqualTo("10.0.0.9:6881");
  }

  @Test
  void namesAPeerByItsPodsAddressOnceTheOperatorHasToldIt() throws Exception {
    state.push(Samples.push(HERE, cluster, 0, "node-1", "node-2"));
    heard("node-1", 0);
    heard("node-2", 0);
    var pod = Map.of("node-2", new Push.Node("", "10.9.9.9"));
    state.push(new Push(HERE, 0, true, List.of(), List.of(), pod));
    assertThat(state.assignments("node-1", "").releases().getFirst().neighbours())
        .containsExactly("10.9.9.9:6881");

    state.push(new Push(HERE, 0, true, List.of(), List.of(), Map.of("node-2", Push.Node.UNKNOWN)));
    assertThat(state.assignments("node-1", "").releases().getFirst().neighbours())
        .containsExactly("10.0.0.2:6881");
  }

  @Test
  void forgetsTheWordOfASeederThatWasReplaced() throws Exception {
    var grant = cluster.sign(Samples.grant(Samples.UID, 1, Samples.content(0), "node-1"));
    state.push(Samples.push(HERE, Samples.UID, Samples.seeder("10.0.0.9", 0), grant));
    state.report(Samples.UID, Samples.heard(0, "10.0.0.9"), 0);
    assertThat(state.assignments("node-1", "").releases().getFirst().seeder())
        .isEqualTo("10.0.0.9:6881");
    state.push(
        Samples.push(
            HERE, Samples.UID, new Push.Seeder("another-pod", "10.0.0.9", null, null), grant));
    assertThat(state.assignments("node-1", "").releases().getFirst().seeder()).isNull();
    assertThat(state.fleet(new FleetPoll(null, 0, 0)).releases()).isEmpty();
  }

  private void heard(String node, long now) {
    state.heard(node, new Endpoint("10.0.0." + node.substring(5), 6881), now);
  }
}
