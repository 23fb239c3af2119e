package dev.corvid.wire.text;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes in the notation of Kubernetes quantities: {@code 20Gi}, {@code 1.5M}, {@code 4096}. */
public final class ByteSize {
  private static final Pattern FORM =
      Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?)([KMGTPE]i|[kMGTPE])?");
  private static final Map<String, Long> UNITS =
      Map.ofEntries(
          Map.entry("k", 1_000L),
          Map.entry("M", 1_000_000L),
          Map.entry("G", 1_000_000_000L),
          Map.entry("T", 1_000_000_000_000L),
          Map.entry("P", 1_000_000_000_000_000L),
          Map.entry("E", 1_000_000_000_000_000_000L),
          Map.entry("Ki", 1L << 10),
          Map.entry("Mi", 1L << 20),
          Map.entry("Gi", 1L << 30),
          Map.entry("Ti", 1L << 40),
          Map.entry("Pi", 1L << 50),
          Map.entry("Ei", 1L << 60));
  private static final String[] BINARY = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};

  private ByteSize() {}

  /**
   * Bytes, rounded up.
   *
   * @throws IllegalArgumentException when the text is not a size, or more than 2^63 - 1 bytes
   */
  public static long parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text + " is not a size; write 20Gi, 512Mi or 4096");
    }
    long unit = matcher.group(2) == null ? 1 : requireNonNull(UNITS.get(matcher.group(2)));
    try {
      return new BigDecimal(matcher.group(1))
          .multiply(BigDecimal.valueOf(unit))
          .setScale(0, RoundingMode.CEILING)
          .longValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(text + " is too large", e);
    }
  }

  /** For a person: at most one digit behind the point, binary units ({@code 1.2Gi}). */
  public static String format(long bytes) {
    double value = bytes;
    int unit = 0;
    // What would be rounded to 1024 of one unit is 1 of the next.
    while (Math.round(Math.abs(value)) >= 1024 && unit < BINARY.length - 1) {
      value /= 1024;
      unit++;
    }
    boolean whole = unit == 0 || value >= 100 || value == Math.rint(value);
    return (whole
            ? Long.toString(Math.round(value))
            : Double.toString(Math.round(value * 10) / 10.0))
        + BINARY[unit];
  }
}
