package dev.corvid.seeder.unpack;

import dev.corvid.seeder.archive.RefusedArchiveException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarUtils;

/**
 * What the first bytes of a source say that it is. They never decide how it is unpacked, but they
 * tell what is wrong with the name under which it came.
 */
final class MagicNumbers {
  /** One header of a tar. */
  static final int COUNT = 512;

  /** Archives that are not unpacked, by what they begin with, in Latin-1. */
  private static final Map<String, String> OTHERS =
      Map.of(
          "7z\u00bc\u00af\u0027\u001c", "7z archive",
          "Rar!\u001a\u0007", "rar archive",
          "\004\"M\030", "lz4 frame",
          "LZIP", "lzip file",
          "\u001f\u009d", "file of compress",
          "070701", "cpio archive",
          "!<arch>\n", "archive of ar, such as a Debian package",
          "\u00ed\u00ab\u00ee\u00db", "RPM package",
          "MSCF", "cabinet");

  private MagicNumbers() {}

  /**
   * @param expected an archive, by the URL or the spec
   * @throws RefusedArchiveException when they are those of something else
   */
  static void check(UnpackFormat expected, byte[] head) throws RefusedArchiveException {
    if (head.length == 0) {
      throw new RefusedArchiveException("the archive is empty: the source has no bytes");
    }
    var found = format(head);
    if (found.isPresent() && found.get() != expected) {
      throw new RefusedArchiveException(
          "the source is a %s, not a %s as its URL or the spec says; write spec.source.unpack.format: %s"
              .formatted(found.get().words(), expected.words(), found.get().inSpec()));
    }
    if (found.isEmpty()) {
      checkOthers("the source is ", ", not a " + expected.words(), head);
    }
  }

  /**
   * Of what is in a compressed stream.
   *
   * @throws RefusedArchiveException when it is no tar, but something else that is known
   */
  static void checkTarIn(UnpackFormat outer, byte[] head) throws RefusedArchiveException {
    if (head.length == 0) {
      throw new RefusedArchiveException(
          "the archive is empty: the source is a " + outer.words() + " of no bytes");
    }
    var found = format(head);
    if (found.isPresent() && found.get() != UnpackFormat.TAR) {
      throw new RefusedArchiveException(
          "the source is a %s with a %s in it, not with a tar; %s"
              .formatted(
                  outer.words(),
                  found.get().words(),
                  found.get() == outer
                      ? "its server, or whoever stored it there, compressed what was compressed already"
                      : "pack it as .tar.zst"));
    }
    if (found.isEmpty()) {
      checkOthers("the source is a " + outer.words() + " with ", " in it, not with a tar", head);
    }
  }

  private static void checkOthers(String before, String after, byte[] head)
      throws RefusedArchiveException {
    var unexpected = UnexpectedContent.ofArchive(head);
    if (unexpected.isPresent()) {
      throw new RefusedArchiveException(
          before + unexpected.get().what() + after + "; " + unexpected.get().advice());
    }
    var other = other(head);
    if (other.isPresent()) {
      throw new RefusedArchiveException(
          before
              + "a "
              + other.get()
              + after
              + "; that kind is not unpacked: pack it as .tar.zst, or write spec.source.unpack.format: None to release it as one file");
    }
    if (isMarkup(head)) {
      throw new RefusedArchiveException(
          before + "JSON or XML, as error messages are" + after + "; check the URL");
    }
  }

  /** An archive that is not unpacked, in words; empty for none that is known. */
  static Optional<String> other(byte[] head) {
    var latin1 = new String(head, StandardCharsets.ISO_8859_1);
    return OTHERS.entrySet().stream()
        .filter(other -> latin1.startsWith(other.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** The format that they are the beginning of; empty for none that is unpacked. */
  static Optional<UnpackFormat> format(byte[] head) {
    if (isTar(head)) {
      return Optional.of(UnpackFormat.TAR);
    } else if (begins(head, 0x1f, 0x8b)) {
      return Optional.of(UnpackFormat.TAR_GZ);
    } else if (begins(head, 0x28, 0xb5, 0x2f, 0xfd)) {
      return Optional.of(UnpackFormat.TAR_ZST);
    } else if (begins(head, 'B', 'Z', 'h')) {
      return Optional.of(UnpackFormat.TAR_BZ2);
    } else if (begins(head, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      return Optional.of(UnpackFormat.TAR_XZ);
    } else if (begins(head, 'P', 'K', 3, 4)) {
      return Optional.of(UnpackFormat.ZIP);
    }
    return Optional.empty();
  }

  private static boolean isTar(byte[] head) {
    try {
      return head.length >= COUNT
          && head[0] != 0
          && TarUtils.verifyCheckSum(Arrays.copyOf(head, COUNT));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean begins(byte[] head, int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (i == head.length || (head[i] & 0xff) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  /** No archive is text from its first byte to the last that is known. */
  private static boolean isMarkup(byte[] head) {
    var text = CharBuffer.allocate(head.length);
    // The last character may be cut.
    var result = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(head), text, false);
    var stripped = text.flip().toString().strip();
    return !result.isError()
        && (stripped.startsWith("{") || stripped.startsWith("[") || stripped.startsWith("<"))
        && stripped.chars().noneMatch(c -> Character.isISOControl(c) && !Character.isWhitespace(c));
  }
}
