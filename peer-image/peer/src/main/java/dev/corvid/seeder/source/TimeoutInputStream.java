package dev.corvid.seeder.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A body whose reads do not wait for ever: {@link java.net.http.HttpClient} has a time limit for
 * the headers of an answer, but none for its body. Time that the reader takes for itself does not
 * count.
 */
final class TimeoutInputStream extends FilterInputStream {
  private static final long NOT_READING = Long.MIN_VALUE;
  private static final int SKIPPED_AT_ONCE = 16 << 10;

  private final Duration limit;
  private volatile Duration timeouts;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile long readingSince = NOT_READING;
  private volatile boolean stalled;

  /**
   * @param first limit until the first byte
   * @param limit from one byte to the next
   */
  TimeoutInputStream(InputStream body, Duration first, Duration limit) {
    super(body);
    this.timeouts = first;
    this.limit = limit;
    Thread.ofVirtual().name("source-watch").start(this::watch);
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    readingSince = System.nanoTime();
    try {
      int count = in.read(target, offset, length);
      timeouts = limit;
      return count;
    } catch (IOException e) {
      throw stalled ? new IOException("no byte came for " + timeouts.toSeconds() + " s", e) : e;
    } finally {
      readingSince = NOT_READING;
    }
  }

  /** By reading, which is watched; {@link FilterInputStream} would skip in the body itself. */
  @Override
  public long skip(long count) throws IOException {
    if (count <= 0) {
      return 0;
    }
    var passed = new byte[(int) Math.min(count, SKIPPED_AT_ONCE)];
    return Math.max(0, read(passed, 0, passed.length));
  }

  private void watch() {
    try {
      long wait = limit.toNanos();
      while (!closed.await(wait, TimeUnit.NANOSECONDS)) {
        long since = readingSince;
        wait = timeouts.toNanos() - (since == NOT_READING ? 0 : System.nanoTime() - since);
        if (wait <= 0) {
          stalled = true;
          super.close();
          return;
        }
      }
    } catch (InterruptedException | IOException e) {
      // Nobody interrupts this thread; a body that fails to close fails its reader as well.
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    super.close();
  }
}
