package dev.corvid.tracker.fleet;

import dev.corvid.wire.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The peers, in the order in which they were last heard. Not thread-safe. */
final class NodeRecords {
  private static final Duration SILENT_AFTER = Duration.ofSeconds(60);
  private static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);

  private final SequencedMap<String, NodeRecord> speaking = new LinkedHashMap<>();
  private final SequencedMap<String, NodeRecord> silent = new LinkedHashMap<>();

  Optional<NodeRecord> find(String node) {
    NodeRecord peer = speaking.get(node);
    return Optional.ofNullable(peer == null ? silent.get(node) : peer);
  }

  /** Notes a word of a peer; returns it, with {@code silent} as it was before. */
  NodeRecord heard(String node, @Nullable Endpoint endpoint, long now) {
    NodeRecord peer = speaking.remove(node);
    if (peer == null) {
      peer = silent.remove(node);
    }
    if (peer == null) {
      peer = new NodeRecord(node);
      peer.silent = true;
    }
    peer.endpoint = endpoint == null ? peer.endpoint : endpoint;
    peer.heardAt = now;
    speaking.putLast(node, peer);
    return peer;
  }

  /** Moves those not heard from for 60 s to the silent ones, and returns them. */
  List<NodeRecord> fallSilent(long now) {
    List<NodeRecord> fallen = new ArrayList<>();
    while (!speaking.isEmpty()
        && now - speaking.firstEntry().getValue().heardAt >= SILENT_AFTER.toNanos()) {
      NodeRecord peer = speaking.pollFirstEntry().getValue();
      peer.silent = true;
      silent.putLast(peer.node, peer);
      fallen.add(peer);
    }
    return fallen;
  }

  /** Drops those not heard from for an hour, so that short-lived nodes do not accumulate. */
  List<NodeRecord> forget(long now) {
    List<NodeRecord> gone = new ArrayList<>();
    while (!silent.isEmpty()
        && now - silent.firstEntry().getValue().heardAt >= FORGOTTEN_AFTER.toNanos()) {
      gone.add(silent.pollFirstEntry().getValue());
    }
    return gone;
  }

  /** Nanoseconds until the next one would fall silent. */
  long nextSilence(long now) {
    return speaking.isEmpty()
        ? Long.MAX_VALUE
        : SILENT_AFTER.toNanos() - (now - speaking.firstEntry().getValue().heardAt);
  }

  Stream<NodeRecord> all() {
    return Stream.concat(speaking.values().stream(), silent.values().stream());
  }

  int speaking() {
    return speaking.size();
  }

  int silent() {
    return silent.size();
  }
}
