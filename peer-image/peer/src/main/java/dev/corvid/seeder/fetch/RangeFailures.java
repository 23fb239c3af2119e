package dev.corvid.seeder.fetch;

import dev.corvid.seeder.source.SourceUrl;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * How often in a row each URL brought not one byte of a range: it hung up or was silent, before its
 * headers or behind them. Once may be an accident of the network; after several times the source
 * may know no ranges, and the whole is asked for. Kept over all attempts of the seeder.
 * Thread-safe.
 */
final class RangeFailures {
  private static final int SEVERAL = 4;

  private final Map<SourceUrl, Integer> inARow = new ConcurrentHashMap<>();

  void add(SourceUrl url) {
    inARow.merge(url, 1, Integer::sum);
  }

  void forget(SourceUrl url) {
    inARow.remove(url);
  }

  /** Whether that were several until now; the next time a range is asked for again. */
  boolean isWholeDue(SourceUrl url) {
    int failures = inARow.getOrDefault(url, 0);
    return failures >= SEVERAL && inARow.replace(url, failures, SEVERAL - 1);
  }

  /**
   * Counts whether a byte comes, unless its reader was interrupted before.
   *
   * @param ended whether the seeder itself has ended all transfers, which says nothing of the URL
   */
  InputStream watch(SourceUrl url, InputStream range, BooleanSupplier ended) {
    return new FilterInputStream(range) {
      private boolean known;

      @Override
      public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        int count = -1;
        try {
          count = super.read(target, offset, length);
          return count;
        } finally {
          if (!known && length > 0) {
            known = true;
            note(count > 0);
          }
        }
      }

      private void note(boolean came) {
        if (came) {
          forget(url);
        } else if (!ended.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
          add(url);
        }
      }
    };
  }
}
