package dev.corvid.wire.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The last part of a source's URL. A single file is called so, and the suffix decides what Auto
 * means: the operator names revisions by it, and the seeder unpacks by it.
 *
 * @param name decoded, with U+FFFD for what is not UTF-8; empty when the URL has none
 */
public record SourceFileName(String name) {
  /** Path of a URL, as RFC 3986 takes it apart (appendix B). */
  private static final Pattern PATH =
      Pattern.compile("(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?://[^/?#]*)?([^?#]*).*", Pattern.DOTALL);

  /** An archive that is unpacked, by its name in a spec, with the suffixes of such files. */
  public enum Archive {
    Tar(".tar"),
    TarGz(".tar.gz", ".tgz", ".taz"),
    TarZst(".tar.zst", ".tzst"),
    TarBz2(".tar.bz2", ".tbz2", ".tbz", ".tb2"),
    TarXz(".tar.xz", ".txz"),
    Zip(".zip");

    private final List<String> suffixes;

    Archive(String... suffixes) {
      this.suffixes = List.of(suffixes);
    }

    /** Lower case. */
    public List<String> suffixes() {
      return suffixes;
    }
  }

  /**
   * @param url as a spec has it, or with what has to be percent-encoded encoded already: both have
   *     the same name
   */
  public static SourceFileName ofUrl(String url) {
    var path = PATH.matcher(url);
    if (!path.matches()) {
      throw new IllegalStateException("the pattern matches any text");
    }
    String last = path.group(1).substring(path.group(1).lastIndexOf('/') + 1);
    // Dot segments are resolved before a request (RFC 3986, 5.2.4), and leave a directory.
    boolean isDirectory = last.equals(".") || last.equals("..");
    return new SourceFileName(isDirectory ? "" : decoded(last));
  }

  /** A percent sign that escapes nothing stands for itself, and a plus does: this is no form. */
  private static String decoded(String segment) {
    byte[] text = segment.getBytes(StandardCharsets.UTF_8);
    var decoded = new ByteArrayOutputStream(text.length);
    for (int i = 0; i < text.length; i++) {
      if (text[i] == '%'
          && i + 2 < text.length
          && digit(text[i + 1]) >= 0
          && digit(text[i + 2]) >= 0) {
        decoded.write(digit(text[i + 1]) << 4 | digit(text[i + 2]));
        i += 2;
      } else {
        decoded.write(text[i]);
      }
    }
    return decoded.toString(StandardCharsets.UTF_8);
  }

  /** Of ASCII only, unlike {@link Character#digit(char, int)}. */
  private static int digit(byte c) {
    return c < 0 ? -1 : Character.digit(c, 16);
  }

  /** What the suffix says; empty for a single file. */
  public Optional<Archive> archive() {
    String lower = name.toLowerCase(Locale.ROOT);
    return Arrays.stream(Archive.values())
        .filter(archive -> archive.suffixes().stream().anyMatch(lower::endsWith))
        .findFirst();
  }
}
