package dev.corvid.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The version of this program: what the build says, and no other place. */
public final class Version {
  private static final String RESOURCE = "version.txt";
  private static final String TEXT = read();
  private static final int MARK_PARTS = 4;

  private Version() {}

  /** As the build writes it, {@code 0.1.0-SNAPSHOT}. */
  public static String text() {
    return TEXT;
  }

  /** The header User-Agent (RFC 9110, section 10.1.5) of what this program fetches. */
  public static String userAgent() {
    return "corvid/" + TEXT;
  }

  /** The four characters of a peer id that tell the version (BEP 20). */
  public static String mark() {
    return mark(TEXT);
  }

  /** A digit or letter for each number of the version; what is missing is 0. */
  static String mark(String version) {
    var numbers = version.replaceFirst("[^0-9.].*", "").split("\\.");
    var mark = new StringBuilder();
    for (var i = 0; i < MARK_PARTS; i++) {
      var number = i < numbers.length && !numbers[i].isEmpty() ? Integer.parseInt(numbers[i]) : 0;
      var digit =
          Character.forDigit(Math.min(number, Character.MAX_RADIX - 1), Character.MAX_RADIX);
      mark.append(Character.toUpperCase(digit));
    }
    return mark.toString();
  }

  private static String read() {
    try (var in = Version.class.getResourceAsStream(RESOURCE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("the program's own " + RESOURCE + " cannot be read", e);
    }
  }
}
