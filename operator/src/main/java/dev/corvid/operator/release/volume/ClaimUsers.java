package dev.corvid.operator.release.volume;

import dev.corvid.wire.grant.ReleaseName;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Wakes releases that wait until no pod uses their claims, as soon as one of these pods is gone.
 * The pods of a namespace are watched only as long as one of its releases waits, and none of them
 * is kept in memory. Thread-safe.
 */
public final class ClaimUsers implements AutoCloseable {
  /** Namespaces that are watched at a time; releases of others look again by themselves. */
  private static final int MOST = 64;

  private final KubernetesClient client;
  private final Consumer<Collection<ReleaseName>> wake;
  private final Map<String, PodWatch> byNamespace = new ConcurrentHashMap<>();

  public ClaimUsers(KubernetesClient client, Consumer<Collection<ReleaseName>> wake) {
    this.client = client;
    this.wake = wake;
  }

  /** Whether a pod may have let go of the release's claim since the last call, as at the first. */
  public boolean mayBeFewer(ReleaseName release) {
    if (byNamespace.size() >= MOST && !byNamespace.containsKey(release.namespace())) {
      return false;
    }
    while (true) {
      PodWatch watch = byNamespace.computeIfAbsent(release.namespace(), PodWatch::new);
      Optional<Boolean> fewer = watch.mayBeFewer(release.name());
      if (fewer.isPresent()) {
        return fewer.get();
      }
      byNamespace.remove(release.namespace(), watch); // it ended meanwhile
    }
  }

  /** The release waits no longer. */
  public void forget(ReleaseName release) {
    retain(release.namespace(), claim -> !claim.equals(release.name()));
  }

  /** Forgets the releases that are gone: a finalizer removed by hand is not reported. */
  public void retain(Set<ReleaseName> releases) {
    for (String namespace : byNamespace.keySet()) {
      retain(namespace, claim -> releases.contains(new ReleaseName(namespace, claim)));
    }
  }

  private void retain(String namespace, Predicate<String> which) {
    PodWatch watch = byNamespace.get(namespace);
    if (watch != null && watch.retain(which)) {
      byNamespace.remove(namespace, watch);
    }
  }

  static boolean uses(Pod pod, String claim) {
    return pod.getSpec().getVolumes().stream()
        .anyMatch(
            volume ->
                volume.getPersistentVolumeClaim() != null
                    && claim.equals(volume.getPersistentVolumeClaim().getClaimName()));
  }

  @Override
  public void close() {
    byNamespace.values().forEach(PodWatch::end);
    byNamespace.clear();
  }

  /**
   * One namespace's. A request to the API server holds up this namespace's releases only: it runs
   * under the lock of this watch, and never under one of the map.
   */
  private final class PodWatch implements Watcher<Pod> {
    private final String namespace;
    private final Set<String> waiting = new HashSet<>();
    private final Set<String> fewer = new HashSet<>();
    private @Nullable Watch watch;
    private boolean ended;

    PodWatch(String namespace) {
      this.namespace = namespace;
    }

    /**
     * The watch is there before anybody looks: no end is missed between the two.
     *
     * @return empty when this has ended, and another one is to be asked
     */
    synchronized Optional<Boolean> mayBeFewer(String claim) {
      if (ended) {
        return Optional.empty();
      }
      boolean first = waiting.add(claim);
      if (watch == null) {
        fewer.addAll(waiting);
        watch = client.pods().inNamespace(namespace).watch(this);
      }
      return Optional.of(fewer.remove(claim) | first);
    }

    /** Whether no release waits any more; then the watch has ended. */
    synchronized boolean retain(Predicate<String> which) {
      waiting.removeIf(which.negate());
      fewer.retainAll(waiting);
      if (waiting.isEmpty()) {
        end();
      }
      return ended;
    }

    synchronized void end() {
      ended = true;
      if (watch != null) {
        watch.close();
        watch = null;
      }
    }

    @Override
    public void eventReceived(Action action, Pod pod) {
      if (action == Action.DELETED) {
        wake.accept(gone(pod));
      }
    }

    private synchronized Set<ReleaseName> gone(Pod pod) {
      Set<String> used =
          waiting.stream().filter(claim -> uses(pod, claim)).collect(Collectors.toSet());
      return mayWake(used);
    }

    private Set<ReleaseName> mayWake(Set<String> claims) {
      fewer.addAll(claims);
      return claims.stream()
          .map(claim -> new ReleaseName(namespace, claim))
          .collect(Collectors.toSet());
    }

    /** Ends that it did not tell of are seen by the look that begins the next watch. */
    @Override
    public void onClose(WatcherException cause) {
      wake.accept(lost());
    }

    private synchronized Set<ReleaseName> lost() {
      watch = null;
      return mayWake(Set.copyOf(waiting));
    }
  }
}
