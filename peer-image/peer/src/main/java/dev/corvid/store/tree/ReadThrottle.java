package dev.corvid.store.tree;

import java.io.InterruptedIOException;

/** Throttles heavy readers so that they do not starve others. */
@FunctionalInterface
public interface ReadThrottle {
  /** As fast as the disk is. */
  ReadThrottle UNLIMITED = bytes -> {};

  /**
   * Reports bytes just read; waits for as long as reading them should have taken.
   *
   * @throws InterruptedIOException when the reading is to end
   */
  void read(int bytes) throws InterruptedIOException;
}
