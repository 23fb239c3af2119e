package dev.corvid.operator.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.ReleaseAnnotations;
import dev.corvid.api.v1alpha1.SwarmRelease;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class StatusReporterTest {
  /** Then the release is looked at again at once: the event of that change does not come. */
  @Test
  void aLookIsSupersededByWhatDecidesSomething() {
    assertThat(isSuperseded(release -> release.getMetadata().setGeneration(5L))).isTrue();
    assertThat(isSuperseded(release -> release.getMetadata().setDeletionTimestamp("now"))).isTrue();
    for (String name : ReleaseAnnotations.NAMES) {
      assertThat(isSuperseded(release -> annotate(release, name))).as(name).isTrue();
    }
  }

  @Test
  void aLookIsNotSupersededByItsOwnWriteOrByWhatDecidesNothing() {
    assertThat(isSuperseded(release -> release.getMetadata().setResourceVersion("8"))).isFalse();
    assertThat(isSuperseded(release -> annotate(release, "example.com/note"))).isFalse();
  }

  private static void annotate(SwarmRelease release, String name) {
    release.getMetadata().setAnnotations(Map.of(name, "4"));
  }

  private static boolean isSuperseded(Consumer<SwarmRelease> change) {
    SwarmRelease written = Given.release("");
    change.accept(written);
    return StatusReporter.isSuperseded(Given.release(""), written);
  }
}
