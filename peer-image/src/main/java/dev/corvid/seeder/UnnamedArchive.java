package dev.corvid.seeder;

import dev.corvid.wire.Printable;
import dev.corvid.wire.Reason;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A source whose URL names no archive, so that it is released as one file, although something else
 * says that it is one. Hardly anybody means that, and so it has to be written.
 */
final class UnnamedArchive {
  /** Of a name that says what the file is; that of a program says it of the program. */
  private static final Pattern OWN_SUFFIX =
      Pattern.compile(
          "(?i).+\\.(?!(?:php|aspx?|ashx|cgi|jsp|pl|py|do|action)$)[a-z][a-z0-9]{0,15}");

  private UnnamedArchive() {}

  /**
   * @param first URL of the spec, whose suffix decides
   * @param answer of this URL or a mirror
   * @throws SourceException when a redirect, Content-Disposition or the query name an archive
   */
  static void refuse(SourceUrl first, Answer answer) throws SourceException {
    var said = answer.representation();
    refuse(first, "Content-Disposition calls it", said.fileName());
    if (!said.hop().equals(answer.url())) {
      refuse(first, "it redirects to", said.hop().fileName());
    }
    if (!hasOwnSuffix(first)) {
      for (var parameter : query(first).split("&")) {
        var text = URLDecoder.decode(parameter, StandardCharsets.UTF_8);
        refuse(first, "its query names", text.substring(text.lastIndexOf('=') + 1));
      }
    }
  }

  private static void refuse(SourceUrl first, String how, String path) throws SourceException {
    var name = path.substring(path.lastIndexOf('/') + 1);
    var format = Format.bySuffix(name);
    if (format.isPresent() || Format.isOtherArchive(name)) {
      throw new SourceException(
          Reason.InvalidSpec,
          "%s is not unpacked, because it has no archive's suffix itself, but %s %s; write spec.source.unpack.format: %sNone to release it as one file"
              .formatted(
                  first,
                  how,
                  Printable.name(name),
                  format.map(it -> it.inSpec() + " to unpack it, or ").orElse("")));
    }
  }

  /** For a person, where only the bytes say that it is one; null for nothing to say. */
  static String note(SourceUrl first, byte[] head) {
    var format = FirstBytes.format(head);
    return hasOwnSuffix(first) || format.isEmpty()
        ? null
        : "not unpacked: %s has no archive's suffix, but begins like a %s; if it is one, write spec.source.unpack.format: %s"
            .formatted(first, format.get().words(), format.get().inSpec());
  }

  private static boolean hasOwnSuffix(SourceUrl url) {
    return OWN_SUFFIX.matcher(url.fileName()).matches();
  }

  private static String query(SourceUrl url) {
    return url.uri().getRawQuery() == null ? "" : url.uri().getRawQuery();
  }
}
