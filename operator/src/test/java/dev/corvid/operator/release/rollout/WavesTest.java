package dev.corvid.operator.release.rollout;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.NOW;
import static dev.corvid.operator.release.Given.OLD;
import static dev.corvid.operator.release.Given.failing;
import static dev.corvid.operator.release.Given.fresh;
import static dev.corvid.operator.release.Given.labelled;
import static dev.corvid.operator.release.Given.placed;
import static dev.corvid.operator.release.Given.selection;
import static dev.corvid.operator.release.Given.serving;
import static dev.corvid.operator.release.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus.WaveStatus;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.SelectedNode.Reachability;
import dev.corvid.operator.release.Given;
import dev.corvid.operator.release.rollout.RolloutState.Complete;
import dev.corvid.operator.release.rollout.RolloutState.Paused;
import dev.corvid.operator.release.rollout.RolloutState.Stopped;
import dev.corvid.operator.release.rollout.RolloutState.Switching;
import org.junit.jupiter.api.Test;

class WavesTest {
  private static final String TIMED =
      "waves: [{name: canary, upTo: 25%, pause: {duration: 10m}}, {upTo: 100%}]";
  private static final String UNTIL_RESUMED =
      "waves: [{name: canary, upTo: 1, pause: {untilApproved: true}}, {name: rest, upTo: 100%}]";
  private static final String TYPO =
      "waves: [{name: canary, selector: {matchLabels: {tier: canray}}}, {upTo: 100%}]";
  private static final WaveStatus CANARY_DONE =
      new WaveStatus(1, "canary", 2, NOW.toString(), NOW.toString());

  private final NodeSelection placed =
      selection(
          placed("a", NEW, OLD),
          placed("b", NEW, OLD),
          placed("c", NEW, OLD),
          placed("d", NEW, OLD));
  private final NodeSelection canarySwitched =
      selection(
          serving("a", NEW), placed("b", NEW, OLD), placed("c", NEW, OLD), placed("d", NEW, OLD));

  @Test
  void beginWhenEverythingIsPlaced() {
    var first = new Rollouts(TIMED, placed);

    assertThat(first.intents()).isEqualTo("a:ACTIVATE b:HOLD c:HOLD d:HOLD");
    assertThat(first.plan().wave()).isEqualTo(new WaveStatus(1, "canary", 2, NOW.toString(), null));
    assertThat(new Rollouts(TIMED, selection(placed("a", NEW, OLD), fresh("b"))).plan().wave())
        .isNull();
  }

  @Test
  void waitForTheEndOfAPauseThatTheStatusRemembers() {
    var done = new Rollouts(TIMED, canarySwitched);
    assertThat(done.plan().wave().completionTime()).isEqualTo(NOW.toString());
    assertThat(done.state()).isInstanceOf(Paused.class);

    var waiting = done.after(CANARY_DONE).at(Given.at(NOW.plusSeconds(599)));
    assertThat(waiting.intents()).isEqualTo("a:ACTIVATE b:HOLD c:HOLD d:HOLD");
    assertThat(((Paused) waiting.state()).until()).contains(Given.uptime(NOW.plusSeconds(600)));

    var over = waiting.at(Given.at(NOW.plusSeconds(600)));
    assertThat(over.intents()).isEqualTo("a:ACTIVATE b:ACTIVATE c:ACTIVATE d:ACTIVATE");
    assertThat(over.plan().wave().name()).isEqualTo("wave-2");
    assertThat(over.state()).isInstanceOf(Switching.class);
  }

  @Test
  void waitUntilThePauseIsEditedAway() {
    var waiting = new Rollouts(UNTIL_RESUMED, canarySwitched).after(CANARY_DONE);
    assertThat(waiting.at(Given.at(NOW.plusSeconds(1 << 20))).state()).isInstanceOf(Paused.class);

    for (String resumed : new String[] {"", ", pause: {duration: 1s}"}) {
      var edited = "waves: [{name: canary, upTo: 1%s}, {upTo: 100%%}]".formatted(resumed);
      assertThat(
              new Rollouts(edited, canarySwitched)
                  .after(CANARY_DONE)
                  .at(Given.at(NOW.plusSeconds(9)))
                  .state())
          .as(edited)
          .isInstanceOf(Switching.class);
    }
  }

  @Test
  void goOnWithoutNodesThatFailedOrAreAway() {
    var all =
        selection(
            failing("a", NEW, OLD),
            with(placed("b", NEW, OLD), Reachability.UNREACHABLE),
            placed("c", NEW, OLD));

    assertThat(new Rollouts("maxFailed: 1, waves: [{upTo: 1}, {upTo: 100%}]", all).intents())
        .isEqualTo("a:HOLD b:HOLD c:ACTIVATE");
  }

  @Test
  void stopWhenTooManyFailed() {
    var all = selection(failing("a", NEW, OLD), placed("b", NEW, OLD));
    var stopped = new Rollouts("waves: [{upTo: 1}, {upTo: 100%}]", all);

    assertThat(stopped.intents()).isEqualTo("a:HOLD b:HOLD");
    assertThat(stopped.state()).isInstanceOf(Stopped.class);
  }

  @Test
  void takeTheirNodesByLabelsToo() {
    var all =
        selection(
            placed("a", NEW, OLD),
            labelled(placed("b", NEW, OLD), "tier", "canary"),
            placed("c", NEW, OLD));
    var policy =
        "waves: [{selector: {matchLabels: {tier: canary}}, pause: {untilApproved: true}}, {upTo:"
            + " 100%}]";

    assertThat(new Rollouts(policy, all).intents()).isEqualTo("a:HOLD b:ACTIVATE c:HOLD");
  }

  @Test
  void waitWhenTheirLabelsSelectNoNode() {
    var typo = new Rollouts(TYPO, placed);

    assertThat(typo.intents()).isEqualTo("a:HOLD b:HOLD c:HOLD d:HOLD");
    assertThat(typo.state()).isInstanceOf(Paused.class);
    assertThat(((Paused) typo.state()).why())
        .startsWith("wave canary (1 of 2) selects none of the nodes: ")
        .contains("spec.rollout.waves[0].selector")
        .endsWith(
            "swr model corvid.dev/allow-empty-wave=4 --overwrite --field-manager=corvid-user");
    assertThat(typo.plan().wave().completionTime()).isNull();
    assertThat(typo.allowingEmptyWaves().intents())
        .isEqualTo("a:ACTIVATE b:ACTIVATE c:ACTIVATE d:ACTIVATE");
  }

  @Test
  void waitWhenNoneOfTheirNodesCanBeReached() {
    var canary = labelled(placed("a", NEW, OLD), "tier", "canary");
    var away = selection(with(canary, Reachability.UNREACHABLE), placed("b", NEW, OLD));

    assertThat(new Rollouts(TYPO.replace("canray", "canary"), away).intents())
        .isEqualTo("a:HOLD b:HOLD");
  }

  @Test
  void waitInALaterWaveToo() {
    var later = TYPO.replace("waves: [", "waves: [{upTo: 1}, ");

    assertThat(new Rollouts(later, canarySwitched).plan().wave().index()).isEqualTo(2);
    assertThat(new Rollouts(later, canarySwitched).intents())
        .isEqualTo("a:ACTIVATE b:HOLD c:HOLD d:HOLD");
  }

  @Test
  void areDoneForGoodAlthoughTheirNodesLoseTheLabel() {
    assertThat(new Rollouts(TYPO, canarySwitched).after(CANARY_DONE).intents())
        .isEqualTo("a:ACTIVATE b:ACTIVATE c:ACTIVATE d:ACTIVATE");
  }

  @Test
  void countNodesThatHaveSwitchedFirst() {
    var joined = selection(placed("0", NEW, OLD), serving("a", NEW), placed("b", NEW, OLD));

    assertThat(new Rollouts(UNTIL_RESUMED, joined).intents()).isEqualTo("0:HOLD a:ACTIVATE b:HOLD");
  }

  @Test
  void holdTheFirstRevisionBackToo() {
    var all = selection(placed("a", NEW), placed("b", NEW));

    assertThat(new Rollouts(UNTIL_RESUMED, all).intents()).isEqualTo("a:ACTIVATE b:HOLD");
  }

  @Test
  void passInOneStepWhenTheirNodesServeItAlready() {
    var all = selection(serving("a", NEW), serving("b", NEW), placed("c", NEW, OLD));
    var policy = "waves: [{upTo: 1}, {upTo: 2}, {upTo: 100%}]";

    assertThat(new Rollouts(policy, all).plan().wave().index()).isEqualTo(3);
  }

  @Test
  void endWithTheLast() {
    var all = selection(serving("a", NEW), serving("b", NEW));
    var last = new WaveStatus(2, "rest", 2, NOW.toString(), null);
    var ended = new Rollouts(UNTIL_RESUMED, all).after(last);

    assertThat(ended.state()).isInstanceOf(Complete.class);
    assertThat(ended.plan().wave().name()).isEqualTo("rest");
  }

  @Test
  void beginAgainWhenTheOneThatRanIsGone() {
    var third = new WaveStatus(3, "third", 3, NOW.toString(), null);

    assertThat(new Rollouts(TIMED, placed).after(third).plan().wave().index()).isEqualTo(1);
  }
}
