package dev.corvid.seeder.archive;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarUtils;

/** One block that describes an entry, or what describes an entry. Its checksum is demanded. */
record TarHeader(byte[] block) {
  private static final int MODE = 100;
  private static final int SIZE = 124;
  private static final int TYPE = 156;
  private static final int LINK = 157;
  private static final int MAGIC = 257;
  private static final int PREFIX = 345;
  private static final int STAR_REGIONS = 355;
  private static final int REGIONS = 386;
  private static final int REGIONS_HERE = 4;
  private static final int MORE_REGIONS = 482;
  private static final int REAL_SIZE = 483;

  static TarHeader of(byte[] block) throws ArchiveException {
    try {
      if (TarUtils.verifyCheckSum(block)) {
        return new TarHeader(block);
      }
    } catch (IllegalArgumentException e) {
      // No number stands where the checksum should.
    }
    throw new ArchiveException("a header's checksum is wrong: corrupt, or not a tar at all");
  }

  byte type() {
    return block[TYPE];
  }

  /** POSIX headers alone have a prefix: GNU's own have times in its place. */
  byte[] name() {
    byte[] name = text(0, TarConstants.NAMELEN);
    if (block[PREFIX] == 0 || !isPosix()) {
      return name;
    }
    var whole = new ByteArrayOutputStream();
    whole.writeBytes(text(PREFIX, TarConstants.PREFIXLEN));
    whole.write('/');
    whole.writeBytes(name);
    return whole.toByteArray();
  }

  byte[] link() {
    return text(LINK, TarConstants.NAMELEN);
  }

  boolean executable() throws ArchiveException {
    return (number(block, MODE, TarConstants.MODELEN) & 0111) != 0;
  }

  long size() throws ArchiveException {
    return number(block, SIZE, TarConstants.SIZELEN);
  }

  /** Of a sparse file in GNU's old format, which alone is read. */
  long realSize() throws ArchiveException {
    return number(block, REAL_SIZE, TarConstants.SIZELEN);
  }

  boolean isGnu() {
    return hasMagic("ustar  \0");
  }

  /** Whether a sparse file of another kind than GNU's may have a map of unknown length (star). */
  boolean mayContinue() {
    return block[STAR_REGIONS] != 0;
  }

  boolean hasMoreRegions() {
    return block[MORE_REGIONS] != 0;
  }

  void addRegions(SparseMap.Builder map) throws ArchiveException {
    addRegions(block, REGIONS, REGIONS_HERE, map);
  }

  /** From the header, or a block that continues it; the first one without a length ends the map. */
  static void addRegions(byte[] block, int from, int count, SparseMap.Builder map)
      throws ArchiveException {
    for (int i = 0, at = from; i < count; i++, at += 2 * TarConstants.SIZELEN) {
      int length = at + TarConstants.SIZELEN;
      if (block[length] == 0) {
        return;
      }
      map.add(number(block, at, TarConstants.SIZELEN), number(block, length, TarConstants.SIZELEN));
    }
  }

  boolean isPosix() {
    return hasMagic("ustar\0");
  }

  private boolean hasMagic(String magic) {
    for (int i = 0; i < magic.length(); i++) {
      if (block[MAGIC + i] != magic.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private byte[] text(int offset, int length) {
    return untilNul(Arrays.copyOfRange(block, offset, offset + length));
  }

  static byte[] untilNul(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return Arrays.copyOf(bytes, end);
  }

  private static long number(byte[] block, int offset, int length) throws ArchiveException {
    try {
      long number = TarUtils.parseOctalOrBinary(block, offset, length);
      if (number >= 0) {
        return number;
      }
    } catch (IllegalArgumentException e) {
      // As below.
    }
    throw new ArchiveException("a header is malformed: a number is missing, negative or too large");
  }
}
