package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import io.fabric8.kubernetes.api.model.Namespace;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Uids of the namespaces that releases are in: a namespace that was deleted and made again has the
 * name of the former one, and perhaps another owner. Thread-safe.
 *
 * <p>The API server is asked once for a namespace, and again only for a release that is younger
 * than those that were asked for: an older one was made in between, in the same namespace.
 */
final class Namespaces {
  private final Function<String, Namespace> server;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /**
   * @param created when the namespace was made
   * @param until when the youngest release was made that is certainly in it
   */
  private record Known(String uid, Instant created, Instant until) {
    boolean covers(Instant release) {
      return !release.isBefore(created) && !release.isAfter(until);
    }
  }

  /**
   * @param server the namespace of that name as it is now; null when there is none
   */
  Namespaces(Function<String, Namespace> server) {
    this.server = server;
  }

  /** The uid; empty when the release's own namespace is gone. */
  Optional<String> uidOf(SwarmRelease release) {
    String name = release.getMetadata().getNamespace();
    Instant made = Instant.parse(release.getMetadata().getCreationTimestamp());
    Known before = known.get(name);
    if (before != null && before.covers(made)) {
      return Optional.of(before.uid());
    }
    Namespace found = server.apply(name);
    if (found == null) {
      return Optional.empty();
    }
    Instant created = Instant.parse(found.getMetadata().getCreationTimestamp());
    if (made.isBefore(created)) {
      return Optional.empty(); // of the former namespace: the cache has yet to learn of its end
    }
    var now = new Known(found.getMetadata().getUid(), created, made);
    known.put(name, now);
    return Optional.of(now.uid());
  }

  /** Forgets the others. */
  void retain(Set<String> names) {
    known.keySet().retainAll(names);
  }
}
