package dev.corvid.seeder.scratch;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Bytes of the source that came before their turn, in a file, each at its own place. Written by
 * many threads, each to places of its own; read by one. Nothing is written once it is closed.
 */
public final class RangeWindow implements Closeable {
  private final FileChannel channel;
  private final long modulus;
  private final int length;
  private final boolean ring;
  private final ReadWriteLock open = new ReentrantReadWriteLock();
  private boolean closed;

  private RangeWindow(FileChannel channel, int length, boolean ring) {
    this.channel = channel;
    this.modulus = ring ? length : Long.MAX_VALUE;
    this.length = length;
    this.ring = ring;
  }

  /** In the file that keeps the source's bytes, by a channel of its own: interrupts close it. */
  public static RangeWindow in(Path kept, int length) throws IOException {
    var channel = FileChannel.open(kept, StandardOpenOption.READ, StandardOpenOption.WRITE);
    return new RangeWindow(channel, length, false);
  }

  /** In a ring of its own, of which nothing is left when it is closed, or the process ends. */
  public static RangeWindow ring(Path file, int length) throws IOException {
    var channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    return new RangeWindow(channel, length, true);
  }

  /** How far from the byte whose turn it is others may be written. */
  public int length() {
    return length;
  }

  /** Whether what is written here is kept. */
  public boolean keeps() {
    return !ring;
  }

  /** For the thread that closes it. */
  public boolean isClosed() {
    return closed;
  }

  public void write(long at, byte[] bytes, int offset, int count) throws IOException {
    open.readLock().lock();
    try {
      if (closed) {
        throw new ClosedChannelException();
      }
      for (int done = 0; done < count; ) {
        long place = (at + done) % modulus;
        int some = (int) Math.min(count - done, modulus - place);
        done += channel.write(ByteBuffer.wrap(bytes, offset + done, some), place);
      }
    } finally {
      open.readLock().unlock();
    }
  }

  /**
   * @return how many bytes were read, at least one
   */
  public int read(long at, byte[] target, int offset, int count) throws IOException {
    long place = at % modulus;
    int read =
        channel.read(
            ByteBuffer.wrap(target, offset, (int) Math.min(count, modulus - place)), place);
    if (read <= 0) {
      throw new IOException("the bytes that came early became fewer");
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    open.writeLock().lock();
    try {
      closed = true;
    } finally {
      open.writeLock().unlock();
    }
    channel.close();
  }
}
