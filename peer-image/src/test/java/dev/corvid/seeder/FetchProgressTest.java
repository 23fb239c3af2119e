package dev.corvid.seeder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.wire.Reason;
import dev.corvid.wire.SeederReport;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FetchProgressTest {
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");
  private final FetchProgress progress = new FetchProgress(() -> now);
  private final SeederStatus status = new SeederStatus(6881, progress);

  @Test
  void namesTheUrlWhoseFirstByteIsAwaited() throws Exception {
    progress.asks(SourceUrl.parse("https://a.example/m.tar?X-Amz-Signature=secret"));
    assertThat(status.report().message()).as("it may yet answer").isNull();

    now = now.plusSeconds(2);

    assertThat(status.report().state()).isEqualTo(SeederReport.State.FETCHING);
    assertThat(status.report().message())
        .isEqualTo(
            "waiting for the first byte of https://a.example/m.tar since 2026-01-02T03:04:05Z");
  }

  @Test
  void namesTheUrlThatPausesInMidTransfer() throws Exception {
    progress.asks(SourceUrl.parse("https://a.example/m.tar"));
    now = now.plusSeconds(30);
    progress.read(100);
    now = now.plusSeconds(9);
    assertThat(status.report().message()).isNull();

    now = now.plusSeconds(1);

    assertThat(status.report().message())
        .isEqualTo(
            "waiting for the next byte of https://a.example/m.tar since 2026-01-02T03:04:35Z");
  }

  @Test
  void tellsAtOnceThatAnAnswerBegins() throws Exception {
    var told = new AtomicInteger();
    status.onChange(told::incrementAndGet);

    progress.asks(SourceUrl.parse("https://a.example/m.tar"));
    now = now.plusSeconds(1);
    progress.read(100);
    progress.read(100);
    assertThat(told).hasValue(1);

    progress.asks(SourceUrl.parse("https://b.example/m.tar"));
    now = now.plusSeconds(1);
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

  @Test
  void aFailureIsMoreThanWhatTheNextAttemptWaitsFor() throws Exception {
    status.failed(new SourceException(Reason.SourceUnreachable, "it answers 503"));
    progress.asks(SourceUrl.parse("https://a.example/m.tar"));
    now = now.plusSeconds(30);

    assertThat(status.report().message()).isEqualTo("it answers 503");
  }
}
