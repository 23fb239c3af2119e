package dev.corvid.seeder.http;

import dev.corvid.seeder.error.RetryAfterException;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.time.Uptime;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * When each URL wants to be asked again (RFC 9110, 10.2.3). A source is left alone until then, by
 * all attempts of the seeder, but never for longer than a quarter of an hour. Thread-safe.
 */
public final class RetryAfterTimes {
  public static final Duration LONGEST = Duration.ofMinutes(15);
  private static final int MANY_DIGITS = 9;

  private final Supplier<Uptime> clock;
  private final Map<SourceUrl, Uptime> times = new ConcurrentHashMap<>();

  public RetryAfterTimes(Supplier<Uptime> clock) {
    this.clock = clock;
  }

  /**
   * What an answer's {@code Retry-After} asks for, in seconds or as a date; empty for nothing.
   *
   * @param wall against which a date is read if the answer has no {@code Date} of its own
   */
  public static Optional<Duration> asked(HttpHeaders headers, Instant wall) {
    Instant now = headers.firstValue("Date").flatMap(HttpDate::parse).orElse(wall);
    return headers
        .firstValue("Retry-After")
        .flatMap(text -> parse(text.strip(), now))
        .filter(Duration::isPositive)
        .map(asked -> asked.compareTo(LONGEST) < 0 ? asked : LONGEST);
  }

  private static Optional<Duration> parse(String text, Instant now) {
    if (text.matches("\\d+")) {
      return Optional.of(
          text.length() > MANY_DIGITS ? LONGEST : Duration.ofSeconds(Long.parseLong(text)));
    }
    return HttpDate.parse(text).map(date -> Duration.between(now, date));
  }

  public void note(SourceUrl url, RetryAfterException busy) {
    times.put(url, clock.get().plus(busy.retryAfter()));
  }

  /**
   * @throws RetryAfterException when this URL is not to be asked yet
   */
  public void check(SourceUrl url) throws RetryAfterException {
    var time = times.get(url);
    if (time == null) {
      return;
    }
    var left = clock.get().until(time);
    if (left.isPositive()) {
      throw new RetryAfterException(
          "%s asked for a pause (Retry-After), of which %d s are left"
              .formatted(url, left.toSeconds() + 1),
          left);
    }
    times.remove(url, time);
  }
}
