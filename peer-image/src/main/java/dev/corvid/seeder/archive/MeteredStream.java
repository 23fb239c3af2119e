package dev.corvid.seeder.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What a tar is read through, so that what describes an entry cannot take all memory. */
final class MeteredStream extends FilterInputStream {
  private static final int MAX_METADATA_BYTES = 1 << 20;

  private long left = Long.MAX_VALUE;

  MeteredStream(InputStream in) {
    super(in);
  }

  /** From here on come an entry's headers, which the reader holds in memory. */
  void metadata() {
    left = MAX_METADATA_BYTES;
  }

  /** From here on comes an entry's body, which nobody holds. */
  void body() {
    left = Long.MAX_VALUE;
  }

  @Override
  public int read() throws IOException {
    int one = in.read();
    charge(one < 0 ? 0 : 1);
    return one;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int count = in.read(target, offset, length);
    charge(count);
    return count;
  }

  private void charge(int count) throws ArchiveException {
    left -= Math.max(count, 0);
    if (left < 0) {
      throw new ArchiveException(
          "an entry's name and pax headers have more than %,d bytes".formatted(MAX_METADATA_BYTES));
    }
  }
}
