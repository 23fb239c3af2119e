package dev.corvid.seeder.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.seeder.error.RetryAfterException;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.time.Uptime;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RetryAfterTimesTest {
  private static final Instant NOW = Instant.parse("2015-10-21T07:28:00Z");

  private static final Uptime START = new Uptime(0);

  @Test
  void readsSecondsAndDatesAndNothingElse() {
    assertThat(asked("20")).contains(Duration.ofSeconds(20));
    assertThat(asked("Wed, 21 Oct 2015 07:29:00 GMT")).contains(Duration.ofMinutes(1));
    assertThat(asked("Wednesday, 21-Oct-15 07:29:00 GMT")).contains(Duration.ofMinutes(1));
    assertThat(asked("Wed Oct 21 07:29:00 2015")).contains(Duration.ofMinutes(1));
    assertThat(asked("86400")).contains(Duration.ofMinutes(15));
    assertThat(asked("99999999999999999999")).contains(Duration.ofMinutes(15));
    for (var nothing : List.of("0", "-5", "soon", "Wed, 21 Oct 2015 07:00:00 GMT")) {
      assertThat(asked(nothing)).as(nothing).isEmpty();
    }
  }

  @Test
  void aUrlIsNotAskedBeforeItsTime() throws Exception {
    var now = new AtomicReference<>(START);
    var times = new RetryAfterTimes(now::get);
    var url = SourceUrl.parse("https://busy.example/x");
    times.note(url, new RetryAfterException("busy", Duration.ofSeconds(20)));

    now.set(START.plus(Duration.ofSeconds(5)));
    assertThatThrownBy(() -> times.check(url))
        .hasMessageContaining("https://busy.example/x asked for a pause")
        .returns(Duration.ofSeconds(15), e -> ((RetryAfterException) e).retryAfter());
    assertThatCode(() -> times.check(SourceUrl.parse("https://other.example/x")))
        .doesNotThrowAnyException();

    now.set(START.plus(Duration.ofSeconds(20)));
    assertThatCode(() -> times.check(url)).doesNotThrowAnyException();
  }

  /** The clock of this node may be wrong; what the answer says of its own time counts. */
  @Test
  void aDateIsReadByTheClockOfTheServerThatSentIt() {
    var headers =
        HttpHeaders.of(
            Map.of(
                "Retry-After", List.of("Wed, 21 Oct 2015 09:29:00 GMT"),
                "Date", List.of("Wed, 21 Oct 2015 09:28:00 GMT")),
            (name, text) -> true);

    assertThat(RetryAfterTimes.asked(headers, NOW)).contains(Duration.ofMinutes(1));
  }

  private static Optional<Duration> asked(String value) {
    return RetryAfterTimes.asked(
        HttpHeaders.of(Map.of("Retry-After", List.of(value)), (name, text) -> true), NOW);
  }
}
