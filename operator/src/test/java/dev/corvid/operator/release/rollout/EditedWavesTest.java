package dev.corvid.operator.release.rollout;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.NOW;
import static dev.corvid.operator.release.Given.OLD;
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
import dev.corvid.operator.release.rollout.RolloutState.Paused;
import dev.corvid.operator.release.rollout.RolloutState.Switching;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an edit of the waves makes of the one that runs. */
class EditedWavesTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String UNTIL_APPROVED = "pause: {untilApproved: true}";
  private static final String REST = "{name: rest, upTo: 100%}";

  private final NodeSelection oneSwitched =
      selection(serving("a", NEW), old("b"), old("c"), old("d"));
  private final NodeSelection twoSwitched =
      selection(serving("a", NEW), serving("b", NEW), old("c"), old("d"));

  private static SelectedNode old(String node) {
    return placed(node, NEW, OLD);
  }

  private static String waves(String... waves) {
    return "waves: [" + String.join(", ", waves) + "]";
  }

  private static WaveStatus running(int index, String name, int total) {
    return new WaveStatus(index, name, total, NOW.toString(), null);
  }

  private static WaveStatus done(int index, String name, int total) {
    return new WaveStatus(index, name, total, NOW.toString(), NOW.toString());
  }

  /** Of nodes a to d, a and b have switched, and the wave b of three is done. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          the one before removed    | {name: b, upTo: 2, PAUSE}, REST                                        | b
          one inserted before       | {name: first, upTo: 1}, {name: pre, upTo: 2}, {name: b, upTo: 2, PAUSE}, REST | b
          one inserted after        | {name: first, upTo: 1}, {name: b, upTo: 2, PAUSE}, {name: c, upTo: 3}, REST   | b
          it becomes the first      | {name: b, upTo: 2, PAUSE}, {name: first, upTo: 2}, REST                | b
          it is removed             | {name: first, upTo: 1, PAUSE}, REST                                    | first
          it is renamed             | {name: first, upTo: 1}, {name: c, upTo: 2, PAUSE}, REST                | c
          it loses its name         | {name: first, upTo: 1}, {upTo: 2, PAUSE}, REST                         | wave-2
          it is narrowed            | {name: first, upTo: 1}, {name: b, upTo: 1, PAUSE}, REST                | b
          a pause put before it     | {name: pre, upTo: 1, PAUSE}, {name: first, upTo: 1}, {name: b, upTo: 2}, REST | pre
          """)
  void anEditPassesNoPause(String edit, String edited, String paused) {
    String policy = waves(edited.replace("PAUSE", UNTIL_APPROVED).replace("REST", REST));
    var rollout = new Rollouts(policy, twoSwitched).edited().after(done(2, "b", 3)).told("a", "b");

    assertThat(rollout.intents()).isEqualTo("a:ACTIVATE b:ACTIVATE c:HOLD d:HOLD");
    assertThat(rollout.state()).isInstanceOf(Paused.class);
    assertThat(rollout.plan().wave().name()).isEqualTo(paused);
  }

  @Test
  void aTimedPauseIsAsLongAsWrittenAlthoughAWaveBeforeItIsRemoved() {
    var edited = waves("{name: b, upTo: 2, pause: {duration: 24h}}", REST);
    var rollout =
        new Rollouts(edited, twoSwitched)
            .edited()
            .after(done(2, "b", 3))
            .at(Given.at(NOW.plus(HOUR)))
            .told("a", "b");

    assertThat(rollout.intents()).isEqualTo("a:ACTIVATE b:ACTIVATE c:HOLD d:HOLD");
    assertThat(((Paused) rollout.state()).until())
        .contains(Given.uptime(NOW.plus(Duration.ofHours(24))));
  }

  @Test
  void allWavesRemovedLetEveryNodeSwitch() {
    assertThat(new Rollouts("waves: []", twoSwitched).after(done(2, "b", 3)).intents())
        .isEqualTo("a:ACTIVATE b:ACTIVATE c:ACTIVATE d:ACTIVATE");
  }

  @Test
  void aWaveByLabelsThatRunsOpensNoOtherAlthoughTheOneBeforeItIsRemoved() {
    var fleet =
        selection(
            serving("a", NEW), labelled(placed("b", NEW, OLD), "tier", "b"), old("c"), old("d"));
    var edited =
        waves("{name: b, selector: {matchLabels: {tier: b}}, " + UNTIL_APPROVED + "}", REST);
    var rollout = new Rollouts(edited, fleet).edited().after(running(2, "b", 3)).told("a", "b");

    assertThat(rollout.intents()).isEqualTo("a:ACTIVATE b:ACTIVATE c:HOLD d:HOLD");
    assertThat(rollout.state()).isInstanceOf(Switching.class);
    assertThat(rollout.plan().wave()).isEqualTo(running(1, "b", 2));
  }

  @Test
  void aWavePutInFrontIsNotDoneBecauseTheOtherWas() {
    var edited =
        waves(
            "{name: pre, selector: {matchLabels: {tier: typo}}}",
            "{name: canary, upTo: 2}",
            "{upTo: 100%}");
    var rollout = new Rollouts(edited, oneSwitched).edited().after(done(1, "canary", 2)).told("a");

    assertThat(rollout.intents()).isEqualTo("a:ACTIVATE b:HOLD c:HOLD d:HOLD");
    assertThat(((Paused) rollout.state()).why())
        .startsWith("wave pre (1 of 3) selects none of the nodes: ");
    assertThat(rollout.plan().wave().completionTime()).isNull();
  }

  @Test
  void aWaveThatIsWidenedIsDoneAndPausesWhenTheNodesItGainedHaveSwitched() {
    var edited = waves("{name: canary, upTo: 2, pause: {duration: 10m}}", REST);
    var later = Given.at(NOW.plus(HOUR));
    var widened =
        new Rollouts(edited, oneSwitched).edited().after(done(1, "canary", 2)).told("a").at(later);

    assertThat(widened.intents()).isEqualTo("a:ACTIVATE b:ACTIVATE c:HOLD d:HOLD");
    assertThat(widened.state()).isInstanceOf(Switching.class);
    assertThat(widened.plan().wave()).isEqualTo(running(1, "canary", 2));
    var switched =
        new Rollouts(edited, twoSwitched).after(widened.plan().wave()).told("a", "b").at(later);
    assertThat(switched.intents()).isEqualTo("a:ACTIVATE b:ACTIVATE c:HOLD d:HOLD");
    assertThat(((Paused) switched.state()).until())
        .contains(Given.uptime(NOW.plus(HOUR).plus(Duration.ofMinutes(10))));
  }

  @Test
  void aNodeThatJoinsAWaveThatIsDoneMakesItsPauseNoLonger() {
    var policy = waves("{name: canary, upTo: 2, pause: {duration: 10m}}", REST);
    var minutesLater = Given.at(NOW.plus(Duration.ofMinutes(9)));
    var rollout =
        new Rollouts(policy, oneSwitched).after(done(1, "canary", 2)).told("a").at(minutesLater);

    assertThat(rollout.plan().wave()).isEqualTo(done(1, "canary", 2));
  }

  @Test
  void aWaveThatIsWidenedSwitchesAndDoesNotPauseBeforeItIsDone() {
    var edited = waves("{name: canary, upTo: 2, " + UNTIL_APPROVED + "}", REST);
    var widened = new Rollouts(edited, oneSwitched).edited().after(done(1, "canary", 2)).told("a");

    assertThat(widened.intents()).isEqualTo("a:ACTIVATE b:ACTIVATE c:HOLD d:HOLD");
    assertThat(widened.state()).isInstanceOf(Switching.class);
  }

  @Test
  void anApprovalGivenAheadEndsTheWidenedWavesPauseOnlyOnceItIsDone() {
    var edited = waves("{name: canary, upTo: 2, " + UNTIL_APPROVED + "}", REST);
    String approval = NEW.revision() + "/canary";
    var widened =
        new Rollouts(edited, oneSwitched)
            .edited()
            .after(done(1, "canary", 2))
            .told("a")
            .annotated("corvid.dev/approve", approval);

    assertThat(widened.intents()).isEqualTo("a:ACTIVATE b:ACTIVATE c:HOLD d:HOLD");
    assertThat(
            new Rollouts(edited, twoSwitched)
                .after(widened.plan().wave())
                .annotated("corvid.dev/approve", approval)
                .intents())
        .isEqualTo("a:ACTIVATE b:ACTIVATE c:ACTIVATE d:ACTIVATE");
  }

  @Test
  void wavesByLabelsInAnotherOrderRunInThatOrder() {
    var fleet =
        selection(
            labelled(serving("a", NEW), "tier", "x"),
            labelled(placed("b", NEW, OLD), "tier", "y"),
            old("c"));
    var edited =
        waves(
            "{name: y, selector: {matchLabels: {tier: y}}}",
            "{name: x, selector: {matchLabels: {tier: x}}, " + UNTIL_APPROVED + "}",
            REST);
    var rollout = new Rollouts(edited, fleet).edited().after(done(1, "x", 3)).told("a");

    assertThat(rollout.intents()).isEqualTo("a:ACTIVATE b:ACTIVATE c:HOLD");
    assertThat(rollout.state()).isInstanceOf(Switching.class);
    assertThat(rollout.plan().wave()).isEqualTo(running(1, "y", 3));
  }

  @Test
  void anotherSelectorMakesTheWaveRunAgain() {
    var fleet =
        selection(
            labelled(serving("a", NEW), "tier", "x"),
            labelled(placed("b", NEW, OLD), "tier", "y"),
            old("c"));
    var edited =
        waves("{name: x, selector: {matchLabels: {tier: y}}, " + UNTIL_APPROVED + "}", REST);
    var rollout = new Rollouts(edited, fleet).edited().after(done(1, "x", 2)).told("a");

    assertThat(rollout.intents()).isEqualTo("a:ACTIVATE b:ACTIVATE c:HOLD");
    assertThat(rollout.state()).isInstanceOf(Switching.class);
  }

  @Test
  void aWaveWithoutANameIsNotTakenForTheOneThatHadItsPlace() {
    var edited = waves("{upTo: 2, " + UNTIL_APPROVED + "}", "{upTo: 100%}");
    var rollout =
        new Rollouts(edited, twoSwitched).edited().after(done(2, "wave-2", 3)).told("a", "b");

    assertThat(rollout.intents()).isEqualTo("a:ACTIVATE b:ACTIVATE c:HOLD d:HOLD");
    assertThat(rollout.state()).isInstanceOf(Paused.class);
    assertThat(rollout.plan().wave().name()).isEqualTo("wave-1");
  }

  @Test
  void thoseWhoseTurnHasNotComeAreCalledBack() {
    var edited = waves("{name: first, upTo: 1, " + UNTIL_APPROVED + "}", REST);
    var rollout =
        new Rollouts(edited, oneSwitched).edited().after(running(2, "b", 3)).told("a", "b");

    assertThat(rollout.intents()).isEqualTo("a:ACTIVATE b:HOLD c:HOLD d:HOLD");
  }

  @Test
  void aPauseCountsOnAlthoughANodeOfItsWaveIsNotHeardForAWhile() {
    var policy = waves("{name: b, upTo: 2, pause: {duration: 10m}}", REST);
    for (SelectedNode quiet :
        List.of(
            with(serving("b", NEW), Reachability.PENDING),
            with(serving("b", NEW), Reachability.UNREACHABLE))) {
      var fleet = selection(serving("a", NEW), quiet, old("c"));
      assertThat(new Rollouts(policy, fleet).edited().after(done(1, "b", 2)).plan().wave())
          .isEqualTo(done(1, "b", 2));
    }
  }
}
