package dev.corvid.tracker;

import dev.corvid.wire.Push;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Which release wants what of which node, found from either side. Not thread-safe. */
final class Assignments {
  private final Map<String, Release> releases = new HashMap<>();
  private final Map<String, Map<String, Release>> byNode = new HashMap<>();

  Optional<Release> release(String uid) {
    return Optional.ofNullable(releases.get(uid));
  }

  Collection<Release> ofNode(String node) {
    return byNode.getOrDefault(node, Map.of()).values();
  }

  Stream<Release> all() {
    return releases.values().stream();
  }

  int size() {
    return releases.size();
  }

  /** The contents that a node is to hold. */
  Set<String> infoHashes(String node) {
    Set<String> hashes = new HashSet<>();
    for (Release release : ofNode(node)) {
      String hash = release.assigned.get(node).infoHash();
      if (hash != null) {
        hashes.add(hash);
      }
    }
    return hashes;
  }

  /**
   * Takes a release as it is now.
   *
   * @return the nodes whose grant is another one than before
   */
  Set<String> replace(Push.Release pushed, Map<String, Assigned> assigned) {
    Release release = releases.computeIfAbsent(pushed.releaseUid(), Release::new);
    if (pushed.seederPodUid() == null || !pushed.seederPodUid().equals(release.seederPodUid)) {
      release.seeder = null;
    }
    release.seederPodUid = pushed.seederPodUid();
    return assign(release, assigned);
  }

  /** Drops a release; what the nodes hold of it is not touched by that. */
  Set<String> forget(String uid) {
    Release release = releases.remove(uid);
    return release == null ? Set.of() : assign(release, Map.of());
  }

  private Set<String> assign(Release release, Map<String, Assigned> assigned) {
    Map<String, Assigned> before = release.assigned;
    Set<String> changed = new HashSet<>();
    for (String node : before.keySet()) {
      if (!assigned.containsKey(node)) {
        changed.add(node);
        byNode.computeIfPresent(
            node,
            (name, held) -> {
              held.remove(release.uid);
              return held.isEmpty() ? null : held;
            });
      }
    }
    assigned.forEach(
        (node, grant) -> {
          if (!grant.equals(before.get(node))) {
            changed.add(node);
            byNode.computeIfAbsent(node, name -> new LinkedHashMap<>()).put(release.uid, release);
          }
        });
    release.assigned = assigned;
    return changed;
  }
}
