package dev.corvid.seeder.archive;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where a sparse file has bytes: regions in their order, which do not overlap. The rest is zeros.
 *
 * @param size of the file with its holes
 * @param regions offset and length of each, in turn
 */
record SparseMap(long size, long[] regions) {
  int count() {
    return regions.length / 2;
  }

  /**
   * Whether readers disagree on where a region stands: behind one that is not of whole blocks, GNU
   * tar begins at the next block, and others do not. GNU tar writes no such map.
   */
  boolean isAmbiguous() {
    boolean broken = false;
    for (int i = 0; i < count(); i++) {
      if (broken && length(i) > 0) {
        return true;
      }
      broken |= length(i) % TarBlocks.SIZE != 0;
    }
    return false;
  }

  long offset(int region) {
    return regions[2 * region];
  }

  long length(int region) {
    return regions[2 * region + 1];
  }

  /** Takes regions as they are read; as many as fit the bound on an entry's headers. */
  static final class Builder {
    private long[] regions = new long[16];
    private int count;

    boolean isEmpty() {
      return count == 0;
    }

    void clear() {
      count = 0;
    }

    void add(long offset, long length) {
      if (count == regions.length) {
        regions = Arrays.copyOf(regions, 2 * count);
      }
      regions[count++] = offset;
      regions[count++] = length;
    }

    /** Offset, length, offset … with commas between. */
    void addList(String list) throws ArchiveException {
      for (int at = 0; at < list.length(); ) {
        int comma = list.indexOf(',', at);
        int end = comma < 0 ? -1 : list.indexOf(',', comma + 1);
        if (comma < 0) {
          throw new ArchiveException("a pax header is malformed");
        }
        end = end < 0 ? list.length() : end;
        add(
            ExtendedHeaders.number(list.substring(at, comma)),
            ExtendedHeaders.number(list.substring(comma + 1, end)));
        at = end + 1;
      }
    }

    /** Lines of digits: how many regions, then their offsets and lengths; padded to a block. */
    void addLines(Blocks blocks) throws IOException {
      var lines = new Lines(blocks);
      for (long left = lines.next(); left > 0; left--) {
        long offset = lines.next();
        add(offset, lines.next());
      }
    }

    /**
     * @param stored bytes in the archive
     * @return null when the regions contradict each other, or the sizes
     */
    @Nullable SparseMap build(long size, long stored) {
      long end = 0;
      long bytes = 0;
      for (int i = 0; i < count; i += 2) {
        long offset = regions[i];
        long length = regions[i + 1];
        if (offset < end || length < 0 || offset > size || length > size - offset) {
          return null;
        }
        end = offset + length;
        bytes += length;
      }
      return bytes == stored && size >= 0
          ? new SparseMap(size, Arrays.copyOf(regions, count))
          : null;
    }
  }

  /** Where lines come from. */
  @FunctionalInterface
  interface Blocks {
    byte[] next() throws IOException;
  }

  private static final class Lines {
    private static final int MAX_DIGITS = 19;

    private final Blocks blocks;
    private byte[] block = {};
    private int at;

    Lines(Blocks blocks) {
      this.blocks = blocks;
    }

    long next() throws IOException {
      var digits = new StringBuilder();
      while (true) {
        if (at == block.length) {
          block = blocks.next();
          at = 0;
        }
        char c = (char) (block[at++] & 0xff);
        if (c == '\n') {
          return ExtendedHeaders.number(digits.toString());
        }
        if (digits.length() == MAX_DIGITS) {
          throw new ArchiveException("a map of holes is malformed");
        }
        digits.append(c);
      }
    }
  }
}
