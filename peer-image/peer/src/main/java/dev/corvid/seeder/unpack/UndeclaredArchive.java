package dev.corvid.seeder.unpack;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.error.UndeclaredArchiveException;
import dev.corvid.seeder.http.SourceResponse;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.wire.Reason;
import dev.corvid.wire.text.Printable;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A source whose URL names no archive, so that it is released as one file, although something else
 * says that it is one. Hardly anybody means that, and so it has to be written.
 */
public final class UndeclaredArchive {
  /** Of a name that says what the file is; that of a program says it of the program. */
  private static final Pattern OWN_SUFFIX =
      Pattern.compile(
          "(?i).+\\.(?!(?:php|aspx?|ashx|cgi|jsp|pl|py|do|action)$)[a-z][a-z0-9]{0,15}");

  /** Of single files that are compressed, or are of a format that is made of an archive's. */
  private static final Pattern PACKED_FILE =
      Pattern.compile(
          "(?i).+\\.(?:gz|gzip|bz2|bzip2|xz|zst|zstd|svgz|warc|nemo|ova|oci|box|crate|gem|pack"
              + "|bam|bcf|bgz|mgz|rds|rda|rdata|deb|udeb|rpm|apk|ipk|ar|a|lib|cb7|cbr|cbt)");

  private UndeclaredArchive() {}

  /**
   * @param first the URL of the spec, not a mirror, whose suffix decides
   * @throws SourceException when its own query names an archive, whatever is answered
   */
  public static void refuseQuery(SourceUrl first) throws SourceException {
    if (hasOwnSuffix(first.fileName())) {
      return;
    }
    for (var parameter : query(first).split("&")) {
      var text = URLDecoder.decode(parameter, StandardCharsets.UTF_8);
      var name = lastPart(text.substring(text.lastIndexOf('=') + 1));
      if (isArchive(name)) {
        throw new SourceException(Reason.InvalidSpec, message(first, "its query names", name, ""));
      }
    }
  }

  /**
   * @param first the URL of the spec, not a mirror, whose suffix decides
   * @param response of this URL or a mirror
   * @throws UndeclaredArchiveException when a redirect or Content-Disposition names an archive
   */
  public static void refuse(SourceUrl first, SourceResponse response)
      throws UndeclaredArchiveException {
    var said = response.representation();
    refuse(first, response.url(), "Content-Disposition calls it", said.fileName());
    if (!said.hop().equals(response.url())) {
      refuse(first, response.url(), "it redirects to", said.hop().fileName());
    }
  }

  private static void refuse(SourceUrl first, SourceUrl asked, String how, String path)
      throws UndeclaredArchiveException {
    var name = lastPart(path);
    if (isArchive(name)) {
      var where = asked.equals(first) ? "" : " at " + asked;
      throw new UndeclaredArchiveException(message(first, how, name, where));
    }
  }

  private static String lastPart(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static boolean isArchive(String name) {
    return UnpackFormat.bySuffix(name).isPresent() || UnpackFormat.isOtherArchive(name);
  }

  private static String message(SourceUrl first, String how, String name, String where) {
    return "%s is not unpacked, because it has no archive's suffix itself, but %s %s%s; write spec.source.unpack.format: %sNone to release it as one file"
        .formatted(
            first,
            how,
            Printable.name(name),
            where,
            UnpackFormat.bySuffix(name).map(it -> it.inSpec() + " to unpack it, or ").orElse(""));
  }

  /** For a person, where only the bytes say that it is one; null for nothing to say. */
  public static @Nullable String note(SourceUrl first, byte[] head) {
    return note(first.fileName(), first, head);
  }

  /**
   * @param source for messages
   */
  public static @Nullable String note(String fileName, Object source, byte[] head) {
    var format = MagicNumbers.format(head);
    var words = format.map(UnpackFormat::words).or(() -> MagicNumbers.other(head));
    boolean expected =
        format.equals(Optional.of(UnpackFormat.ZIP))
            ? hasOwnSuffix(fileName)
            : PACKED_FILE.matcher(fileName).matches();
    return words.isEmpty() || expected
        ? null
        : "not unpacked: %s has no archive's suffix, but begins like a %s; if it is one, %s"
            .formatted(
                source,
                words.get(),
                format
                    .map(it -> "write spec.source.unpack.format: " + it.inSpec())
                    .orElse("pack it as .tar.zst, or write spec.source.unpack.format: None"));
  }

  private static boolean hasOwnSuffix(String fileName) {
    return OWN_SUFFIX.matcher(fileName).matches();
  }

  private static String query(SourceUrl url) {
    return url.uri().getRawQuery() == null ? "" : url.uri().getRawQuery();
  }
}
