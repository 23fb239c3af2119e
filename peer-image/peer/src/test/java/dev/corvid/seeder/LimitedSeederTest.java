package dev.corvid.seeder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.seeder.unpack.Archives;
import dev.corvid.wire.seeder.SeederLimits;
import dev.corvid.wire.seeder.SeederReport;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A seeder keeps to the limits of its task, and then to those that the tracker answers. */
class LimitedSeederTest {
  /** 5 minutes at the lowest limit. */
  private static final byte[] CONTENT = Archives.noise(20 << 20);

  private static final SeederLimits LOWEST = new SeederLimits(64 << 10, 0);

  @TempDir Path scratch;
  @TempDir Path other;
  private SeederFixture pods;

  @BeforeEach
  void create() throws Exception {
    pods = new SeederFixture(other);
    pods.source.serve("/model.bin", CONTENT);
  }

  @AfterEach
  void close() {
    pods.close();
  }

  @Test
  void readsFromTheFirstByteOnAsFastAsItMayAndFasterOnceItMay() throws Exception {
    pods.tracker.limit(LOWEST);
    try (var pod = pods.open(pods.task("/model.bin", null).within(LOWEST), scratch)) {
      var begun = System.nanoTime();
      await().until(() -> pods.tracker.last() != null && pods.tracker.last().originBytes() > 0);
      var bytes = pods.tracker.last().originBytes();
      var most = 2 * LOWEST.origin() + (System.nanoTime() - begun) * 1e-9 * LOWEST.origin();
      assertThat((double) bytes).isLessThan(most);

      pods.tracker.limit(SeederLimits.NONE);

      assertThat(pods.published().originBytes()).isEqualTo(CONTENT.length);
    }
  }

  @Test
  void obeysALimitThatComesWithAnAnswer() throws Exception {
    pods.tracker.limit(LOWEST);
    try (var pod =
        pods.open(
            pods.task("/model.bin", null).within(new SeederLimits(1 << 20, 1 << 20)), scratch)) {
      await().until(() -> pod.rateLimits().inForce(), LOWEST::equals);
      assertThat(pods.tracker.heard(SeederReport.State.FETCHING)).isTrue();
      assertThat(pod.rateLimits().origin().get()).isEqualTo(LOWEST.origin());
    }
  }

  @Test
  void keepsItsLimitsWhileTheTrackerIsAway() throws Exception {
    pods.tracker.refuse(3, 503);
    try (var pod = pods.open(pods.task("/model.bin", null).within(LOWEST), scratch)) {
      assertThat(pod.rateLimits().inForce()).isEqualTo(LOWEST);

      await().until(() -> pod.rateLimits().inForce(), SeederLimits.NONE::equals);
      assertThat(pods.tracker.authorizations()).hasSizeGreaterThan(3);
    }
  }
}
