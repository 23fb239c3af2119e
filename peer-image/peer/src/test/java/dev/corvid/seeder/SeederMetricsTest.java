package dev.corvid.seeder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.reference.Scraped;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.fetch.FetchProgress;
import dev.corvid.seeder.unpack.Archives;
import dev.corvid.wire.Reason;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a seeder's endpoint answers. */
class SeederMetricsTest {
  @TempDir Path scratch;
  @TempDir Path other;

  @Test
  void everyFamilyIsDocumented() throws Exception {
    try (var pods = new SeederFixture(other)) {
      pods.source.serve("/model.bin", Archives.noise(1000));
      try (var pod = pods.open(pods.task("/model.bin", null), scratch)) {
        pods.published();

        Scraped.of(pod.telemetryAddress()).isWellNamed().isDocumentedAs("Seeder");
      }
    }
  }

  @Test
  void countsTheTimeThatFetchesTake() throws Exception {
    var progress = new FetchProgress();

    progress.timed(() -> progress.bytes());
    try {
      progress.timed(
          () -> {
            throw new SourceException(Reason.SourceUnreachable, "no");
          });
    } catch (SourceException e) {
      assertThat(progress.seconds()).isGreaterThan(progress.took().toNanos() / 1e9);
    }
  }
}
