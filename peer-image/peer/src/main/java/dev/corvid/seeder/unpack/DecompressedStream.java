package dev.corvid.seeder.unpack;

import dev.corvid.seeder.scratch.ScratchBudget;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * An archive's bytes, decompressed where they were compressed, kept or not, counted against
 * scratch, so that an archive that is small only until it is unpacked ends early. To be buffered,
 * because tars are read in blocks.
 */
final class DecompressedStream extends FilterInputStream {
  private final ScratchBudget budget;

  DecompressedStream(InputStream in, ScratchBudget budget) {
    super(in);
    this.budget = budget;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int count;
    try {
      count = in.read(target, offset, length);
    } catch (IOException | RuntimeException e) {
      // Decompressors meet bytes that nobody vouches for; some throw what is unchecked.
      throw Compression.explained(e);
    }
    if (count > 0) {
      budget.decompressed(count);
    }
    return count;
  }

  /** A decompressor that failed may say so here first. */
  @Override
  public int available() throws IOException {
    try {
      return in.available();
    } catch (IOException | RuntimeException e) {
      throw Compression.explained(e);
    }
  }

  /** By reading: what is skipped was decompressed all the same. */
  @Override
  public long skip(long count) throws IOException {
    return Math.max(0, read(new byte[(int) Math.clamp(count, 0, 1 << 13)]));
  }
}
