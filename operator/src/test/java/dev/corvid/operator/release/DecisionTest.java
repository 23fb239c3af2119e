package dev.corvid.operator.release;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.OLD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.Revision;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecisionTest {
  private static final Revision WANTED = Given.revision(NEW, "sha256:new");

  @Test
  void aContentIsRecordedOnceTheStatusHasItForThatSource() {
    assertThat(wanting(WANTED).isRecorded(SwarmReleaseStatus.empty())).isFalse();
    assertThat(wanting(WANTED).isRecorded(status(Given.revision(OLD, "sha256:new")))).isFalse();
    assertThat(wanting(WANTED).isRecorded(status(Given.revision(NEW, "sha256:old")))).isFalse();
    assertThat(wanting(WANTED).isRecorded(status(WANTED, Given.revision(OLD, "sha256:old"))))
        .isTrue();
  }

  @Test
  void whereNoContentIsKnownThereIsNothingToRecord() {
    assertThat(wanting(null).isRecorded(SwarmReleaseStatus.empty())).isTrue();
  }

  private static Decision wanting(Revision wanted) {
    return new Decision(
        new History(List.of()), wanted, null, Failures.NONE, false, null, null, null, false);
  }

  private static SwarmReleaseStatus status(Revision... history) {
    return new SwarmReleaseStatus(
        1L,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        List.of(history));
  }
}
