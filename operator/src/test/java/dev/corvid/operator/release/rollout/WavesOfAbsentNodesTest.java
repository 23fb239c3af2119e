package dev.corvid.operator.release.rollout;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.NOW;
import static dev.corvid.operator.release.Given.OLD;
import static dev.corvid.operator.release.Given.absent;
import static dev.corvid.operator.release.Given.failing;
import static dev.corvid.operator.release.Given.labelled;
import static dev.corvid.operator.release.Given.placed;
import static dev.corvid.operator.release.Given.selection;
import static dev.corvid.operator.release.Given.serving;
import static dev.corvid.operator.release.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus.WaveStatus;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.fleet.SelectedNode.Reachability;
import dev.corvid.operator.release.Given;
import dev.corvid.operator.release.rollout.RolloutState.Complete;
import dev.corvid.operator.release.rollout.RolloutState.Paused;
import dev.corvid.operator.release.rollout.RolloutState.Switching;
import dev.corvid.operator.release.status.Situation;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that cannot be reached are no evidence that a revision works. */
class WavesOfAbsentNodesTest {
  private static final String CANARY = "waves: [{name: canary, upTo: 1}, {upTo: 100%}]";
  private static final String HALVES =
      "waves: [{name: canary, upTo: 1}, {name: half, upTo: 50%}, {upTo: 100%}]";
  private static final String UNTIL_RESUMED =
      "waves: [{name: canary, upTo: 1, pause: {untilApproved: true}}, {upTo: 100%}]";
  private static final String LABELS =
      "waves: [{name: canary, selector: {matchLabels: {tier: canary}}}, {upTo: 100%}]";

  private static SelectedNode away(SelectedNode node) {
    return with(node, Reachability.UNREACHABLE);
  }

  private static SelectedNode waiting(String node) {
    return placed(node, NEW, OLD);
  }

  private static WaveStatus wave(int index, boolean done) {
    return new WaveStatus(index, "canary", 2, NOW.toString(), done ? NOW.toString() : null);
  }

  @Test
  void oneThatGoesAwayBeforeItSwitchesGivesItsPlaceToAnother() {
    var gone = selection(away(waiting("a")), waiting("b"), waiting("c"), waiting("d"));
    var rollout = new Rollouts(CANARY, gone).told("a");

    assertThat(rollout.intents()).isEqualTo("a:HOLD b:ACTIVATE c:HOLD d:HOLD");
    assertThat(rollout.plan().wave().index()).isEqualTo(1);
    assertThat(rollout.plan().wave().completionTime()).isNull();
  }

  @Test
  void oneThatComesBackWaitsForItsTurn() {
    var back = selection(waiting("a"), waiting("b"), waiting("c"));

    assertThat(new Rollouts(CANARY, back).told("b").intents())
        .isEqualTo("a:HOLD b:ACTIVATE c:HOLD");
  }

  @Test
  void aCanaryThatSwitchedAndWentAwayHoldsTheOthers() {
    var lost = new Rollouts(CANARY, selection(away(serving("a", NEW)), waiting("b"), waiting("c")));

    assertThat(lost.intents()).isEqualTo("a:ACTIVATE b:HOLD c:HOLD");
    assertThat(((Paused) lost.state()).why())
        .isEqualTo(
            "wave canary (1 of 2) waits: none of its nodes can be reached (a). It continues when"
                + " one is back, or when a node takes the place of a Node that is deleted; to pass"
                + " over it: kubectl -n search annotate swr model corvid.dev/allow-empty-wave=4"
                + " --overwrite --field-manager=corvid-user");
    assertThat(lost.plan().wave().completionTime()).isNull();
    assertThat(lost.allowingEmptyWaves().intents()).isEqualTo("a:ACTIVATE b:ACTIVATE c:ACTIVATE");

    var back = selection(serving("a", NEW), waiting("b"), waiting("c"));
    assertThat(new Rollouts(CANARY, back).intents()).isEqualTo("a:ACTIVATE b:ACTIVATE c:ACTIVATE");
    var deleted = selection(waiting("b"), waiting("c"));
    assertThat(new Rollouts(CANARY, deleted).intents()).isEqualTo("b:ACTIVATE c:HOLD");
    var edited = CANARY.replace("upTo: 1}", "upTo: 2}");
    assertThat(new Rollouts(edited, lost.selection()).intents())
        .isEqualTo("a:ACTIVATE b:ACTIVATE c:HOLD");
  }

  @Test
  void aCanaryThatGoesAwayInThePauseHoldsTheOthersAfterIt() {
    var timed = CANARY.replace("upTo: 1}", "upTo: 1, pause: {duration: 10m}}");
    var lost = selection(away(serving("a", NEW)), waiting("b"));
    var over = new Rollouts(timed, lost).after(wave(1, true)).at(Given.at(NOW.plusSeconds(600)));

    assertThat(over.intents()).isEqualTo("a:ACTIVATE b:HOLD");
    assertThat(over.state()).isInstanceOf(Paused.class);
    assertThat(over.allowingEmptyWaves().state()).isInstanceOf(Switching.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        LABELS,
        "waves: [{selector: {matchLabels: {tier: canary}}}, {upTo: 2}, {upTo: 100%}]"
      })
  void nodesChosenByLabelsHoldTheOthersToo(String policy) {
    var canary = away(labelled(serving("a", NEW), "tier", "canary"));
    var lost = new Rollouts(policy, selection(canary, waiting("b"), waiting("c"), waiting("d")));

    assertThat(lost.intents()).isEqualTo("a:ACTIVATE b:HOLD c:HOLD d:HOLD");
    assertThat(lost.state()).isInstanceOf(Paused.class);
  }

  @Test
  void aWaveIsDoneWithoutSomeOfItsNodes() {
    var some =
        selection(serving("a", NEW), away(serving("b", NEW)), away(waiting("c")), waiting("d"));
    var policy = CANARY.replace("upTo: 1}", "upTo: 2}");

    assertThat(new Rollouts(policy, some).intents())
        .isEqualTo("a:ACTIVATE b:ACTIVATE c:HOLD d:ACTIVATE");
  }

  @Test
  void aLaterWaveOfNodesThatAreAllAwayWaitsForOneOfThem() {
    var alone =
        selection(serving("a", NEW), away(waiting("b")), away(waiting("c")), away(waiting("d")));
    var rollout = new Rollouts(HALVES, alone);

    assertThat(rollout.plan().wave().name()).isEqualTo("half");
    assertThat(((Paused) rollout.state()).why()).startsWith("wave half (2 of 3) waits: ");
    var known = rollout.plan().wave();
    var back = selection(serving("a", NEW), away(waiting("b")), waiting("c"), waiting("d"));
    assertThat(new Rollouts(HALVES, back).after(known).intents())
        .isEqualTo("a:ACTIVATE b:HOLD c:ACTIVATE d:HOLD");
    var deleted = selection(serving("a", NEW));
    assertThat(new Rollouts(HALVES, deleted).after(known).state()).isInstanceOf(Complete.class);
  }

  @Test
  void theLastWaveWaitsForNoneOfThem() {
    var last = selection(serving("a", NEW), away(waiting("b")));

    assertThat(new Rollouts(CANARY, last).state()).isInstanceOf(Complete.class);
  }

  @Test
  void nodesWhosePeersAreReplacedAreAwayToo() {
    var all = selection(waiting("b"), waiting("c"));
    var rolling = absent(all, away(serving("a", NEW)));
    var paused = new Rollouts(UNTIL_RESUMED, rolling).after(wave(1, true));

    assertThat(paused.intents()).isEqualTo("a:ACTIVATE b:HOLD c:HOLD");
    assertThat(
            new Rollouts(
                    HALVES,
                    absent(
                        selection(serving("a", NEW)),
                        away(waiting("b")),
                        away(waiting("c")),
                        away(waiting("d"))))
                .plan()
                .wave()
                .name())
        .isEqualTo("half");
  }

  @Test
  void aPauseIsNotOverBecauseTheOthersAreAway() {
    var spec = "rollout: {%s}".formatted(UNTIL_RESUMED);
    var paused = new Situation(spec, selection(serving("a", NEW), away(waiting("b")))).wanting();

    assertThat(paused.conditions()).isEqualTo("False/Paused Reconciling");
    assertThat(paused.status().currentRevision()).isNull();
    var suspended = new Situation("suspend: true, " + spec, paused.selection()).wanting();
    assertThat(suspended.status().currentRevision()).isNull();
    assertThat(suspended.conditions()).isEqualTo("False/Suspended");
    var peerless = absent(selection(serving("a", NEW)), away(waiting("b")));
    assertThat(new Situation(spec, peerless).wanting().status().currentRevision()).isNull();
  }

  @Test
  void aPauseThatNoNodeWaitsForEndsWithTheRollout() {
    var single =
        new Situation("rollout: {%s}".formatted(UNTIL_RESUMED), selection(serving("a", NEW)));

    assertThat(single.wanting().conditions()).isEqualTo("True/Succeeded");
    assertThat(single.wanting().status().currentRevision()).isEqualTo(NEW.revision());
  }

  @Test
  void whateverNodesDoTheNextWaveNeedsOneThatSwitchedOrFailed() {
    List<Function<String, SelectedNode>> states =
        List.of(
            WavesOfAbsentNodesTest::waiting,
            node -> away(waiting(node)),
            node -> with(waiting(node), Reachability.PENDING),
            node -> serving(node, NEW),
            node -> away(serving(node, NEW)),
            node -> failing(node, NEW, OLD),
            node -> away(failing(node, NEW, OLD)));
    for (int i = 0; i < states.size() * states.size() * states.size(); i++) {
      var all =
          selection(
              labelled(states.get(i % 7).apply("a"), "tier", "canary"),
              states.get(i / 7 % 7).apply("b"),
              states.get(i / 49).apply("c"));
      for (String policy : List.of(CANARY, HALVES, LABELS, CANARY.replace("1}", "60%}"))) {
        for (String told : List.of("a", "b")) {
          check(new Rollouts("maxFailed: 3, " + policy, all).told(told));
        }
      }
    }
  }

  private static void check(Rollouts rollout) {
    NodeSelection all = rollout.selection();
    WaveStatus wave = rollout.plan().wave();
    boolean evidence = all.reachable().stream().anyMatch(WavesOfAbsentNodesTest::isDone);
    if (wave != null && wave.index() > 1) {
      assertThat(evidence).as("%s: %s", rollout, rollout.intents()).isTrue();
    }
    boolean moves =
        all.desired().stream()
            .filter(node -> node.reachability() != Reachability.UNREACHABLE)
            .anyMatch(node -> !isDone(node));
    boolean begun = all.desired().stream().anyMatch(m -> m.serves(NEW.manifestDigest()));
    if (rollout.state() instanceof Switching && begun) {
      assertThat(moves).as("%s waits for some node: %s", rollout, rollout.intents()).isTrue();
    }
  }

  private static boolean isDone(SelectedNode node) {
    return node.serves(NEW.manifestDigest()) || node.failed(NEW.manifestDigest());
  }
}
