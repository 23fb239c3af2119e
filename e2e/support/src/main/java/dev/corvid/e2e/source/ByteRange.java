package dev.corvid.e2e.source;

import java.util.Optional;
import java.util.regex.Pattern;

/** One range of bytes, both ends included (RFC 9110, section 14). */
record ByteRange(long first, long last) {
  private static final Pattern FORM = Pattern.compile("bytes=([0-9]{1,18})-([0-9]{0,18})");

  /** What a {@code Range} header asks for; empty when it is absent or of a form not served here. */
  static Optional<ByteRange> parse(String header, long length) {
    var matcher = FORM.matcher(header == null ? "" : header.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long last = matcher.group(2).isEmpty() ? length - 1 : Long.parseLong(matcher.group(2));
    return Optional.of(new ByteRange(Long.parseLong(matcher.group(1)), Math.min(last, length - 1)));
  }

  boolean satisfiable() {
    return first <= last;
  }

  long length() {
    return last - first + 1;
  }

  String contentRange(long length) {
    return "bytes " + first + "-" + last + "/" + length;
  }
}
