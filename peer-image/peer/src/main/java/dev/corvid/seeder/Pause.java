package dev.corvid.seeder;

import java.time.Duration;

/** Waits between attempts, until the time is over or the seeder is to stop. */
@FunctionalInterface
interface Pause {
  /**
   * @throws InterruptedException when the seeder stops
   */
  void of(Duration duration) throws InterruptedException;
}
