package dev.corvid.seeder.source;

import dev.corvid.bittorrent.TokenBucket;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How fast the source is read: by all of its connections together, mirrors, retries and answers
 * that are thrown away included. What is not read yet waits at the source, because TCP does not
 * take in more than a window. Thread-safe.
 */
public final class OriginRateLimiter {
  /** Worth a read of its own. */
  private static final int WORTHWHILE = 8 << 10;

  private final TokenBucket bucket;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition changed = lock.newCondition();

  /**
   * @param bytesPerSecond 0 for no limit
   */
  public OriginRateLimiter(long bytesPerSecond) {
    bucket = new TokenBucket(bytesPerSecond, System.nanoTime());
  }

  /** From now on, for transfers that are under way too; 0 for no limit. */
  public void set(long bytesPerSecond) {
    if (bytesPerSecond == bucket.rate()) {
      return;
    }
    lock.lock();
    try {
      bucket.rate(bytesPerSecond, System.nanoTime());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Bytes per second, 0 for no limit. */
  public long get() {
    return bucket.rate();
  }

  /** The same bytes, not faster than that. */
  public InputStream limiting(InputStream body) {
    return new Limited(body);
  }

  /** The same connections, whose answers all together are not read faster than that. */
  public HttpTransport limiting(HttpTransport connections) {
    return new HttpTransport() {
      @Override
      public Reply send(Request request) throws IOException, InterruptedException {
        var reply = connections.send(request);
        return new Reply(reply.status(), reply.headers(), limiting(reply.body()), reply.address());
      }

      @Override
      public void close() {
        connections.close();
      }
    };
  }

  /**
   * Waits until some of the bytes may be read, and takes them.
   *
   * @param wanted at least 1
   */
  private int take(int wanted) throws InterruptedIOException {
    if (bucket.rate() == 0) {
      return wanted;
    }
    lock.lock();
    try {
      int enough = Math.min(wanted, WORTHWHILE);
      long wait = bucket.wait(enough, System.nanoTime());
      while (wait > 0) {
        changed.awaitNanos(wait);
        wait = bucket.wait(enough, System.nanoTime());
      }
      int allowed = (int) Math.clamp(bucket.available(wanted, System.nanoTime()), 1, wanted);
      bucket.take(allowed);
      return allowed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while its rate was limited");
    } finally {
      lock.unlock();
    }
  }

  private final class Limited extends FilterInputStream {
    public Limited(InputStream body) {
      super(body);
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
      int allowed = take(length);
      int count = 0;
      try {
        count = in.read(target, offset, allowed);
        return count;
      } finally {
        bucket.take(Math.max(0, count) - allowed);
      }
    }

    /** By reading: {@link FilterInputStream} would skip in the body itself. */
    @Override
    public long skip(long count) throws IOException {
      if (count <= 0) {
        return 0;
      }
      var passed = new byte[(int) Math.min(count, WORTHWHILE)];
      return Math.max(0, read(passed, 0, passed.length));
    }
  }
}
