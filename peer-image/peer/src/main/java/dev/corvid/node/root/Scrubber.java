package dev.corvid.node.root;

import dev.corvid.store.Revision;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.tree.Damage;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Reads finished revisions again, one after the other over all roots of the node, slowly enough not
 * to disturb other readers. Thread-safe.
 */
public final class Scrubber implements AutoCloseable {
  static final long BYTES_PER_SECOND = 32L << 20;

  private static final Duration LEAST_WAIT = Duration.ofMillis(50);

  private final CountDownLatch closing = new CountDownLatch(1);
  private final ExecutorService thread;
  private final LongSupplier nanoTime;
  private long due;

  /**
   * @param thread runs one check after the other; closed with this
   */
  public Scrubber(ExecutorService thread, LongSupplier nanoTime) {
    this.thread = thread;
    this.nanoTime = nanoTime;
    this.due = nanoTime.getAsLong();
  }

  public static Scrubber open() {
    return new Scrubber(
        Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("scrubber").factory()),
        System::nanoTime);
  }

  /**
   * Verifies a revision when those before it are done.
   *
   * @param found receives what is wrong with it
   * @param unread receives instead why it could not be read to its end
   */
  public void check(Revision revision, Consumer<Damage> found, Consumer<Exception> unread) {
    thread.execute(
        () -> {
          Damage damage;
          try {
            damage = revision.check(this::pace);
          } catch (StoreException | RuntimeException e) {
            unread.accept(e);
            return;
          }
          found.accept(damage);
        });
  }

  @Override
  public void close() {
    closing.countDown();
    thread.shutdownNow();
    try {
      thread.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pace(int bytes) throws InterruptedIOException {
    long now = nanoTime.getAsLong();
    due =
        Math.max(due, now - LEAST_WAIT.toNanos())
            + bytes * TimeUnit.SECONDS.toNanos(1) / BYTES_PER_SECOND;
    try {
      if (due - now > LEAST_WAIT.toNanos() && closing.await(due - now, TimeUnit.NANOSECONDS)) {
        throw new InterruptedIOException("the peer ends");
      }
    } catch (InterruptedException e) {
      throw new InterruptedIOException("the peer ends");
    }
  }
}
