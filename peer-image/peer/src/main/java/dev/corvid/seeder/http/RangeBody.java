package dev.corvid.seeder.http;

import dev.corvid.seeder.error.RestartException;
import dev.corvid.seeder.source.SourceUrl;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of a range: exactly as many as its {@code Content-Range} says. */
final class RangeBody extends FilterInputStream {
  private final SourceUrl url;
  private long left;

  RangeBody(InputStream body, long length, SourceUrl url) {
    super(body);
    this.left = length;
    this.url = url;
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
      if (in.read() >= 0) {
        throw new RestartException(url + " sends more than the Content-Range of its answer says");
      }
      return -1;
    }
    int count = in.read(target, offset, (int) Math.min(left, length));
    if (count < 0) {
      throw new EOFException("the answer ended before its range did");
    }
    left -= count;
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    var buffer = new byte[(int) Math.clamp(count, 0, 1 << 13)];
    return Math.max(0, read(buffer, 0, buffer.length));
  }
}
