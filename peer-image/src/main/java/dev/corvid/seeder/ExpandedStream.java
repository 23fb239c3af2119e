package dev.corvid.seeder;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Decompressed bytes, counted by an {@link Expansion}. Buffered, because tars are read in blocks.
 */
final class ExpandedStream extends FilterInputStream {
  private final Expansion expansion;

  ExpandedStream(InputStream in, Expansion expansion) {
    super(in);
    this.expansion = expansion;
  }

  @Override
  public int read() throws IOException {
    int value = super.read();
    if (value >= 0) {
      expansion.produced(1);
    }
    return value;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int count = super.read(target, offset, length);
    if (count > 0) {
      expansion.produced(count);
    }
    return count;
  }

  /** By reading: what is skipped was decompressed all the same. */
  @Override
  public long skip(long count) throws IOException {
    return Math.max(0, read(new byte[(int) Math.clamp(count, 0, 1 << 13)]));
  }
}
