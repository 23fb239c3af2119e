package dev.corvid.operator.release.status;

import static dev.corvid.operator.release.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LastReportedStatusTest {
  private final LastReportedStatus told = new LastReportedStatus();

  @Test
  void tellsOnceWhatCannotBeWritten() {
    SwarmReleaseStatus written = status("Progressing", NOW);
    SwarmReleaseStatus failed = status("DigestMismatch", NOW.plusSeconds(10));
    SwarmReleaseStatus later = status("DigestMismatch", NOW.plusSeconds(20));

    assertThat(ConditionEvents.told(told.before(written, failed), failed)).hasSize(1);
    assertThat(ConditionEvents.told(told.before(written, later), later)).isEmpty();
    assertThat(ConditionEvents.told(told.before(written, later), later)).isEmpty();
  }

  @Test
  void tellsWhatComesAfterwardsAlthoughItCannotBeWrittenEither() {
    SwarmReleaseStatus written = status("Progressing", NOW);
    SwarmReleaseStatus failed = status("DigestMismatch", NOW.plusSeconds(10));
    SwarmReleaseStatus waits = status("SourceUnreachable", NOW.plusSeconds(20));
    told.before(written, failed);

    assertThat(ConditionEvents.told(told.before(written, waits), waits)).hasSize(1);
    assertThat(ConditionEvents.told(told.before(written, failed), failed)).hasSize(1);
  }

  @Test
  void comparesWithTheStatusThatStandsThereOnceItWasWritten() {
    SwarmReleaseStatus written = status("Progressing", NOW);
    SwarmReleaseStatus failed = status("DigestMismatch", NOW.plusSeconds(10));
    told.before(written, failed);

    SwarmReleaseStatus again = status("Progressing", NOW.plusSeconds(30));

    assertThat(ConditionEvents.told(told.before(failed, again), again)).hasSize(1);
    assertThat(ConditionEvents.told(told.before(again, failed), failed)).hasSize(1);
  }

  private static SwarmReleaseStatus status(String reason, Instant now) {
    var empty = SwarmReleaseStatus.empty();
    var conditions =
        new Conditions(empty.conditions(), 1, now)
            .add(Conditions.READY, "False", reason, "as of " + now)
            .build();
    return new SwarmReleaseStatus(
        1L, conditions, null, null, null, null, null, null, null, null, null, null, null, null);
  }
}
