package dev.corvid.wire.text;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Durations in the notation of GEP-2257 of the Gateway API, {@code 10m}, {@code 1h30m}, {@code
 * 500ms}: the only one that the resource, the chart and the command line know.
 */
public final class DurationFormat {
  /** The grammar, as the CRD's rules and the chart's checks have it too. */
  public static final String GRAMMAR = "^([0-9]{1,5}(h|m|s|ms)){1,4}$";

  /** What to write, in the words of each refusal. */
  public static final String WORDS =
      "in whole hours, minutes, seconds and milliseconds, such as 10m or 1h30m";

  private static final Pattern WHOLE = Pattern.compile(GRAMMAR);
  private static final Pattern AMOUNT = Pattern.compile("([0-9]+)([hms]+)");

  private DurationFormat() {}

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when the text has another form
   */
  public static Duration parse(String text) {
    if (!WHOLE.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a duration; write 30s, 10m or 1h30m".formatted(text));
    }
    return AMOUNT
        .matcher(text)
        .results()
        .map(part -> duration(Long.parseLong(part.group(1)), part.group(2)))
        .reduce(Duration.ZERO, Duration::plus);
  }

  private static Duration duration(long amount, String unit) {
    return switch (unit) {
      case "h" -> Duration.ofHours(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "s" -> Duration.ofSeconds(amount);
      default -> Duration.ofMillis(amount);
    };
  }
}
