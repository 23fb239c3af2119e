package dev.corvid.operator.release.grant;

import dev.corvid.api.v1alpha1.SwarmRelease;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Uids of the namespaces that releases are in: a namespace that was deleted and created again has
 * the name of the former one, and perhaps another owner. Thread-safe.
 *
 * <p>A release never moves, so the answer for its uid holds for ever. A time would prove less:
 * timestamps have seconds, and the clocks of several API servers differ. The API server is asked
 * when a release is new, and the answer is true of all releases of that namespace that the operator
 * already knew and had put its finalizer on: a namespace does not end before they do.
 */
public final class Namespaces {
  private final Server server;
  private final Supplier<? extends Collection<SwarmRelease>> releases;
  private final Map<String, String> known = new ConcurrentHashMap<>();

  /** What the API server says now, not what a cache has. */
  public interface Server {
    /** The namespace of that name; null when there is none. */
    @Nullable Namespace namespace(String name);

    /** Whether this very release exists, by its uid. */
    boolean exists(SwarmRelease release);
  }

  /**
   * @param releases every release that the operator knows of
   */
  public Namespaces(Server server, Supplier<? extends Collection<SwarmRelease>> releases) {
    this.server = server;
    this.releases = releases;
  }

  /** The uid; empty when the release's own namespace is gone. */
  Optional<String> uidOf(SwarmRelease release) {
    String before = known.get(uid(release));
    return before == null ? ask(release) : Optional.of(before);
  }

  private Optional<String> ask(SwarmRelease release) {
    String name = release.getMetadata().getNamespace();
    List<SwarmRelease> others =
        releases.get().stream()
            .filter(other -> name.equals(other.getMetadata().getNamespace()))
            .filter(other -> other.hasFinalizer(SwarmRelease.FINALIZER))
            .toList();
    Namespace found = server.namespace(name);
    if (found == null || madeAt(release).isBefore(madeAt(found)) && !server.exists(release)) {
      return Optional.empty(); // or of the former namespace: the cache has yet to learn of its end
    }
    String uid = uid(found);
    others.stream()
        .filter(other -> !madeAt(other).isBefore(madeAt(found)))
        .forEach(other -> known.putIfAbsent(uid(other), uid));
    known.put(uid(release), uid);
    return Optional.of(uid);
  }

  /** Forgets other releases. */
  public void retain(Set<String> releaseUids) {
    known.keySet().retainAll(releaseUids);
  }

  private static String uid(HasMetadata object) {
    return object.getMetadata().getUid();
  }

  private static Instant madeAt(HasMetadata object) {
    return Instant.parse(object.getMetadata().getCreationTimestamp());
  }
}
