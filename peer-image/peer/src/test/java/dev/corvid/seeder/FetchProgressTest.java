package dev.corvid.seeder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.fetch.FetchProgress;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.time.Uptime;
import dev.corvid.wire.Reason;
import dev.corvid.wire.seeder.SeederReport;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FetchProgressTest {
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");
  private Uptime uptime = new Uptime(0);
  private final FetchProgress progress = new FetchProgress(() -> now, () -> uptime);
  private final SeederStatus status = new SeederStatus(6881, progress);

  @Test
  void namesTheUrlWhoseFirstByteIsAwaited() throws Exception {
    progress.asks(SourceUrl.parse("https://a.example/m.tar?X-Amz-Signature=secret"));
    assertThat(status.report().message()).as("it may yet answer").isNull();

    passes(2);

    assertThat(status.report().state()).isEqualTo(SeederReport.State.FETCHING);
    assertThat(status.report().message())
        .isEqualTo(
            "waiting for the first byte of https://a.example/m.tar since 2026-01-02T03:04:05Z");
  }

  @Test
  void namesTheUrlThatPausesInMidTransfer() throws Exception {
    progress.asks(SourceUrl.parse("https://a.example/m.tar"));
    passes(30);
    progress.read(100);
    passes(9);
    assertThat(status.report().message()).isNull();

    passes(1);

    assertThat(status.report().message())
        .isEqualTo(
            "waiting for the next byte of https://a.example/m.tar since 2026-01-02T03:04:35Z");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1})
  void aWallClockThatIsSetMakesNothingSlowAndHidesNothing(int direction) throws Exception {
    progress.asks(SourceUrl.parse("https://a.example/m.tar"));
    now = now.plus(Duration.ofHours(direction));
    assertThat(status.report().message()).as("it may yet answer").isNull();

    passes(2);
    assertThat(status.report().message()).contains("since 2026-01-02T03:04:05Z");
  }

  @Test
  void tellsAtOnceThatAnAnswerBegins() throws Exception {
    var told = new AtomicInteger();
    status.onChange(told::incrementAndGet);

    progress.asks(SourceUrl.parse("https://a.example/m.tar"));
    passes(1);
    progress.read(100);
    progress.read(100);
    assertThat(told).hasValue(1);

    progress.asks(SourceUrl.parse("https://b.example/m.tar"));
    passes(1);
    progress.read(100);
    assertThat(told).hasValue(2);
  }

  @Test
  void saysThatWhatWasFetchedIsHashed() throws Exception {
    progress.asks(SourceUrl.parse("https://a.example/m.tar"));
    progress.read(100);

    progress.hashing();

    assertThat(status.report().message()).contains("hashed");
  }

  private void passes(int seconds) {
    now = now.plusSeconds(seconds);
    uptime = uptime.plus(Duration.ofSeconds(seconds));
  }

  @Test
  void aFailureIsMoreThanWhatTheNextAttemptWaitsFor() throws Exception {
    status.failed(new SourceException(Reason.SourceUnreachable, "it answers 503"));
    progress.asks(SourceUrl.parse("https://a.example/m.tar"));
    passes(30);

    assertThat(status.report().message()).isEqualTo("it answers 503");
  }
}
