package dev.corvid.seeder.unpack;

import dev.corvid.wire.text.ByteSize;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What servers send with status 200 in place of the file: a page for people, the pointer that Git
 * LFS keeps for it, or nothing. They are the right bytes only where a digest says so.
 *
 * @param what a noun
 * @param advice what to do
 */
public record UnexpectedContent(String what, String advice) {
  /** Bytes at the beginning that are looked at; a pointer has fewer (git-lfs, docs/spec.md). */
  public static final int HEAD = 1024;

  private static final UnexpectedContent NOTHING =
      new UnexpectedContent("no bytes", "check the URL");
  private static final UnexpectedContent PAGE =
      new UnexpectedContent(
          "an HTML page, as sign-in and error pages are", "check the URL and its credentials");

  private static final Pattern POINTER =
      Pattern.compile(
          "(?:\u00ef\u00bb\u00bf)?version https://(?:git-lfs\\.github\\.com|hawser\\.github\\.com)/spec/v1\\r?\\n"
              + "(?:ext-[^\\n]*\\n)*oid sha256:[0-9a-f]{64}\\r?\\nsize (\\d{1,18})\\s*");

  private static final Pattern PAGES_NAME = Pattern.compile(".*\\.(?:x?html?|shtml|xht)");

  /**
   * The tags by which browsers know a page (WHATWG, MIME Sniffing, 7.1), and others of HTML with
   * which fragments of pages begin, behind what may precede them. A comment that does not end
   * within the first bytes counts as one. Of XML, only html is a page.
   */
  private static final Pattern PAGES_BEGINNING =
      Pattern.compile(
          "(?:\\s++|<!--.*?-->)*+(?:<\\?xml[^>]*+>(?:\\s++|<!--.*?-->)*+<(?:!doctype html|html)[\\s/>]"
              + "|<(?:!--|(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title"
              + "|b|body|br|p|meta|center|link|base|h[2-6]|header|footer|main|nav|section|article|aside"
              + "|form|fieldset|noscript|template|ul|ol|dl|hr|img|pre|span|strong|em|i|u|small)[\\s/>]))",
          Pattern.DOTALL);

  /**
   * In place of a file that is not unpacked. Any file may look like a page; with the type beside,
   * under a name that promises something else, it is one.
   *
   * @param head its first bytes
   */
  public static Optional<UnexpectedContent> ofFile(String name, String contentType, byte[] head) {
    if (head.length == 0) {
      return Optional.of(NOTHING);
    }
    boolean page =
        isHtml(contentType)
            && !PAGES_NAME.matcher(name.toLowerCase(Locale.ROOT)).matches()
            && isPage(head);
    return page ? Optional.of(PAGE) : pointer(head);
  }

  /** In place of an archive, whose first bytes are never those of text. */
  public static Optional<UnexpectedContent> ofArchive(byte[] head) {
    return isPage(head) ? Optional.of(PAGE) : pointer(head);
  }

  private static boolean isHtml(String contentType) {
    var type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return type.equals("text/html") || type.equals("application/xhtml+xml");
  }

  private static boolean isPage(byte[] head) {
    var text = new String(head, charset(head)).replaceFirst("^\uFEFF", "");
    return PAGES_BEGINNING.matcher(text.toLowerCase(Locale.ROOT) + " ").lookingAt();
  }

  private static Charset charset(byte[] head) {
    int mark = head.length < 2 ? 0 : (head[0] & 0xff) << 8 | head[1] & 0xff;
    return mark == 0xfeff || mark == 0xfffe ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
  }

  private static Optional<UnexpectedContent> pointer(byte[] head) {
    var pointer = POINTER.matcher(new String(head, StandardCharsets.ISO_8859_1));
    return head.length < HEAD && pointer.matches()
        ? Optional.of(
            new UnexpectedContent(
                "a Git LFS pointer to a file of %s"
                    .formatted(ByteSize.format(Long.parseLong(pointer.group(1)))),
                "write the URL that serves the file itself, on Hugging Face with /resolve/ and not /raw/"))
        : Optional.empty();
  }
}
