package dev.corvid.tracker.fleet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The nodes in one swarm; every operation but a whole sample is O(1). Not thread-safe. */
final class Members {
  private final List<String> nodes = new ArrayList<>();
  private final Map<String, Integer> positions = new HashMap<>();

  void add(String node) {
    if (positions.putIfAbsent(node, nodes.size()) == null) {
      nodes.add(node);
    }
  }

  void remove(String node) {
    Integer position = positions.remove(node);
    if (position == null) {
      return;
    }
    String last = nodes.removeLast();
    if (!last.equals(node)) {
      nodes.set(position, last);
      positions.put(last, position);
    }
  }

  boolean isEmpty() {
    return nodes.isEmpty();
  }

  /** At most {@code count} members but {@code except}, each set of them equally likely. */
  List<String> sample(int count, @Nullable String except, RandomGenerator random) {
    int drawn = Math.min(nodes.size(), positions.containsKey(except) ? count + 1 : count);
    // Robert Floyd's way to a sample without replacement (Bentley, CACM 30(9), 1987).
    Set<Integer> chosen = new LinkedHashSet<>();
    for (int bound = nodes.size() - drawn; bound < nodes.size(); bound++) {
      int candidate = random.nextInt(bound + 1);
      if (!chosen.add(candidate)) {
        chosen.add(bound);
      }
    }
    return chosen.stream()
        .map(nodes::get)
        .filter(node -> !node.equals(except))
        .limit(count)
        .toList();
  }
}
