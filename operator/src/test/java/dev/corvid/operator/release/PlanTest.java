package dev.corvid.operator.release;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.OLD;
import static dev.corvid.operator.release.Given.absent;
import static dev.corvid.operator.release.Given.census;
import static dev.corvid.operator.release.Given.downloading;
import static dev.corvid.operator.release.Given.failed;
import static dev.corvid.operator.release.Given.fresh;
import static dev.corvid.operator.release.Given.leaving;
import static dev.corvid.operator.release.Given.placed;
import static dev.corvid.operator.release.Given.serving;
import static dev.corvid.operator.release.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.fleet.Census;
import dev.corvid.operator.fleet.Member.Reach;
import dev.corvid.wire.Reason;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlanTest {
  @Test
  void activatesAFirstRevisionAsSoonAsEachNodeHoldsIt() {
    assertThat(plan("100%", census(fresh("a"), downloading("b", NEW, null), placed("c", NEW))))
        .isEqualTo("a:ACTIVATE b:ACTIVATE c:ACTIVATE");
  }

  @Test
  void switchesNobodyBeforeEveryReachableNodeHoldsTheNewRevision() {
    assertThat(plan("100%", census(placed("a", NEW, OLD), downloading("b", NEW, OLD))))
        .isEqualTo("a:HOLD b:HOLD");
  }

  @Test
  void switchesAllWhenEveryReachableNodeHoldsIt() {
    var away = with(serving("c", OLD), Reach.UNREACHABLE);

    assertThat(plan("100%", census(placed("a", NEW, OLD), placed("b", NEW, OLD), away)))
        .isEqualTo("a:ACTIVATE b:ACTIVATE c:HOLD");
  }

  @Test
  void switchesNobodyWhileANodeMayYetSpeak() {
    var starting = with(fresh("b"), Reach.PENDING);

    assertThat(plan("100%", census(placed("a", NEW, OLD), starting))).isEqualTo("a:HOLD b:HOLD");
  }

  @Test
  void switchesAtMostMaxUnavailableAtOnceInTheOrderOfNames() {
    var all = census(placed("a", NEW, OLD), placed("b", NEW, OLD), placed("c", NEW, OLD));

    assertThat(plan("34%", all)).isEqualTo("a:ACTIVATE b:ACTIVATE c:HOLD");
    assertThat(plan("1", all)).isEqualTo("a:ACTIVATE b:HOLD c:HOLD");
    assertThat(plan("1%", all)).isEqualTo("a:ACTIVATE b:HOLD c:HOLD");
  }

  @Test
  void goesOnWithTheNextWhenOneHasSwitched() {
    assertThat(plan("1", census(serving("a", NEW), placed("b", NEW, OLD), placed("c", NEW, OLD))))
        .isEqualTo("a:ACTIVATE b:ACTIVATE c:HOLD");
  }

  @Test
  void keepsSwitchingAlthoughANewNodeJoins() {
    var all = census(serving("a", NEW), fresh("b"), placed("c", NEW, OLD));

    assertThat(plan("1", all)).isEqualTo("a:ACTIVATE b:ACTIVATE c:ACTIVATE");
  }

  @Test
  void holdsANewNodeBackWhileTheOthersStillServeTheEarlierRevision() {
    assertThat(plan("100%", census(fresh("a"), placed("b", NEW, OLD)))).isEqualTo("a:HOLD b:HOLD");
  }

  @Test
  void switchesNoFurtherWhenANodeFailed() {
    var failing = failed("b", NEW, Reason.InsufficientDisk);

    assertThat(plan("1", census(serving("a", NEW), failing, placed("c", NEW, OLD))))
        .isEqualTo("a:ACTIVATE b:ACTIVATE c:HOLD");
  }

  @Test
  void takesTheReleaseFromNodesThatNoLongerMatch() {
    assertThat(plan("100%", leaving(census(serving("a", NEW)), serving("z", NEW))))
        .isEqualTo("a:ACTIVATE z:REMOVE");
  }

  @Test
  void changesNothingForANodeWhosePeerIsBeingReplaced() {
    assertThat(plan("100%", absent(census(serving("a", NEW)), serving("b", NEW), fresh("c"))))
        .isEqualTo("a:ACTIVATE b:ACTIVATE");
  }

  @Test
  void leavesEveryNodeWithWhatItServesWhileSuspended() {
    var wants =
        Plan.suspended(
            List.of(NEW, OLD),
            census(serving("a", NEW), placed("b", NEW, OLD), downloading("c", NEW, null)));

    assertThat(wants).isEqualTo(Map.of("a", Want.activate(NEW), "b", Want.activate(OLD)));
  }

  private static String plan(String maxUnavailable, Census census) {
    var release = Given.release("rollout: {maxUnavailable: %s}".formatted(maxUnavailable));
    return Plan.rollOut(NEW, census, release.getSpec().rollout()).entrySet().stream()
        .map(entry -> entry.getKey() + ":" + entry.getValue().action())
        .collect(Collectors.joining(" "));
  }
}
