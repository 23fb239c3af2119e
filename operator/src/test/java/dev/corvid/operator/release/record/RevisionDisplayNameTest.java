package dev.corvid.operator.release.record;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.downloading;
import static dev.corvid.operator.release.Given.fresh;
import static dev.corvid.operator.release.Given.placed;
import static dev.corvid.operator.release.Given.selection;
import static dev.corvid.operator.release.Given.serving;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.release.status.ConditionEvents;
import dev.corvid.operator.release.status.Situation;
import dev.corvid.operator.release.status.StatusWriteThrottle;
import dev.corvid.wire.Reason;
import org.junit.jupiter.api.Test;

/** The version, in all that a person reads of a status. */
class RevisionDisplayNameTest {
  private static final String NAMED = "version 1.0 (" + NEW.revision() + ")";

  private final Situation active =
      new Situation("", selection(serving("a", NEW), serving("b", NEW))).named("1.0");

  @Test
  void messagesNameTheVersionAndTheRevision() {
    var moving = new Situation("", selection(serving("a", NEW), downloading("b", NEW, null)));
    var placed = new Situation("rollout: {readyWhen: Distributed}", selection(placed("a", NEW)));
    var paused = "rollout: {waves: [{upTo: 1, pause: {untilApproved: true}}, {upTo: 100%}]}";

    assertThat(active.message()).isEqualTo(NAMED + " is active on 2 of 2 nodes");
    assertThat(moving.named("1.0").message()).startsWith(NAMED + ": 1 of 2 nodes hold it");
    assertThat(placed.named("1.0").message()).startsWith(NAMED + " is placed on 1 of 1 nodes");
    assertThat(
            new Situation(paused, selection(serving("a", NEW), placed("b", NEW)))
                .named("1.0")
                .message())
        .startsWith(NAMED + ": 1 of 2 nodes serve it");
  }

  @Test
  void aFetchNamesTheVersionThatIsAskedFor() {
    var fetching = new Situation("version: 2.0", selection(fresh("a"))).fetched(512 << 20, 1 << 30);

    assertThat(fetching.message()).isEqualTo("fetching the source of version 2.0: 512Mi of 1Gi");
  }

  @Test
  void troubleNamesTheVersionThatIsStillActive() {
    var editing = new Situation("", selection(serving("a", NEW), serving("b", NEW)));

    assertThat(editing.after(active.status()).problem(Reason.DigestMismatch).message())
        .endsWith("; " + NAMED + " is still active");
  }

  @Test
  void theStatusNamesTheVersionOfTheRevisionThatIsActiveEverywhere() {
    SwarmReleaseStatus status = active.status();
    var half = new Situation("", selection(serving("a", NEW), placed("b", NEW))).named("1.0");

    assertThat(status.currentVersion()).isEqualTo("1.0");
    assertThat(status.history().getFirst().version()).isEqualTo("1.0");
    assertThat(half.status().currentVersion()).isNull();
    assertThat(active.named(null).status().currentVersion()).isNull();
  }

  @Test
  void anotherNameOfTheSameRevisionIsOneWriteAndNoEvent() {
    SwarmReleaseStatus before = active.status();
    SwarmReleaseStatus renamed = active.named("1.1").after(before).status();

    assertThat(renamed.currentVersion()).isEqualTo("1.1");
    assertThat(renamed.currentRevision()).isEqualTo(before.currentRevision());
    assertThat(StatusWriteThrottle.isTransition(before, renamed)).isTrue();
    assertThat(ConditionEvents.told(before, renamed)).isEmpty();
    assertThat(
            StatusWriteThrottle.isTransition(renamed, active.named("1.1").after(renamed).status()))
        .isFalse();
  }
}
