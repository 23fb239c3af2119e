package dev.corvid.seeder.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** A sparse file with zeros in its holes. */
final class SparseBody extends InputStream {
  private final InputStream stored;
  private final SparseMap map;
  private long position;
  private int region;

  /**
   * @param stored what the regions hold, one behind the other, and nothing else
   */
  SparseBody(InputStream stored, SparseMap map) {
    this.stored = stored;
    this.map = map;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (region < map.count() && position == map.offset(region) + map.length(region)) {
      region++;
    }
    boolean inside = region < map.count() && position >= map.offset(region);
    long end =
        region == map.count()
            ? map.size()
            : inside ? map.offset(region) + map.length(region) : map.offset(region);
    if (length == 0 || position == end) {
      return length == 0 ? 0 : -1;
    }
    int count = (int) Math.min(length, end - position);
    if (inside) {
      count = stored.read(target, offset, count);
    } else {
      Arrays.fill(target, offset, offset + count, (byte) 0);
    }
    position += count;
    return count;
  }
}
