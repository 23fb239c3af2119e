package dev.corvid.operator.tracker;

import dev.corvid.wire.operator.Fleet;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The parts of one answer of the tracker that have arrived: which nodes they name, and which of
 * them speak of which release. Only with the last part is it known what a node does not mention.
 * Not thread-safe.
 */
final class FleetResponse {
  final boolean full;
  private final Map<String, Boolean> silentByNode = new HashMap<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<String, BitSet> mentions = new HashMap<>();

  /**
   * @param full whether it is everything
   */
  FleetResponse(boolean full) {
    this.full = full;
  }

  void add(Fleet part) {
    part.nodes().forEach(node -> silentByNode.put(node.name(), node.silent()));
    for (Fleet.Release release : part.releases()) {
      BitSet by = mentions.computeIfAbsent(release.releaseUid(), uid -> new BitSet());
      release.nodes().forEach(state -> by.set(number(state.node())));
    }
  }

  /** The last that was said of each node. */
  Map<String, Boolean> silentByNode() {
    return silentByNode;
  }

  Set<String> releases() {
    return new HashSet<>(mentions.keySet());
  }

  boolean mentions(String releaseUid, String node) {
    BitSet by = mentions.get(releaseUid);
    return by != null && by.get(number(node));
  }

  private int number(String node) {
    return numbers.computeIfAbsent(node, name -> numbers.size());
  }
}
