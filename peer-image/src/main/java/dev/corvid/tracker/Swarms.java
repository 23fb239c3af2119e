package dev.corvid.tracker;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Which speaking nodes are in the swarm of which content. Not thread-safe. */
final class Swarms {
  private final Map<String, Members> byInfoHash = new HashMap<>();
  private final Map<String, Set<String>> byNode = new HashMap<>();
  private final RandomGenerator random;

  Swarms(RandomGenerator random) {
    this.random = random;
  }

  /** Puts a node into exactly those swarms. */
  void place(String node, Set<String> infoHashes) {
    Set<String> before = infoHashes.isEmpty() ? byNode.remove(node) : byNode.put(node, infoHashes);
    for (String left : before == null ? Set.<String>of() : before) {
      if (!infoHashes.contains(left)) {
        byInfoHash.computeIfPresent(left, (hash, members) -> without(members, node));
      }
    }
    for (String joined : infoHashes) {
      byInfoHash.computeIfAbsent(joined, hash -> new Members()).add(node);
    }
  }

  /** A random sample of a content's nodes but the one that asks; null for the seeder. */
  List<String> sample(String infoHash, int count, String except) {
    Members members = byInfoHash.get(infoHash);
    return members == null ? List.of() : members.sample(count, except, random);
  }

  private static Members without(Members members, String node) {
    members.remove(node);
    return members.isEmpty() ? null : members;
  }
}
