package dev.corvid.operator.release.status;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.absent;
import static dev.corvid.operator.release.Given.downloading;
import static dev.corvid.operator.release.Given.fresh;
import static dev.corvid.operator.release.Given.selection;
import static dev.corvid.operator.release.Given.serving;
import static dev.corvid.operator.release.Given.unheard;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.wire.Reason;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Ready and NodesMatched, by how many nodes match and how many must. */
class NodesMatchedConditionTest {
  private static final SwarmReleaseStatus ACTIVE =
      new Situation("", selection(serving("a", NEW), serving("b", NEW))).wanting().status();

  private final Situation none = new Situation("", selection());

  @Test
  void aSelectorThatMatchesNothingIsNotReadyAndMayYetMatch() {
    assertThat(none.conditions()).isEqualTo("False/NoNodesMatched Reconciling");
    assertThat(none.overdue().conditions()).isEqualTo("False/NoNodesMatched Reconciling");
    assertThat(none.message())
        .isEqualTo("no node matches spec.nodes.selector: label nodes, or correct the selector");
    assertThat(matched(none)).isEqualTo("False/NoNodesMatched");
    assertThat(none.condition("Available").getStatus()).isEqualTo("False");
    assertThat(none.minimum(1).condition("Available").getStatus()).isEqualTo("False");
    assertThat(none.status().progress().summary()).isEqualTo("no node matches");
  }

  @Test
  void aNodeThatMatchesAndHasYetToActivateEndsThat() {
    var one = new Situation("", selection(downloading("a", NEW, null))).wanting();

    assertThat(one.after(none.status()).conditions()).isEqualTo("False/Progressing Reconciling");
    assertThat(matched(one)).isEqualTo("True/NodesMatched");
  }

  @Test
  void aReleaseThatWasActiveStaysReadyWhenItsPoolIsScaledToZero() {
    var scaled = none.wanting().after(ACTIVE);

    assertThat(scaled.conditions()).isEqualTo("True/Succeeded");
    assertThat(scaled.message())
        .isEqualTo("no node matches spec.nodes.selector; nodes that come to match get the release");
    assertThat(matched(scaled)).isEqualTo("False/NoNodesMatched");
    assertThat(scaled.condition("Available").getStatus()).isEqualTo("True");
    assertThat(scaled.status().currentRevision()).isEqualTo(NEW.revision());
    assertThat(none.after(ACTIVE).conditions())
        .as("with a source that no node has asked for yet")
        .isEqualTo("True/Succeeded");
  }

  @Test
  void aNodeThatComesToMatchIsWaitedFor() {
    var scaled = none.wanting().after(ACTIVE).status();
    var back = new Situation("", selection(fresh("c"))).wanting().after(scaled);

    assertThat(back.conditions()).isEqualTo("False/Progressing Reconciling");
    assertThat(new Situation("", selection(serving("c", NEW))).wanting().after(scaled).conditions())
        .isEqualTo("True/Succeeded");
  }

  @Test
  void aReleaseThatWasNeverActiveEverywhereIsNotReadyWithoutNodes() {
    var half =
        new Situation("", selection(serving("a", NEW), downloading("b", NEW, null))).wanting();

    assertThat(none.after(half.status()).conditions())
        .isEqualTo("False/NoNodesMatched Reconciling");
  }

  @Test
  void noNodeIsNeededWhereTheMinimumIsZero() {
    var allowed = none.minimum(0);

    assertThat(allowed.conditions()).isEqualTo("True/Succeeded");
    assertThat(allowed.message())
        .isEqualTo("no node matches spec.nodes.selector, and spec.nodes.minimum allows it");
    assertThat(matched(allowed)).isEqualTo("False/NoNodesMatched");
    assertThat(allowed.condition("Available").getStatus()).isEqualTo("True");
    assertThat(allowed.condition("Available").getMessage())
        .isEqualTo("no node matches spec.nodes.selector");
    assertThat(allowed.condition("FullyPlaced").getReason()).isEqualTo("NoNodesMatched");
    assertThat(allowed.wanting().condition("FullyPlaced").getStatus()).isEqualTo("False");
  }

  @Test
  void stallsWithFewerNodesThanTheMinimumWhateverWasActive() {
    var two =
        new Situation("", selection(serving("a", NEW), serving("b", NEW))).wanting().minimum(3);

    assertThat(two.conditions()).isEqualTo("False/TooFewNodes Stalled");
    assertThat(two.message())
        .isEqualTo("2 nodes match spec.nodes.selector, spec.nodes.minimum is 3");
    assertThat(two.after(ACTIVE).conditions()).isEqualTo("False/TooFewNodes Stalled");
    assertThat(two.after(ACTIVE).message()).endsWith("; " + NEW.revision() + " is still active");
    assertThat(matched(two)).isEqualTo("False/TooFewNodes");
    assertThat(matched(two.minimum(2))).isEqualTo("True/NodesMatched");
    assertThat(two.minimum(2).conditions()).isEqualTo("True/Succeeded");
    assertThat(none.minimum(1).after(ACTIVE).conditions())
        .isEqualTo("False/NoNodesMatched Stalled");
  }

  @Test
  void speaksOfOneNodeInTheSingular() {
    var one = new Situation("", selection(serving("a", NEW))).wanting();
    assertThat(one.minimum(3).message())
        .isEqualTo("1 node matches spec.nodes.selector, spec.nodes.minimum is 3");
    assertThat(new Situation("", absent(selection(), fresh("a"))).wanting().message())
        .startsWith("1 node matches, but no Corvid peer runs on it");
  }

  @Test
  void namesTheChartWhereItLetsNoPeerRunOnTheNodesThatMatch() {
    var excluded = excluded();

    assertThat(excluded.conditions()).isEqualTo("False/PeerMissing Reconciling");
    assertThat(excluded.minimum(1).conditions()).isEqualTo("False/PeerMissing Stalled");
    assertThat(excluded.message())
        .contains("2 nodes match", "no Corvid peer runs there", "`images.architectures`")
        .doesNotContain("label nodes");
    assertThat(excluded.minimum(1).message())
        .contains("2 more match, but no Corvid peer runs there", "`images.architectures`");
    assertThat(matched(excluded)).isEqualTo("False/PeerMissing");
  }

  @Test
  void aPoolWithoutPeersIsNotOneThatIsScaledToZero() {
    var left = excluded().wanting().after(ACTIVE);

    assertThat(left.conditions()).isEqualTo("False/PeerMissing Reconciling");
    assertThat(left.message())
        .startsWith("2 nodes match spec.nodes.selector, but no Corvid peer runs there: ")
        .contains("correct these values, or the selector")
        .doesNotContain("label nodes");
    for (String type : List.of("NodesMatched", "Available", "FullyPlaced")) {
      assertThat(left.condition(type).getStatus()).as(type).isEqualTo("False");
      assertThat(left.condition(type).getReason()).as(type).isEqualTo("PeerMissing");
      assertThat(left.condition(type).getMessage()).as(type).startsWith("2 nodes match");
    }
    assertThat(left.status().progress().summary()).isEqualTo("no peer runs");
    assertThat(left.minimum(0).conditions()).isEqualTo("True/Succeeded");
    assertThat(left.minimum(0).condition("Available").getStatus()).isEqualTo("True");
  }

  @Test
  void aReleaseThatNeedsNoNodeIsReadyWhileItIsSuspended() {
    var suspended = new Situation("suspend: true", selection());

    assertThat(suspended.after(ACTIVE).conditions()).isEqualTo("True/Suspended");
    assertThat(suspended.wanting().after(ACTIVE).conditions()).isEqualTo("True/Suspended");
    assertThat(suspended.minimum(0).conditions()).isEqualTo("True/Suspended");
    assertThat(suspended.minimum(0).message())
        .startsWith("spec.suspend is true: ")
        .endsWith("; no node matches spec.nodes.selector");
    assertThat(suspended.conditions()).isEqualTo("False/NoNodesMatched Reconciling");
  }

  @Test
  void whatKeepsAReleaseFromWorkingIsSaidWithoutNodesToo() {
    assertThat(none.after(ACTIVE).problem(Reason.DigestMismatch).conditions())
        .isEqualTo("False/DigestMismatch Stalled");
  }

  @Test
  void nodesThatHaveYetToReportMatch() {
    assertThat(matched(new Situation("", unheard(selection(serving("a", NEW))))))
        .isEqualTo("True/NodesMatched");
  }

  private static Situation excluded() {
    return new Situation(
        "",
        new NodeSelection(
            List.of(), List.of(), List.of(), new NodeSelection.Silent(true, Set.of(), 0), 2, null));
  }

  private static String matched(Situation situation) {
    var condition = situation.condition("NodesMatched");
    return condition.getStatus() + "/" + condition.getReason();
  }
}
