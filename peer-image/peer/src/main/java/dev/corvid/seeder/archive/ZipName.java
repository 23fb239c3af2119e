package dev.corvid.seeder.archive;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.UnicodePathExtraField;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;

/**
 * What a zip calls an entry. UTF-8 where it is that, whatever the flags say; else what Info-ZIP's
 * extra field says, and else code page 437, if it was made on DOS or Windows. There the backslash
 * separates directories and cannot be in a name. What is in none of these comes out as {@link
 * EntryText#MALFORMED}.
 */
final class ZipName {
  private static final Charset DOS = Charset.forName("IBM437");

  private ZipName() {}

  static String of(ZipArchiveEntry entry) {
    byte[] raw = entry.getRawName();
    var name = name(raw, entry);
    return isOfDos(entry) ? name.replace('\\', '/') : name;
  }

  private static String name(byte[] raw, ZipArchiveEntry entry) {
    if (entry.getExtraField(UnicodePathExtraField.UPATH_ID) instanceof UnicodePathExtraField extra
        && isOf(extra, raw)) {
      return EntryText.of(extra.getUnicodeName());
    }
    boolean utf8 =
        entry.getGeneralPurposeBit().usesUTF8ForNames() || !isOfDos(entry) || isUtf8(raw);
    return utf8 ? EntryText.of(raw) : new String(raw, DOS);
  }

  /** An extra field without this sum belongs to a name that a later tool has changed. */
  private static boolean isOf(UnicodePathExtraField extra, byte[] raw) {
    var sum = new CRC32();
    sum.update(raw);
    return extra.getUnicodeName() != null && extra.getNameCRC32() == sum.getValue();
  }

  /** FAT, HPFS, NTFS and VFAT, by the numbers of the format's specification. */
  private static boolean isOfDos(ZipArchiveEntry entry) {
    return switch (entry.getPlatform()) {
      case 0, 6, 10, 14 -> true;
      default -> false;
    };
  }

  private static boolean isUtf8(byte[] raw) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
