package dev.corvid.operator.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.config.OperatorConfig;
import dev.corvid.operator.fleet.SelectedNode.Reachability;
import dev.corvid.operator.testing.TestFleet;
import dev.corvid.operator.tracker.FleetCache;
import dev.corvid.time.Uptime;
import dev.corvid.wire.node.NodeReport.State;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeSelectionTest {
  private static final Uptime NOW = new Uptime(0);
  private static final LabelSelector GPU =
      new LabelSelectorBuilder().addToMatchLabels("gpu", "yes").build();

  private PeerPlacement placement = new PeerPlacement(new OperatorConfig.Peer(null, null, null));
  private final TestFleet fleet = new TestFleet(() -> NOW);
  private final Map<String, Uptime> peers =
      new HashMap<>(
          Map.of("a", NOW.minus(Duration.ofSeconds(600)), "b", NOW.minus(Duration.ofSeconds(600))));

  @Test
  void countsMatchingNodesWithAPeer() {
    fleet.full("a", "b");

    NodeSelection selection =
        take(node("b", "yes", true), node("a", "yes", true), node("c", "no", true));

    assertThat(selection.desired()).extracting(SelectedNode::node).containsExactly("a", "b");
    assertThat(selection.isSettled()).isTrue();
  }

  @Test
  void namesMatchingNodesWithoutAPeer() {
    fleet.full("a");

    assertThat(take(node("a", "yes", true), node("z", "yes", true)).unserved())
        .containsExactly("z");
  }

  @Test
  void missesNoPeerWhereNoneIsToRun() {
    placement = new PeerPlacement(new OperatorConfig.Peer(Map.of("disk", "fast"), null, null));
    fleet.full("a").reports("y", State.ACTIVE);

    NodeSelection selection =
        take(node("a", "yes", true), node("y", "yes", true), node("z", "yes", true));

    assertThat(selection.desired())
        .extracting(SelectedNode::node)
        .as("it runs one")
        .containsExactly("a");
    assertThat(selection.unserved()).as("it holds something").containsExactly("y");
    assertThat(selection.matching()).isEqualTo(2);
    assertThat(selection.excluded()).isEqualTo(1);
  }

  @Test
  void takesNoWordOfANodeThatIsNotReadyOrSilent() {
    fleet.full("a", "b").silent("b");

    assertThat(take(node("a", "yes", false), node("b", "yes", true)).desired())
        .extracting(SelectedNode::reachability)
        .containsExactly(Reachability.UNREACHABLE, Reachability.UNREACHABLE);
  }

  @Test
  void waitsAMinuteForANodeThatTheTrackerHasNotHeard() {
    fleet.full("a");

    NodeSelection selection = take(node("a", "yes", true), node("b", "yes", true));
    NodeSelection later =
        takeAt(NOW.plus(Duration.ofSeconds(60)), node("a", "yes", true), node("b", "yes", true));

    assertThat(selection.isSettled()).isFalse();
    assertThat(selection.recheck()).contains(NOW.plus(NodeSelection.PATIENCE));
    assertThat(later.desired())
        .extracting(SelectedNode::reachability)
        .containsExactly(Reachability.REACHABLE, Reachability.UNREACHABLE);
  }

  @Test
  void waitsFromTheStartOfAYoungPeer() {
    fleet.full("a");
    peers.put("b", NOW.plus(Duration.ofSeconds(50)));

    NodeSelection selection =
        takeAt(NOW.plus(Duration.ofSeconds(90)), node("a", "yes", true), node("b", "yes", true));

    assertThat(selection.recheck()).contains(NOW.plus(Duration.ofSeconds(110)));
  }

  @Test
  void blamesNobodyBeforeATrackerHasSpoken() {
    NodeSelection selection = takeAt(NOW.plus(Duration.ofDays(1)), node("a", "yes", true));

    assertThat(selection.isSettled()).isFalse();
    assertThat(selection.recheck()).isEmpty();
  }

  @Test
  void findsNodesThatHoldItAndNoLongerMatch() {
    fleet.full("a", "b").reports("a", State.ACTIVE).reports("b", State.REMOVED);

    NodeSelection selection = take(node("a", "no", true), node("b", "no", true));

    assertThat(selection.leaving()).extracting(SelectedNode::node).containsExactly("a");
    assertThat(selection.desired()).isEmpty();
  }

  @Test
  void knowsNothingOfANodeThatHasNotSpokenSinceTheStart() {
    fleet.full("a");
    peers.put("c", NOW.minus(Duration.ofSeconds(600)));

    NodeSelection selection =
        take(node("a", "no", false), node("b", "no", false), node("c", "no", true));

    assertThat(selection.silent().unknown())
        .as("not a, which has spoken")
        .containsExactlyInAnyOrder("b", "c");
    assertThat(selection.isHeard()).as("c may yet speak").isFalse();
    assertThat(takeAt(NOW.plus(Duration.ofSeconds(60)), node("c", "no", true)).silent().unknown())
        .containsExactly("c");
    assertThat(take(node("b", "yes", false)).silent().unknown()).as("it matches").isEmpty();
  }

  @Test
  void takesAsManyForHoldersAsTheLastStatusSays() {
    fleet.full("a");

    NodeSelection selection =
        take(node("a", "no", true), node("b", "no", false), node("m", "yes", false));

    assertThat(selection.awaiting(5).presumed()).as("b").isEqualTo(1);
    assertThat(selection.awaiting(0).presumed()).isZero();
    assertThat(selection.awaiting(5).holding(List.of())).as("b and m").isEqualTo(2);
    assertThat(selection.awaiting(1).holding(List.of())).isEqualTo(1);
  }

  private NodeSelection take(Node... nodes) {
    return takeAt(NOW, nodes);
  }

  private NodeSelection takeAt(Uptime now, Node... nodes) {
    FleetCache fleetCache = fleet.fleetCache();
    return NodeSelection.take(
        GPU, placement, List.of(nodes), peers, fleetCache, fleetCache.of(TestFleet.UID), now);
  }

  private static Node node(String name, String gpu, boolean ready) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name)
        .addToLabels("gpu", gpu)
        .endMetadata()
        .withNewStatus()
        .addNewCondition()
        .withType("Ready")
        .withStatus(ready ? "True" : "Unknown")
        .endCondition()
        .endStatus()
        .build();
  }
}
