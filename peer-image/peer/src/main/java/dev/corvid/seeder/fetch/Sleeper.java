package dev.corvid.seeder.fetch;

import java.time.Duration;

/** Waits between attempts, until the time is over or the seeder is to stop. */
@FunctionalInterface
public interface Sleeper {
  /**
   * @throws InterruptedException when the seeder stops
   */
  void sleep(Duration duration) throws InterruptedException;
}
