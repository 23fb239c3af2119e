package dev.corvid.seeder.unpack;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Compressed streams of one kind, each opened where the one before it has ended. */
final class ConcatenatedStream extends InputStream {
  private final InputStream in;
  private final Opener opener;
  private final Following following;
  private @Nullable InputStream current;

  /** Opens one stream, which reads no byte behind its own end. */
  @FunctionalInterface
  interface Opener {
    InputStream open(InputStream in) throws IOException;
  }

  /** Whether another stream follows; what is passed over until then is read. */
  @FunctionalInterface
  interface Following {
    boolean in(InputStream in) throws IOException;
  }

  ConcatenatedStream(InputStream in, Opener opener, Following following) throws IOException {
    this.in = in;
    this.opener = opener;
    this.following = following;
    this.current = opener.open(in);
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (current != null) {
      int count = current.read(target, offset, length);
      if (count >= 0) {
        return count;
      }
      current = following.in(in) ? opener.open(in) : null;
    }
    return length == 0 ? 0 : -1;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
