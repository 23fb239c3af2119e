package dev.corvid.seeder.archive;

import dev.corvid.wire.Printable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarUtils;

/**
 * The library's reader, made strict where it forgives: a header's checksum and the archive's end
 * mark are demanded, sparse files are refused, absolute names stay absolute, so that they are
 * refused later. Bytes that are not UTF-8 come out as U+FFFD, not as question marks.
 */
final class TarStream extends TarArchiveInputStream {
  private static final int SIZE_OFFSET = 124;
  private static final int TYPE_OFFSET = 156;
  private static final int LINK_OFFSET = 157;
  private static final int PREFIX_OFFSET = 345;

  /** Few entries have more than three; the library reads one within the other, on the stack. */
  private static final int MAX_HEADERS = 16;

  /** The library keeps what they say until the archive's end. */
  private static final int MAX_GLOBAL_BYTES = 1 << 16;

  private final MeteredStream meter;
  private TarArchiveEntry entry;
  private int headers;
  private long globalBytes;
  private boolean ended;
  private boolean utf8;

  TarStream(MeteredStream in) {
    super(in, "UTF-8");
    this.meter = in;
  }

  /** The next entry; empty behind the end mark. */
  Optional<TarArchiveEntry> nextWithinBounds() throws IOException {
    try {
      meter.body();
      if (getCurrentEntry() != null) {
        skip(Long.MAX_VALUE);
      }
      headers = 0;
      meter.metadata();
      return Optional.ofNullable(getNextEntry());
    } catch (IllegalArgumentException | IndexOutOfBoundsException | ArithmeticException e) {
      throw new ArchiveException("a header is malformed", e);
    } finally {
      meter.body();
    }
  }

  /** The library comes by here for the entry behind a long name or a pax header, too. */
  @Override
  public TarArchiveEntry getNextEntry() throws IOException {
    var next = super.getNextEntry();
    if (next == null) {
      return null;
    }
    if (next.isSparse()) {
      throw sparse(next.getName());
    }
    if (next != entry) {
      entry = keepingAbsoluteNames(next);
      setCurrentEntry(entry);
    }
    return entry;
  }

  /** Otherwise the long name, which is set after this, would lose its leading slash. */
  private TarArchiveEntry keepingAbsoluteNames(TarArchiveEntry from) {
    var entry = new TarArchiveEntry(marked(from.getName()), from.getLinkFlag(), true);
    entry.setLinkName(marked(from.getLinkName()));
    entry.setSize(from.getSize());
    entry.setMode(from.getMode());
    return entry;
  }

  private String marked(String name) {
    return utf8 ? name : name.replace('?', '\uFFFD');
  }

  @Override
  protected byte[] getLongNameData() throws IOException {
    byte[] name = super.getLongNameData();
    if (name != null && !isUtf8(name, 0, name.length)) {
      throw new ArchiveException(
          "the archive's entry %s has a name that is not UTF-8; make the archive with UTF-8 names"
              .formatted(Printable.name(new String(name, StandardCharsets.UTF_8))));
    }
    return name;
  }

  @Override
  protected byte[] readRecord() throws IOException {
    long before = getBytesRead();
    byte[] header = super.readRecord();
    if (ended) {
      return header;
    }
    if (header == null) {
      throw new ArchiveException(
          getBytesRead() == before
              ? "the tar has no end mark; it was cut off, or never finished"
              : "the tar ends within a header; it was cut off");
    }
    ended = isEOFRecord(header);
    if (!ended) {
      check(header);
    }
    return header;
  }

  private void check(byte[] header) throws IOException {
    if (!hasItsChecksum(header)) {
      throw new ArchiveException("a header's checksum is wrong: corrupt, or not a tar at all");
    }
    if (++headers > MAX_HEADERS) {
      throw new ArchiveException("an entry has more than %d headers".formatted(MAX_HEADERS));
    }
    // A pax header may stand before a name that was cut within a character: no reason to refuse.
    utf8 =
        isUtf8(header, 0, TarConstants.NAMELEN)
            && isUtf8(header, LINK_OFFSET, TarConstants.NAMELEN)
            && isUtf8(header, PREFIX_OFFSET, TarConstants.PREFIXLEN);
    switch (header[TYPE_OFFSET]) {
      case TarConstants.LF_GNUTYPE_SPARSE ->
          throw sparse(TarUtils.parseName(header, 0, TarConstants.NAMELEN));
      case TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER -> checkGlobal(header);
      default -> {}
    }
  }

  private void checkGlobal(byte[] header) throws ArchiveException {
    long size = TarUtils.parseOctalOrBinary(header, SIZE_OFFSET, TarConstants.SIZELEN);
    if (size < 0 || size > MAX_GLOBAL_BYTES - globalBytes) {
      throw new ArchiveException(
          "the tar's global pax headers have more than %,d bytes".formatted(MAX_GLOBAL_BYTES));
    }
    globalBytes += size;
  }

  /** Up to the field's first NUL. */
  private static boolean isUtf8(byte[] bytes, int offset, int length) {
    int end = offset;
    while (end < offset + length && bytes[end] != 0) {
      end++;
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, offset, end - offset));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static boolean hasItsChecksum(byte[] header) {
    try {
      return TarUtils.verifyCheckSum(header);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static ArchiveException sparse(String name) {
    return new ArchiveException(
        "the archive's entry %s is a sparse file; pack it without holes"
            .formatted(Printable.name(name)));
  }
}
