package dev.corvid.e2e.source;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A rate shared by all connections, as an uplink is; changed live. */
final class Throttle {
  private static final long NANOS = 1_000_000_000L;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long bytesPerSecond;
  private long freeAt = System.nanoTime();

  /** 0 means no limit. Whoever waits goes on at the new rate. */
  void rate(long bytesPerSecond) {
    lock.lock();
    try {
      this.bytesPerSecond = bytesPerSecond;
      freeAt = System.nanoTime();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns when the uplink is free, and then occupies it for so many bytes. */
  void take(long bytes) throws InterruptedException {
    lock.lock();
    try {
      while (bytesPerSecond > 0) {
        long now = System.nanoTime();
        if (freeAt - now <= 0) {
          freeAt = now + bytes * NANOS / bytesPerSecond;
          return;
        }
        changed.awaitNanos(freeAt - now);
      }
    } finally {
      lock.unlock();
    }
  }
}
