package dev.corvid.telemetry;

import java.util.concurrent.CountDownLatch;

/**
 * The end of a role's process: SIGTERM wakes whoever waits here, and the process lives on until
 * this is closed, so that a role can say goodbye in order.
 */
public final class Termination implements AutoCloseable {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  public Termination() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::end, "termination"));
  }

  /** Waits until the process is asked to end. */
  public void await() throws InterruptedException {
    asked.await();
  }

  @Override
  public void close() {
    closed.countDown();
  }

  private void end() {
    asked.countDown();
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
