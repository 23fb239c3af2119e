package dev.corvid.seeder;

import java.util.concurrent.atomic.LongAdder;

/** How much was read from the source; written by the fetch, read by reports and metrics. */
final class FetchProgress {
  private final LongAdder bytes = new LongAdder();
  private volatile long total;

  void read(long count) {
    bytes.add(count);
  }

  void total(long bytes) {
    total = Math.max(bytes, 0);
  }

  /** Bytes read over the network, those of retries included. */
  long bytes() {
    return bytes.sum();
  }

  /** Bytes of the source; 0 while unknown. */
  long total() {
    return total;
  }
}
