package dev.corvid.seeder.http;

import dev.corvid.seeder.source.HeaderCharset;
import dev.corvid.seeder.source.HttpTransport;
import dev.corvid.seeder.source.SourceUrl;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an answer says of its bytes beside how many they are (RFC 9110, 8).
 *
 * @param hop that sends them, after redirects
 * @param validator what identifies these very bytes; null when the source gives nothing
 * @param contentType empty for none
 * @param fileName that of Content-Disposition (RFC 6266), without directories; empty for none
 * @param ranges whether the source offers ranges of them (RFC 9110, 14.3)
 * @param address of the hop; null where a proxy chose it
 */
public record Representation(
    SourceUrl hop,
    @Nullable String validator,
    String contentType,
    String fileName,
    boolean ranges,
    @Nullable InetAddress address) {
  /** With {@code filename*} before {@code filename}, which is for those who cannot read it. */
  private static final Pattern FILE_NAME =
      Pattern.compile(
          "(?i)filename\\*\\s*=\\s*([\\w-]*)'[^']*'([^;\\s]+)"
              + "|filename\\s*=\\s*(?:\"([^\"]*)\"|([^;\\s]+))");

  static Representation of(SourceUrl hop, @Nullable String validator, HttpTransport.Reply reply) {
    var headers = reply.headers();
    return new Representation(
        hop,
        validator,
        headers.firstValue("Content-Type").orElse(""),
        headers.firstValue("Content-Disposition").map(Representation::fileName).orElse(""),
        headers.firstValue("Accept-Ranges").filter(Representation::isBytes).isPresent()
            || headers.firstValue("Content-Range").isPresent(),
        reply.address());
  }

  private static boolean isBytes(String units) {
    return Arrays.stream(units.split(",")).anyMatch(unit -> unit.strip().equalsIgnoreCase("bytes"));
  }

  private static String fileName(String disposition) {
    var name = FILE_NAME.matcher(HeaderCharset.decoded(disposition));
    var found = "";
    for (boolean extended = false; !extended && name.find(); ) {
      extended = name.group(2) != null;
      found =
          extended
              ? unescaped(name.group(2), name.group(1))
              : name.group(3) != null ? name.group(3) : name.group(4);
    }
    return found.substring(Math.max(found.lastIndexOf('/'), found.lastIndexOf('\\')) + 1);
  }

  /**
   * RFC 8187, 3.2; as it is where it cannot be decoded, because its suffix may tell all the same.
   */
  private static String unescaped(String text, String charset) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), Charset.forName(charset));
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
