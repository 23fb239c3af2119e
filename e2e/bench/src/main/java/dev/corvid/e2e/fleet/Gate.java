package dev.corvid.e2e.fleet;

import java.util.concurrent.CountDownLatch;

/** Holds all peers back while it is shut, so that they come at once. Thread-safe. */
final class Gate {
  private volatile CountDownLatch shut = new CountDownLatch(0);

  void shut() {
    shut = new CountDownLatch(1);
  }

  void open() {
    shut.countDown();
  }

  void pass() throws InterruptedException {
    shut.await();
  }
}
