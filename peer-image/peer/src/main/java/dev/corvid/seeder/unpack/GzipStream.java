package dev.corvid.seeder.unpack;

import dev.corvid.seeder.archive.ArchiveException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Gzip (RFC 1952): members one after another, as many as there are. What follows them and is no
 * member is ignored, as gzip does. The platform's reader recurses once for each member, so an
 * archive of many overflows its stack.
 */
final class GzipStream extends InputStream {
  private static final int BUFFER = 1 << 16;
  private static final int DEFLATE = 8;
  private static final int HEADER_SUM = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 sum = new CRC32();
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int end;
  private boolean begun;
  private boolean inMember;
  private boolean ended;

  GzipStream(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (inMember || begin()) {
      int count = inflate(target, offset, length);
      sum.update(target, offset, count);
      if (inflater.finished()) {
        finish();
      }
      if (count > 0) {
        return count;
      }
    }
    return -1;
  }

  private int inflate(byte[] target, int offset, int length) throws IOException {
    try {
      int count = inflater.inflate(target, offset, length);
      if (count == 0 && inflater.needsInput()) {
        at = end;
        require(1);
        inflater.setInput(buffer, at, end - at);
      }
      return count;
    } catch (DataFormatException e) {
      throw new ArchiveException("its compressed bytes are malformed", e);
    }
  }

  /** Reads the next member's header; false where there is none. */
  private boolean begin() throws IOException {
    if (ended || !hasMagic()) {
      if (!begun) {
        throw new ArchiveException("it does not begin as a gzip does");
      }
      ended = true;
      return false;
    }
    sum.reset();
    pass(3);
    int flags = octet();
    pass(6);
    if ((flags & EXTRA) != 0) {
      pass(number(2));
    }
    for (int field : new int[] {NAME, COMMENT}) {
      for (boolean more = (flags & field) != 0; more; ) {
        more = octet() != 0;
      }
    }
    long seen = sum.getValue() & 0xffff;
    if ((flags & HEADER_SUM) != 0 && number(2) != seen) {
      throw new ArchiveException("a gzip member's header does not match its own checksum");
    }
    sum.reset();
    inflater.reset();
    inflater.setInput(buffer, at, end - at);
    begun = true;
    inMember = true;
    return true;
  }

  private boolean hasMagic() throws IOException {
    return available(3)
        && buffer[at] == 0x1f
        && buffer[at + 1] == (byte) 0x8b
        && buffer[at + 2] == DEFLATE;
  }

  private void finish() throws IOException {
    inMember = false;
    at = end - inflater.getRemaining();
    long wanted = sum.getValue();
    if (number(4) != wanted || number(4) != (inflater.getBytesWritten() & 0xffffffffL)) {
      throw new ArchiveException("a gzip member's CRC-32 or length does not match");
    }
  }

  private long number(int bytes) throws IOException {
    long number = 0;
    for (int i = 0; i < bytes; i++) {
      number |= (long) octet() << 8 * i;
    }
    return number;
  }

  private void pass(long bytes) throws IOException {
    for (long left = bytes; left > 0; left--) {
      octet();
    }
  }

  private int octet() throws IOException {
    require(1);
    sum.update(buffer[at]);
    return buffer[at++] & 0xff;
  }

  private void require(int bytes) throws IOException {
    if (!available(bytes)) {
      throw new EOFException();
    }
  }

  /** Whether so many bytes are left; they are in the buffer then. */
  private boolean available(int bytes) throws IOException {
    if (end - at < bytes) {
      System.arraycopy(buffer, at, buffer, 0, end - at);
      end -= at;
      at = 0;
      while (end < bytes) {
        int count = in.read(buffer, end, BUFFER - end);
        if (count < 0) {
          return false;
        }
        end += count;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
