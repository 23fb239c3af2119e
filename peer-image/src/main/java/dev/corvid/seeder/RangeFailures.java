package dev.corvid.seeder;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How often in a row each URL did not answer a request for a range: it hung up, or was silent. Once
 * may be an accident of the network; after several times the source may know no ranges, and the
 * whole is asked for as well. Kept over all attempts of the seeder. Thread-safe.
 */
final class RangeFailures {
  private static final int SEVERAL = 4;

  private final Map<SourceUrl, Integer> inARow = new ConcurrentHashMap<>();

  /** Whether that were several now. */
  boolean add(SourceUrl url) {
    return inARow.merge(url, 1, Integer::sum) >= SEVERAL;
  }

  void forget(SourceUrl url) {
    inARow.remove(url);
  }
}
