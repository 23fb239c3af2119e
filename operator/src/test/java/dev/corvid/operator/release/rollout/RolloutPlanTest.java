package dev.corvid.operator.release.rollout;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.OLD;
import static dev.corvid.operator.release.Given.absent;
import static dev.corvid.operator.release.Given.downloading;
import static dev.corvid.operator.release.Given.failed;
import static dev.corvid.operator.release.Given.failing;
import static dev.corvid.operator.release.Given.fresh;
import static dev.corvid.operator.release.Given.leaving;
import static dev.corvid.operator.release.Given.placed;
import static dev.corvid.operator.release.Given.selection;
import static dev.corvid.operator.release.Given.serving;
import static dev.corvid.operator.release.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.SelectedNode.Reachability;
import dev.corvid.operator.release.rollout.RolloutState.Paused;
import dev.corvid.wire.Reason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RolloutPlanTest {
  @Test
  void activatesAFirstRevisionAsSoonAsEachNodeHoldsIt() {
    assertThat(plan("100%", selection(fresh("a"), downloading("b", NEW, null), placed("c", NEW))))
        .isEqualTo("a:ACTIVATE b:ACTIVATE c:ACTIVATE");
  }

  @Test
  void switchesNobodyBeforeEveryReachableNodeHoldsTheNewRevision() {
    assertThat(plan("100%", selection(placed("a", NEW, OLD), downloading("b", NEW, OLD))))
        .isEqualTo("a:HOLD b:HOLD");
  }

  @Test
  void switchesAllWhenEveryReachableNodeHoldsIt() {
    var away = with(serving("c", OLD), Reachability.UNREACHABLE);

    assertThat(plan("100%", selection(placed("a", NEW, OLD), placed("b", NEW, OLD), away)))
        .isEqualTo("a:ACTIVATE b:ACTIVATE c:HOLD");
  }

  @Test
  void switchesNobodyWhileANodeMayYetSpeak() {
    var starting = with(fresh("b"), Reachability.PENDING);

    assertThat(plan("100%", selection(placed("a", NEW, OLD), starting))).isEqualTo("a:HOLD b:HOLD");
  }

  @Test
  void switchesAtMostMaxConcurrentAtOnceInTheOrderOfNames() {
    var all = selection(placed("a", NEW, OLD), placed("b", NEW, OLD), placed("c", NEW, OLD));

    assertThat(plan("34%", all)).isEqualTo("a:ACTIVATE b:ACTIVATE c:HOLD");
    assertThat(plan("1", all)).isEqualTo("a:ACTIVATE b:HOLD c:HOLD");
    assertThat(plan("1%", all)).isEqualTo("a:ACTIVATE b:HOLD c:HOLD");
  }

  @Test
  void goesOnWithTheNextWhenOneHasSwitched() {
    assertThat(
            plan("1", selection(serving("a", NEW), placed("b", NEW, OLD), placed("c", NEW, OLD))))
        .isEqualTo("a:ACTIVATE b:ACTIVATE c:HOLD");
  }

  @Test
  void tellsNobodyToSwitchOfWhomNothingIsKnown() {
    var restarted =
        selection(with(fresh("a"), Reachability.PENDING), with(fresh("b"), Reachability.PENDING));

    assertThat(plan("100%", restarted)).isEqualTo("a:HOLD b:HOLD");
  }

  @Test
  void bringsANodeUpToDateThatWasAwayForLong() {
    var waves = "waves: [{upTo: 1, pause: {untilApproved: true}}, {upTo: 100%}]";
    var back = selection(serving("a", NEW), serving("b", NEW), serving("c", OLD));
    var placed = selection(serving("a", NEW), serving("b", NEW), placed("c", NEW, OLD));

    assertThat(new Rollouts(waves, back).baseline().intents())
        .isEqualTo("a:ACTIVATE b:ACTIVATE c:HOLD");
    assertThat(new Rollouts(waves, placed).baseline().intents())
        .isEqualTo("a:ACTIVATE b:ACTIVATE c:ACTIVATE");
  }

  @Test
  void keepsSwitchingAlthoughANewNodeJoins() {
    var all = selection(serving("a", NEW), fresh("b"), placed("c", NEW, OLD));

    assertThat(plan("1", all)).isEqualTo("a:ACTIVATE b:ACTIVATE c:ACTIVATE");
  }

  @Test
  void holdsANewNodeBackWhileTheOthersStillServeTheEarlierRevision() {
    assertThat(plan("100%", selection(fresh("a"), placed("b", NEW, OLD))))
        .isEqualTo("a:HOLD b:HOLD");
  }

  @Test
  void switchesNoFurtherWhenANodeFailed() {
    var failing = failed("b", NEW, Reason.InsufficientDisk);

    assertThat(plan("1", selection(serving("a", NEW), failing, placed("c", NEW, OLD))))
        .isEqualTo("a:ACTIVATE b:ACTIVATE c:HOLD");
  }

  @Test
  void takesTheReleaseFromNodesThatNoLongerMatch() {
    assertThat(plan("100%", leaving(selection(serving("a", NEW)), serving("z", NEW))))
        .isEqualTo("a:ACTIVATE z:REMOVE");
  }

  @Test
  void changesNothingForANodeWhosePeerIsBeingReplaced() {
    assertThat(plan("100%", absent(selection(serving("a", NEW)), serving("b", NEW), fresh("c"))))
        .isEqualTo("a:ACTIVATE b:ACTIVATE");
  }

  @Test
  void leavesEveryNodeWithWhatItServesWhileSuspended() {
    var all = selection(serving("a", NEW), placed("b", NEW, OLD), downloading("c", NEW, null));

    assertThat(RolloutPlan.suspended(List.of(NEW, OLD), all, null).intents())
        .isEqualTo(Map.of("a", NodeIntent.activate(NEW), "b", NodeIntent.activate(OLD)));
  }

  @Test
  void goesOnWithoutAsManyFailedNodesAsMayBe() {
    var all = selection(placed("a", NEW, OLD), failing("b", NEW, OLD), placed("c", NEW, OLD));

    assertThat(plan("100%", all)).isEqualTo("a:HOLD b:HOLD c:HOLD");
    assertThat(new Rollouts("maxFailed: 1", all).intents())
        .isEqualTo("a:ACTIVATE b:HOLD c:ACTIVATE");
  }

  @Test
  void tellsNobodyElseWhileThoseThatWereToldHaveNotSwitched() {
    var all = selection(placed("a", NEW, OLD), placed("b", NEW, OLD), placed("c", NEW, OLD));

    assertThat(new Rollouts("maxConcurrent: 1", all).told("b").intents())
        .isEqualTo("a:HOLD b:ACTIVATE c:HOLD");
  }

  @Test
  void callsThoseBackThatAreTooManyAfterAnEdit() {
    var all = selection(placed("a", NEW, OLD), placed("b", NEW, OLD), placed("c", NEW, OLD));

    assertThat(new Rollouts("maxConcurrent: 1", all).told("b", "c").intents())
        .isEqualTo("a:HOLD b:ACTIVATE c:HOLD");
  }

  @Test
  void callsANodeBackThatIsAway() {
    var away = with(placed("b", NEW, OLD), Reachability.UNREACHABLE);
    var all = selection(placed("a", NEW, OLD), away);

    assertThat(new Rollouts("maxConcurrent: 1", all).told("b").intents())
        .isEqualTo("a:ACTIVATE b:HOLD");
  }

  @Test
  void switchesNobodyWhileItIsHeldAndCallsTheToldBack() {
    var all = selection(serving("a", NEW), placed("b", NEW, OLD));
    var held = new Rollouts("", all).annotated("corvid.dev/hold", "true");

    assertThat(held.told("b").intents()).isEqualTo("a:ACTIVATE b:HOLD");
    assertThat(held.state()).isInstanceOf(Paused.class);
    assertThat(held.baseline().intents()).isEqualTo("a:ACTIVATE b:HOLD");
  }

  @Test
  void letsNodesThatServeNothingJoinWhatWasActiveEverywhereThoughItIsHeld() {
    var all = selection(serving("a", NEW), placed("b", NEW));
    var held = new Rollouts("", all).annotated("corvid.dev/hold", "true");

    assertThat(held.baseline().intents()).isEqualTo("a:ACTIVATE b:ACTIVATE");
    assertThat(held.intents()).isEqualTo("a:ACTIVATE b:HOLD");
  }

  @Test
  void aNodeThatJoinsWhileANewerRevisionWaitsHoldsItAndServesNothingBeforeItsTurn() {
    var joining = selection(placed("a", NEW, OLD), fresh("b"));
    var joined = selection(placed("a", NEW, OLD), placed("b", NEW));
    var waves = "waves: [{upTo: 1, pause: {untilApproved: true}}, {upTo: 100%}]";

    for (var all : List.of(joining, joined)) {
      assertThat(new Rollouts("approval: Required", all).intents()).isEqualTo("a:HOLD b:HOLD");
      assertThat(
              new Rollouts("approval: Required", all)
                  .annotated("corvid.dev/hold", "true")
                  .intents())
          .isEqualTo("a:HOLD b:HOLD");
    }
    assertThat(new Rollouts(waves, joined).intents()).isEqualTo("a:ACTIVATE b:HOLD");
    assertThat(
            new Rollouts("approval: Required", joined)
                .annotated("corvid.dev/approve", NEW.revision())
                .intents())
        .isEqualTo("a:ACTIVATE b:ACTIVATE");
  }

  @Test
  void placesAndSwitchesNobodyUntilItIsApproved() {
    var all = selection(placed("a", NEW), placed("b", NEW, OLD));
    var waiting = new Rollouts("approval: Required", all);
    String revision = NEW.revision();

    assertThat(waiting.told("b").intents()).isEqualTo("a:HOLD b:HOLD");
    assertThat(waiting.annotated("corvid.dev/approve", OLD.revision()).intents())
        .isEqualTo("a:HOLD b:HOLD");
    assertThat(waiting.annotated("corvid.dev/approve", revision).intents())
        .isEqualTo("a:ACTIVATE b:ACTIVATE");
    assertThat(
            new Rollouts("approval: Required, approvedRevision: '" + revision + "'", all).intents())
        .isEqualTo("a:ACTIVATE b:ACTIVATE");
  }

  @Test
  void switchesNobodyToARevisionThatIsNoLongerAskedFor() {
    var all = selection(serving("a", NEW), placed("b", NEW, OLD), fresh("c"));

    assertThat(new Rollouts("", all).superseded().intents()).isEqualTo("a:ACTIVATE b:HOLD c:HOLD");
  }

  @Test
  void goesBackToWhatWasActiveEverywhereWithoutWaves() {
    var half = selection(placed("a", NEW, OLD), serving("b", NEW), serving("c", NEW));
    var waves =
        "waves: [{upTo: 1, pause: {untilApproved: true}}, {upTo: 100%}], approval: Required";

    assertThat(new Rollouts(waves, half).intents()).isEqualTo("a:HOLD b:ACTIVATE c:ACTIVATE");
    assertThat(new Rollouts(waves, half).baseline().intents())
        .isEqualTo("a:ACTIVATE b:ACTIVATE c:ACTIVATE");
  }

  private static String plan(String maxConcurrent, NodeSelection selection) {
    return new Rollouts("maxConcurrent: %s".formatted(maxConcurrent), selection).intents();
  }
}
