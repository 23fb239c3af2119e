package dev.corvid.seeder.fetch;

import java.util.function.LongSupplier;

/** A time that passes as bytes come, so that no rate depends on how fast the machine is. */
final class ByteClock implements LongSupplier {
  private final FetchProgress progress;
  private final LongSupplier rate;
  private long bytes;
  private double now;

  /**
   * @param rate bytes a second now
   */
  ByteClock(FetchProgress progress, LongSupplier rate) {
    this.progress = progress;
    this.rate = rate;
  }

  @Override
  public synchronized long getAsLong() {
    long come = progress.bytes();
    now += (come - bytes) * 1e9 / rate.getAsLong();
    bytes = come;
    return (long) now;
  }
}
