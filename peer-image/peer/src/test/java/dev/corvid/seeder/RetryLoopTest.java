package dev.corvid.seeder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.seeder.error.RetryAfterException;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.fetch.FetchFixture;
import dev.corvid.seeder.fetch.FetchProgress;
import dev.corvid.seeder.fetch.SeederLog;
import dev.corvid.seeder.fetch.Sleeper;
import dev.corvid.wire.Reason;
import dev.corvid.wire.seeder.SeederReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryLoopTest {
  private static final SeederLog LOG =
      new SeederLog(new FetchFixture(Path.of("unused"), "http://unused/").task());

  private final FetchProgress progress = new FetchProgress();
  private final SeederStatus status = new SeederStatus(6881, progress);
  private final List<Duration> pauses = new ArrayList<>();

  @Test
  void comesBackToASilentSourceAfterASecondAndThenMoreAndMoreSlowly() {
    fail(20, new SourceException(Reason.SourceUnreachable, "no"));

    assertThat(pauses.getFirst()).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
    assertThat(pauses.getLast()).isBetween(Duration.ofSeconds(150), Duration.ofMinutes(5));
  }

  @Test
  void comesBackToAWrongSourceLessOften() {
    fail(1, new SourceException(Reason.DigestMismatch, "no"));

    assertThat(pauses.getFirst()).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
  }

  @Test
  void doesNotComeBackBeforeTheSourceWantsIt() {
    fail(1, new RetryAfterException("no", Duration.ofMinutes(12)));

    assertThat(pauses.getFirst()).isEqualTo(Duration.ofMinutes(12));
  }

  @Test
  void outlivesADefectOfItsOwn() {
    fail(1, new IllegalStateException("a bug"));

    assertThat(status.report().reason()).isEqualTo(Reason.SeederFailed);
    assertThat(status.report().message()).contains("a bug");
  }

  @Test
  void outlivesWhatOneSourceDoesToItsStack() {
    fail(1, new StackOverflowError());

    assertThat(status.report().reason()).isEqualTo(Reason.SeederFailed);
    assertThat(status.report().message()).contains("StackOverflowError");
  }

  @Test
  void endsWhereThereIsNoMemoryLeft() {
    var attempts = new RetryLoop(status, pauses::add, LOG, new Random(3));

    assertThatThrownBy(
            () ->
                attempts.untilDone(
                    () -> {
                      throw new OutOfMemoryError();
                    }))
        .isInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void aSilentSourceIsForgivenWithItsNextByte() {
    fail(1, new SourceException(Reason.SourceUnreachable, "no"));
    assertThat(status.report().state()).isEqualTo(SeederReport.State.FAILED);

    progress.read(1);

    assertThat(status.report().state()).isEqualTo(SeederReport.State.FETCHING);
  }

  @Test
  void aWrongSourceStaysWrongUntilItIsRight() {
    fail(1, new SourceException(Reason.InvalidContent, "no"));

    progress.read(1);

    assertThat(status.report().state()).isEqualTo(SeederReport.State.FAILED);
    assertThat(status.notReady()).contains("InvalidContent: no");
  }

  /** As often; then the seeder is stopped. */
  private void fail(int times, Throwable e) {
    Sleeper sleeper =
        duration -> {
          pauses.add(duration);
          if (pauses.size() == times) {
            throw new InterruptedException();
          }
        };
    var attempts = new RetryLoop(status, sleeper, LOG, new Random(3));
    assertThatThrownBy(
            () ->
                attempts.untilDone(
                    () -> {
                      if (e instanceof SourceException source) {
                        throw source;
                      }
                      if (e instanceof Error error) {
                        throw error;
                      }
                      throw (RuntimeException) e;
                    }))
        .isInstanceOf(InterruptedException.class);
  }
}
