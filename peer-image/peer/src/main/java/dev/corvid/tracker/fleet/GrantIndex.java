package dev.corvid.tracker.fleet;

import dev.corvid.wire.operator.Push;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The grants of releases to nodes, indexed by both. Not thread-safe. */
final class GrantIndex {
  private final Map<String, PushedRelease> releases = new HashMap<>();
  private final Map<String, NavigableMap<String, PushedRelease>> byNode = new HashMap<>();

  Optional<PushedRelease> release(String uid) {
    return Optional.ofNullable(releases.get(uid));
  }

  Collection<PushedRelease> ofNode(String node) {
    return ofNode(node, "");
  }

  /** Those whose uids are above that one, in their order. */
  Collection<PushedRelease> ofNode(String node, String uid) {
    NavigableMap<String, PushedRelease> held = byNode.get(node);
    return held == null ? List.of() : held.tailMap(uid, false).values();
  }

  int size() {
    return releases.size();
  }

  /** The swarms that a node is to be in. */
  Set<String> swarms(String node) {
    Set<String> swarms = new HashSet<>();
    for (PushedRelease release : ofNode(node)) {
      String swarm = release.granted(node).swarm();
      if (swarm != null) {
        swarms.add(swarm);
      }
    }
    return swarms;
  }

  boolean isGranted(String node, String releaseUid) {
    NavigableMap<String, PushedRelease> held = byNode.get(node);
    return held != null && held.containsKey(releaseUid);
  }

  /** The releases for which a node is to be in that swarm. */
  List<PushedRelease> granting(String node, String swarm) {
    return ofNode(node).stream()
        .filter(release -> swarm.equals(release.granted(node).swarm()))
        .toList();
  }

  /** Whether a pod seeds a release in that swarm, or is to. */
  boolean isSeededBy(@Nullable String podUid, String swarm) {
    return releases.values().stream().anyMatch(release -> release.isSeededBy(podUid, swarm));
  }

  /**
   * Takes a release as it is now.
   *
   * @return the nodes whose grant differs from the one before, or that get a new seeder by it
   */
  Set<String> replace(Push.Release pushed, Map<String, NodeGrant> granted) {
    PushedRelease release = releases.computeIfAbsent(pushed.releaseUid(), PushedRelease::new);
    Optional<PushedRelease.Serving> before = release.serving();
    if (!podUid(pushed.seeder()).equals(podUid(release.seeder))) {
      release.heard = null;
    }
    release.seeder = pushed.seeder();
    Set<String> changed = assign(release, granted);
    changed.addAll(release.learning(before));
    return changed;
  }

  private static String podUid(Push.@Nullable Seeder seeder) {
    return seeder == null ? "" : seeder.podUid();
  }

  /** Drops a release; what the nodes hold of it is not touched by that. */
  Set<String> forget(String uid) {
    PushedRelease release = releases.remove(uid);
    return release == null ? Set.of() : assign(release, Map.of());
  }

  private Set<String> assign(PushedRelease release, Map<String, NodeGrant> granted) {
    Map<String, NodeGrant> before = release.granted;
    Set<String> changed = new HashSet<>();
    for (String node : before.keySet()) {
      if (!granted.containsKey(node)) {
        changed.add(node);
        byNode.computeIfPresent(
            node,
            (name, held) -> {
              held.remove(release.uid);
              return held.isEmpty() ? null : held;
            });
      }
    }
    granted.forEach(
        (node, grant) -> {
          if (!grant.equals(before.get(node))) {
            changed.add(node);
            byNode.computeIfAbsent(node, name -> new TreeMap<>()).put(release.uid, release);
          }
        });
    release.granted = granted;
    return changed;
  }
}
