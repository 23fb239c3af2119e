package dev.corvid.store.disk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Reads a file from its beginning; leaves it open. */
public final class DataInput extends InputStream {
  private final DataFile file;
  private long position;

  public DataInput(DataFile file) {
    this.file = file;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    var count = file.read(ByteBuffer.wrap(target, from, length), position);
    if (count > 0) {
      position += count;
    }
    return count;
  }
}
