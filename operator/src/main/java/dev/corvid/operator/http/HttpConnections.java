package dev.corvid.operator.http;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The open connections, so many and no more. When there are too many, the address that has the most
 * loses its oldest one: who opens many connections cannot keep others out. Not thread-safe.
 */
final class HttpConnections<C> {
  private final int most;

  /** The oldest first. */
  private final Map<String, Set<C>> byAddress = new HashMap<>();

  private int size;

  HttpConnections(int most) {
    this.most = most;
  }

  /**
   * Takes a new connection in.
   *
   * @return the one that is to be closed for it, which counts no longer
   */
  Optional<C> add(String address, C connection) {
    byAddress.computeIfAbsent(address, _ -> new LinkedHashSet<>()).add(connection);
    size++;
    if (size <= most) {
      return Optional.empty();
    }
    var busiest =
        byAddress.entrySet().stream()
            .max(Comparator.comparingInt(entry -> entry.getValue().size()))
            .orElseThrow();
    C oldest = busiest.getValue().iterator().next();
    remove(busiest.getKey(), oldest);
    return Optional.of(oldest);
  }

  /** The connection is closed. */
  void remove(String address, C connection) {
    Set<C> own = byAddress.get(address);
    if (own != null && own.remove(connection)) {
      size--;
      if (own.isEmpty()) {
        byAddress.remove(address);
      }
    }
  }

  int size() {
    return size;
  }
}
