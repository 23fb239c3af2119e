package dev.corvid.operator;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does something idempotent again whenever it may be needed: when poked, from time to time for what
 * no watch tells, and after a failure with growing pauses. One run at a time, on a virtual thread.
 */
final class RetryingTask implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RetryingTask.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final String name;
  private final Runnable ensure;
  private final Duration period;
  private final Semaphore pokes = new Semaphore(0);
  private @Nullable Thread thread;
  private volatile boolean closed;

  /**
   * @param period how often at least
   */
  RetryingTask(String name, Runnable ensure, Duration period) {
    this.name = name;
    this.ensure = ensure;
    this.period = period;
  }

  /** Its first run begins at once, and is not waited for: it may be refused for days. */
  void start() {
    thread = Thread.ofVirtual().name(name).start(this::keep);
  }

  /** Something changed. */
  void poke() {
    pokes.release();
  }

  private void keep() {
    try {
      while (!closed) {
        runUntilDone();
        awaitPoke(period);
      }
    } catch (InterruptedException e) {
      LOG.debug("The task {} ends", name);
    }
  }

  private void runUntilDone() throws InterruptedException {
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        ensure.run();
        return;
      } catch (RuntimeException e) {
        if (closed) {
          throw new InterruptedException();
        }
        LOG.warn("{} could not be brought up to date, next try in {}", name, pause, e);
      }
      awaitPoke(pause);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
    }
  }

  /** Many pokes are one. */
  private void awaitPoke(Duration atMost) throws InterruptedException {
    if (pokes.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      pokes.drainPermits();
    }
  }

  @Override
  public void close() {
    closed = true;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
