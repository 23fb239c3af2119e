package dev.corvid.seeder.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.util.zip.CRC32;

/** An entry's plain bytes: as many as the directory says, and with its CRC-32, or an error. */
final class ZipBody extends InputStream {
  private final InputStream in;
  private final long crc;
  private final CRC32 sum = new CRC32();
  private long left;
  private boolean checked;

  ZipBody(InputStream in, long size, long crc) {
    this.in = in;
    this.left = size;
    this.crc = crc;
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
    if (left == 0) {
      check();
      return -1;
    }
    int count = readPlain(target, offset, (int) Math.min(length, left));
    if (count < 0) {
      throw new ArchiveException("the entry is shorter than the zip's directory says");
    }
    sum.update(target, offset, count);
    left -= count;
    return count;
  }

  private int readPlain(byte[] target, int offset, int length) throws IOException {
    try {
      return in.read(target, offset, length);
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Each method has exceptions of its own, and some are unchecked.
      throw new ArchiveException("the entry's compressed bytes are corrupt", e);
    }
  }

  private void check() throws IOException {
    if (checked) {
      return;
    }
    checked = true;
    boolean longer = readPlain(new byte[1], 0, 1) >= 0;
    in.close();
    if (longer) {
      throw new ArchiveException("the entry is longer than the zip's directory says");
    }
    if (sum.getValue() != crc) {
      throw new ArchiveException("the entry's CRC-32 does not match: a corrupt zip");
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
