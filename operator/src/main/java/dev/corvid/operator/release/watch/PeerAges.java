package dev.corvid.operator.release.watch;

import dev.corvid.time.Uptime;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Since when each peer's pod is known, in whatever phase it is: since it was made, or since this
 * process began. Follows the events of these pods. Thread-safe.
 */
final class PeerAges {
  private final Supplier<Uptime> clock;
  private final Map<String, Uptime> byUid = new ConcurrentHashMap<>();

  PeerAges(Supplier<Uptime> clock) {
    this.clock = clock;
  }

  void seen(Pod pod) {
    byUid.computeIfAbsent(pod.getMetadata().getUid(), _ -> clock.get());
  }

  void gone(Pod pod) {
    byUid.remove(pod.getMetadata().getUid());
  }

  /**
   * Of several on one node, the one that was made last. A look adds and forgets nothing: events
   * come meanwhile.
   */
  Map<String, Uptime> byNode(Stream<Pod> pods) {
    Map<String, Uptime> since = new HashMap<>();
    Uptime now = clock.get();
    pods.forEach(
        pod -> {
          String node = NodeWatch.nodeOf(pod);
          if (node != null) {
            Uptime known = byUid.getOrDefault(pod.getMetadata().getUid(), now);
            since.merge(node, known, (a, b) -> a.isAfter(b) ? a : b);
          }
        });
    return since;
  }
}
