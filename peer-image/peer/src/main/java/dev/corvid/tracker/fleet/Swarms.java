package dev.corvid.tracker.fleet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Which speaking nodes are in which swarm, and in which zone. Not thread-safe. */
final class Swarms {
  /**
   * Of a sample, what is from the asker's own zone if so many are there: links between zones are
   * slow or cost money. The rest is drawn from all zones, its own too: a zone that knows few others
   * would wait for what is common elsewhere.
   */
  private static final int NEAR_OF_THREE = 2;

  private final Map<String, Swarm> byKey = new HashMap<>();
  private final Map<String, Set<String>> byNode = new HashMap<>();
  private final Map<String, String> zones = new HashMap<>();
  private final RandomGenerator random;

  private static final class Swarm {
    final Members all = new Members();
    final Map<String, Members> byZone = new HashMap<>();

    void add(String node, String zone) {
      all.add(node);
      if (!zone.isEmpty()) {
        byZone.computeIfAbsent(zone, key -> new Members()).add(node);
      }
    }

    void remove(String node, String zone) {
      all.remove(node);
      byZone.computeIfPresent(
          zone,
          (key, members) -> {
            members.remove(node);
            return members.isEmpty() ? null : members;
          });
    }
  }

  Swarms(RandomGenerator random) {
    this.random = random;
  }

  /** The zone of a node; empty when it has none. */
  String zone(String node) {
    return zones.getOrDefault(node, "");
  }

  /**
   * Notes the zone of a node, empty for none.
   *
   * @return whether it was another one
   */
  boolean zone(String node, String zone) {
    if (zone.equals(zone(node))) {
      return false;
    }
    Set<String> joined = byNode.getOrDefault(node, Set.of());
    place(node, Set.of());
    if (zone.isEmpty()) {
      zones.remove(node);
    } else {
      zones.put(node, zone);
    }
    place(node, joined);
    return true;
  }

  /** Puts a node into exactly those swarms; {@link NodeGrant#swarm} names them. */
  void place(String node, Set<String> swarms) {
    Set<String> before = swarms.isEmpty() ? byNode.remove(node) : byNode.put(node, swarms);
    for (String left : before == null ? Set.<String>of() : before) {
      if (!swarms.contains(left)) {
        byKey.computeIfPresent(left, (key, swarm) -> without(swarm, node));
      }
    }
    for (String joined : swarms) {
      byKey.computeIfAbsent(joined, key -> new Swarm()).add(node, zone(node));
    }
  }

  /**
   * A random sample of a swarm's nodes but the one that asks, most of them from its own zone.
   *
   * @param except the one that asks; null for the seeder
   */
  List<String> sample(String key, int count, @Nullable String except) {
    Swarm swarm = byKey.get(key);
    if (swarm == null) {
      return List.of();
    }
    Members near = except == null ? null : swarm.byZone.get(zone(except));
    if (near == null) {
      return swarm.all.sample(count, except, random);
    }
    List<String> chosen = new ArrayList<>(near.sample(count * NEAR_OF_THREE / 3, except, random));
    Set<String> known = new HashSet<>(chosen);
    swarm.all.sample(count, except, random).stream()
        .filter(node -> !known.contains(node))
        .limit(count - chosen.size())
        .forEach(chosen::add);
    return chosen;
  }

  private @Nullable Swarm without(Swarm swarm, String node) {
    swarm.remove(node, zone(node));
    return swarm.all.isEmpty() ? null : swarm;
  }
}
