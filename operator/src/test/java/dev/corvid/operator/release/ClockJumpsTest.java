package dev.corvid.operator.release;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.OLD;
import static dev.corvid.operator.release.Given.placed;
import static dev.corvid.operator.release.Given.selection;
import static dev.corvid.operator.release.Given.serving;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.release.rollout.RemovalRate;
import dev.corvid.operator.release.rollout.RolloutState;
import dev.corvid.operator.release.rollout.Rollouts;
import dev.corvid.operator.release.seeder.SeederStartup;
import dev.corvid.operator.release.state.ReconcileState;
import dev.corvid.operator.release.status.StatusWriteThrottle;
import dev.corvid.operator.release.status.StatusWriteThrottleTest;
import dev.corvid.operator.release.step.Clocks;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.release.step.ReconcileSteps;
import dev.corvid.wire.Reason;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A wall clock that is set back or forward neither holds nor ends a pause of this process. */
class ClockJumpsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final PlayedClock clock = new PlayedClock();
  private final SwarmRelease release = Given.release("suspend: false");

  @ParameterizedTest
  @ValueSource(ints = {-1, 1})
  void aStepThatFailedIsTriedAgainAfterItsPause(int direction) {
    var steps = new ReconcileSteps();
    steps.begin(release, clock.uptime());
    steps.run("create it", ClockJumpsTest::fail);
    clock.jumps(HOUR.multipliedBy(direction));

    steps.begin(release, clock.uptime());
    steps.run("create it", () -> {});
    assertThat(steps.isFailing("create it")).as("before its pause is over").isTrue();

    clock.passes(Duration.ofSeconds(1));
    steps.begin(release, clock.uptime());
    steps.run("create it", () -> {});
    assertThat(steps.isFailing("create it")).as("after it").isFalse();
  }

  private static void fail() {
    throw new IllegalStateException("not yet");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1})
  void aTenthOfTheNodesIsToldWithinAMinuteOfThisProcess(int direction) {
    var rate = new RemovalRate();
    assertThat(rate.admits("a", 10, clock.uptime())).isTrue();
    clock.jumps(HOUR.multipliedBy(direction));

    assertThat(rate.admits("b", 10, clock.uptime())).as("within the minute").isFalse();
    clock.passes(Duration.ofMinutes(1));
    assertThat(rate.admits("b", 10, clock.uptime())).as("after it").isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1})
  void figuresAreWrittenAMinuteAfterTheLastWrite(int direction) {
    var lastWrite = clock.uptime();
    clock.jumps(HOUR.multipliedBy(direction));
    clock.passes(Duration.ofSeconds(20));

    assertThat(
            StatusWriteThrottle.delay(
                StatusWriteThrottleTest.status("False", "Progressing", 40, 1, Given.NOW),
                StatusWriteThrottleTest.status("False", "Progressing", 41, 1, Given.NOW),
                lastWrite,
                0,
                clock.uptime()))
        .contains(Duration.ofSeconds(40));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1})
  void theNextSeederIsMadeAfterItsPause(int direction) {
    var reconcileState = new ReconcileState(Clocks.system());
    reconcileState.seeder().attempted(new Problem(Reason.SeederRefused, "no"), clock.uptime());
    clock.jumps(HOUR.multipliedBy(direction));

    assertThat(clock.uptime().isBefore(reconcileState.seeder().next()))
        .as("before its pause is over")
        .isTrue();
    clock.passes(Duration.ofSeconds(1));
    assertThat(clock.uptime().isBefore(reconcileState.seeder().next())).as("after it").isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1})
  void aPodIsCalledSlowAfterAsLongAsOnePassesHere(int direction) {
    var start = new SeederStartup();
    var pod = new PodBuilder().withNewMetadata().withName("p").withUid("p").endMetadata().build();
    start.look(pod, (_, _) -> Optional.empty(), clock.uptime());
    clock.jumps(HOUR.multipliedBy(direction));

    start.look(pod, (_, _) -> Optional.empty(), clock.uptime());
    assertThat(start.waitsFor()).as("at once").isNull();
    clock.passes(SeederStartup.PATIENCE);
    start.look(pod, (_, _) -> Optional.empty(), clock.uptime());
    assertThat(start.waitsFor()).contains("has not started");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1})
  void thePauseAfterAWaveLastsAsLongAsItIsWritten(int direction) {
    var done =
        new Rollouts(
            "waves: [{name: canary, upTo: 25%, pause: {duration: 10m}}, {upTo: 100%}]",
            selection(serving("a", NEW), placed("b", NEW, OLD), placed("c", NEW, OLD)));
    var paused = done.at(clock.now());
    var wave = paused.plan().wave();
    clock.jumps(HOUR.multipliedBy(direction));

    clock.passes(Duration.ofMinutes(9));
    assertThat(done.after(wave).at(clock.now()).state()).isInstanceOf(RolloutState.Paused.class);
    clock.passes(Duration.ofMinutes(1));
    assertThat(done.after(wave).at(clock.now()).state()).isInstanceOf(RolloutState.Switching.class);
  }
}
