package dev.corvid.operator.release.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.release.Given;
import dev.corvid.operator.testing.TestFleet;
import dev.corvid.wire.Reason;
import dev.corvid.wire.node.NodeReport.State;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NamespaceLeftoversTest {
  private final TestFleet fleet = new TestFleet(() -> Given.UPTIME);

  @Test
  void contentOfAnEarlierNamespaceIsEvictedBeforeAPodMountsTheRelease() {
    fleet.reports("old", "a", State.ACTIVE, 5, "former");

    NamespaceLeftovers leftovers =
        leftovers("own", selectedNode("a", SelectedNode.Reachability.REACHABLE));

    assertThat(leftovers.nodes()).containsExactly("a");
    assertThat(leftovers.areOver()).isFalse();
    assertThat(leftovers.problem().reason()).isEqualTo(Reason.ForeignContent);
    assertThat(leftovers.problem().message()).contains("a. A node");
  }

  @Test
  void whatWasRetainedIsEvictedToo() {
    fleet.reports("old", "a", State.REMOVED, 5, "former");

    assertThat(leftovers("own", selectedNode("a", SelectedNode.Reachability.REACHABLE)).areOver())
        .isFalse();
  }

  @Test
  void theHighestGrantDecidesWhatIsThere() {
    fleet.reports("old", "a", State.ACTIVE, 5, "former");
    fleet.reports("new", "a", State.REMOVED, 6, null);

    NamespaceLeftovers leftovers =
        leftovers("own", selectedNode("a", SelectedNode.Reachability.REACHABLE));

    assertThat(leftovers.nodes()).isEmpty();
    assertThat(leftovers.areOver()).isTrue();
  }

  /** The node refused the new release's grant, and so its content is what it was. */
  @Test
  void aRefusedEvictionIsNone() {
    fleet.reports("old", "a", State.ACTIVE, 5, "former");
    fleet.reports("new", "a", State.REMOVED, 5, null);

    assertThat(leftovers("own", selectedNode("a", SelectedNode.Reachability.REACHABLE)).areOver())
        .isFalse();
  }

  @Test
  void contentOfTheSameNamespaceIsInheritedAsIsContentOfNoKnownOne() {
    fleet.reports("old", "a", State.ACTIVE, 5, "own");
    fleet.reports("older", "b", State.ACTIVE, 5, null);

    NamespaceLeftovers leftovers =
        leftovers(
            "own",
            selectedNode("a", SelectedNode.Reachability.REACHABLE),
            selectedNode("b", SelectedNode.Reachability.REACHABLE));

    assertThat(leftovers.nodes()).isEmpty();
    assertThat(leftovers.areOver()).isTrue();
  }

  @Test
  void aNodeThatIsAwayIsToldAndNotWaitedFor() {
    fleet.reports("old", "a", State.ACTIVE, 5, "former");

    NamespaceLeftovers leftovers =
        leftovers("own", selectedNode("a", SelectedNode.Reachability.UNREACHABLE));

    assertThat(leftovers.nodes()).containsExactly("a");
    assertThat(leftovers.areOver()).isTrue();
  }

  @Test
  void aNodeThatMayYetReportIsWaitedFor() {
    NamespaceLeftovers leftovers =
        leftovers("own", selectedNode("a", SelectedNode.Reachability.PENDING));

    assertThat(leftovers.areOver()).isFalse();
    assertThat(leftovers.problem()).isNull();
  }

  @Test
  void aReleaseOfANamespaceThatIsGoneIsNotMounted() {
    assertThat(leftovers(null, selectedNode("a", SelectedNode.Reachability.REACHABLE)).areOver())
        .isFalse();
  }

  private static SelectedNode selectedNode(String node, SelectedNode.Reachability reachability) {
    return new SelectedNode(node, reachability, null, Map.of());
  }

  private NamespaceLeftovers leftovers(String namespaceUid, SelectedNode... desired) {
    SwarmRelease release = Given.release("suspend: false");
    var selection = new NodeSelection(List.of(desired), List.of(), List.of(), true, null);
    var scope = namespaceUid == null ? null : new SharingScope(namespaceUid, null);
    return NamespaceLeftovers.of(release, scope, selection, fleet.fleetCache());
  }
}
