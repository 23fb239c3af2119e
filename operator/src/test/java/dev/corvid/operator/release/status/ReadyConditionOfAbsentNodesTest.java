package dev.corvid.operator.release.status;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.absent;
import static dev.corvid.operator.release.Given.failed;
import static dev.corvid.operator.release.Given.fresh;
import static dev.corvid.operator.release.Given.placed;
import static dev.corvid.operator.release.Given.selection;
import static dev.corvid.operator.release.Given.serving;
import static dev.corvid.operator.release.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.fleet.SelectedNode.Reachability;
import dev.corvid.wire.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a release is while some of its nodes cannot be reached, or have no peer. */
class ReadyConditionOfAbsentNodesTest {
  @Test
  void nodesWhosePodsAreBeingReplacedCountForTheShareThatMayFail() {
    SelectedNode full = failed("d", NEW, Reason.InsufficientDisk);
    var four =
        selection(
            serving("a", NEW), serving("b", NEW), failed("c", NEW, Reason.InsufficientDisk), full);
    var upgrade =
        absent(
            selection(serving("a", NEW), serving("b", NEW)),
            with(four.desired().get(2), Reachability.UNREACHABLE),
            with(full, Reachability.UNREACHABLE));

    for (NodeSelection selection : List.of(four, upgrade)) {
      var half = new Situation("rollout: {maxFailed: 50%}", selection).wanting();
      assertThat(half.conditions()).isEqualTo("True/Succeeded");
      assertThat(half.rolling().tooManyFailed()).isFalse();
    }
  }

  @Test
  void tellsWhatAPauseWaitsForThoughMostNodesAreAway() {
    var away = with(fresh("b"), Reachability.UNREACHABLE);
    var lone = selection(placed("a", NEW), away, with(fresh("c"), Reachability.UNREACHABLE));
    var byHand = new Situation("rollout: {approval: Required}", lone).wanting();

    assertThat(byHand.conditions()).startsWith("False/PeerMissing");
    assertThat(byHand.message())
        .startsWith("2 of 3 nodes are unreachable; ")
        .contains("corvid.dev/approve=");
  }
}
