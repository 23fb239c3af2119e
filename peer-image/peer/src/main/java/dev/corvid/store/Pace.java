package dev.corvid.store;

import java.io.InterruptedIOException;

/** Holds back who reads much, so that others can read too. */
@FunctionalInterface
public interface Pace {
  /** As fast as the disk is. */
  Pace UNBOUND = bytes -> {};

  /**
   * So many bytes more were read: waits for as long as that should have taken.
   *
   * @throws InterruptedIOException when the reading is to end
   */
  void read(int bytes) throws InterruptedIOException;
}
