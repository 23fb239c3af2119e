package dev.corvid.operator.release.volume;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.time.Uptime;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The nodes on which pods use the claim of a release. The API server is asked for them, at most
 * every ten seconds for each release: pods are not watched for it. Thread-safe.
 */
public final class ClaimNodes {
  private static final Duration BETWEEN_LISTS = Duration.ofSeconds(10);

  private final KubernetesClient client;
  private final Map<String, Listed> byUid = new ConcurrentHashMap<>();

  /**
   * @param next when they may be listed again
   */
  private record Listed(Set<String> nodes, Uptime next) {}

  public ClaimNodes(KubernetesClient client) {
    this.client = client;
  }

  /** As of the last time that they were listed, which may be now. */
  public Set<String> of(SwarmRelease release, Uptime now) {
    String uid = release.getMetadata().getUid();
    Listed last = byUid.get(uid);
    if (last == null || !now.isBefore(last.next())) {
      Set<String> nodes = Set.copyOf(ClaimPods.list(release, client).nodes());
      last = new Listed(nodes, now.plus(BETWEEN_LISTS));
      byUid.put(uid, last);
    }
    return last.nodes();
  }

  /** When they may be listed again; empty when they never were. */
  public Optional<Uptime> next(String releaseUid) {
    return Optional.ofNullable(byUid.get(releaseUid)).map(Listed::next);
  }

  /** Forgets the releases that are gone. */
  public void retain(Set<String> releaseUids) {
    byUid.keySet().retainAll(releaseUids);
  }
}
