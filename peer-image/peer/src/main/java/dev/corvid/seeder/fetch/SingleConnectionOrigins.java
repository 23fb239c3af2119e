package dev.corvid.seeder.fetch;

import dev.corvid.seeder.source.SourceUrl;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which origins are asked over one connection only: they refused a range or a further connection,
 * became slower with more, or broke off or stalled twice. Kept over all attempts of the seeder.
 * Thread-safe.
 */
final class SingleConnectionOrigins {
  private static final int TOO_MANY = 2;

  private final Map<String, Integer> troubles = new ConcurrentHashMap<>();

  /** From now on. */
  void add(SourceUrl url) {
    troubles.put(url.origin(), TOO_MANY);
  }

  /** What may have been an accident of the network. */
  void noteTrouble(SourceUrl url) {
    troubles.merge(url.origin(), 1, Integer::sum);
  }

  boolean contains(SourceUrl url) {
    return troubles.getOrDefault(url.origin(), 0) >= TOO_MANY;
  }
}
