package dev.corvid.seeder.http;

import java.net.http.HttpHeaders;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where a body ends (RFC 9112, 6.3).
 *
 * @param length in bytes; -1 when it is not said before
 * @param chunked whether the end is marked
 */
record BodyFraming(long length, boolean chunked) {
  private static final int MAX_DIGITS = 18;

  /**
   * @throws IllegalArgumentException with the reason, when the headers contradict each other
   */
  static BodyFraming of(HttpHeaders headers) {
    var codings = headers.allValues("Transfer-Encoding");
    var lengths = Set.copyOf(headers.allValues("Content-Length"));
    if (!codings.isEmpty()) {
      var text = String.join(", ", codings).strip();
      if (!text.toLowerCase(Locale.ROOT).equals("chunked")) {
        throw new IllegalArgumentException("Transfer-Encoding: " + text);
      }
      if (!lengths.isEmpty()) {
        throw new IllegalArgumentException("both Content-Length and Transfer-Encoding");
      }
      return new BodyFraming(-1, true);
    }
    if (lengths.isEmpty()) {
      return new BodyFraming(-1, false);
    }
    var text = lengths.stream().sorted().collect(Collectors.joining(", ")).strip();
    if (lengths.size() > 1 || !text.matches("\\d{1," + MAX_DIGITS + "}")) {
      throw new IllegalArgumentException("Content-Length: " + text);
    }
    return new BodyFraming(Long.parseLong(text), false);
  }

  /** Whether a body that is cut off can be told from a whole one. */
  boolean hasEnd() {
    return chunked || length >= 0;
  }
}
