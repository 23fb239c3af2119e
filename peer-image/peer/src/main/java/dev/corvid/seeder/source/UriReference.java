package dev.corvid.seeder.source;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A URL, or a part of one, as RFC 3986 takes it apart (appendix B) and puts it together (5.2): not
 * as {@link java.net.URI} does, which follows RFC 2396. Without its fragment, which no server sees.
 *
 * @param scheme in lower case; null for none
 * @param authority null for none
 * @param query null for none
 */
record UriReference(
    @Nullable String scheme, @Nullable String authority, String path, @Nullable String query) {
  private static final Pattern PARTS =
      Pattern.compile(
          "(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#]*))?([^?#]*)(?:\\?([^#]*))?(?:#.*)?");

  /** What may stand in a path beside letters and digits; the percent sign is looked at later. */
  private static final String IN_PATH = "-._~!$&'()*+,;=:@/%";

  private static final String IN_QUERY = IN_PATH + "?[]";

  /** Of a text as a user writes it: what needs to be escaped is. */
  static UriReference parse(String text) {
    return parse(text, StandardCharsets.UTF_8);
  }

  /**
   * Of a header's value, whose characters are the bytes that came: in UTF-8, or else in Latin-1.
   */
  static UriReference ofHeader(String value) {
    return parse(HeaderCharset.decoded(value), HeaderCharset.of(value));
  }

  private static UriReference parse(String text, Charset charset) {
    var parts = PARTS.matcher(text.strip().replaceAll("[\\r\\n\\t]", ""));
    if (!parts.matches()) {
      throw new IllegalArgumentException("it is no URL");
    }
    return new UriReference(
        parts.group(1) == null ? null : parts.group(1).toLowerCase(Locale.ROOT),
        parts.group(2),
        escaped(parts.group(3), IN_PATH, charset),
        parts.group(4) == null ? null : escaped(parts.group(4), IN_QUERY, charset));
  }

  /** As curl and browsers do: what no URL may have is percent-encoded, what is so already stays. */
  private static String escaped(String text, String allowed, Charset charset) {
    var escaped = new StringBuilder();
    for (byte each : text.getBytes(charset)) {
      char c = (char) (each & 0xff);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || allowed.indexOf(c) >= 0);
      escaped.append(plain ? c : "%%%02X".formatted((int) c));
    }
    // A percent sign that escapes nothing stands for itself.
    return escaped.toString().replaceAll("%(?![0-9A-Fa-f]{2})", "%25");
  }

  /** RFC 3986, 5.2.2. */
  UriReference resolve(UriReference reference) {
    if (reference.scheme != null) {
      return reference.normalized();
    }
    if (reference.authority != null) {
      return new UriReference(scheme, reference.authority, reference.path, reference.query)
          .normalized();
    }
    if (reference.path.isEmpty()) {
      var theirs = reference.query == null ? query : reference.query;
      return new UriReference(scheme, authority, path, theirs);
    }
    var absolute = reference.path.startsWith("/") ? reference.path : merged(reference.path);
    return new UriReference(scheme, authority, absolute, reference.query).normalized();
  }

  private String merged(String relative) {
    return path.substring(0, path.lastIndexOf('/') + 1) + relative;
  }

  /** RFC 3986, 5.2.4. */
  UriReference normalized() {
    if (path.isEmpty()) {
      return this;
    }
    var kept = new ArrayDeque<String>();
    var segments = path.split("/", -1);
    for (int i = 1; i < segments.length; i++) {
      boolean last = i == segments.length - 1;
      switch (segments[i]) {
        case "." -> {}
        case ".." -> kept.pollLast();
        default -> {
          kept.addLast(segments[i]);
          continue;
        }
      }
      if (last) {
        kept.addLast("");
      }
    }
    return new UriReference(scheme, authority, "/" + String.join("/", kept), query);
  }

  @Override
  public String toString() {
    return (scheme == null ? "" : scheme + ":")
        + (authority == null ? "" : "//" + authority)
        + path
        + (query == null ? "" : "?" + query);
  }
}
