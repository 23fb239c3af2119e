package dev.corvid.operator.release;

import dev.corvid.operator.OperatorConfig;
import dev.corvid.wire.ByteSize;
import dev.corvid.wire.Reason;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How many seeders run at once in the cluster, and how much scratch space they may take together.
 * Releases that need one wait in the order in which they came; one whose namespace has half of the
 * cluster's places already is passed over, so that no tenant's slow sources keep all others
 * waiting. Thread-safe.
 */
final class SeederPlaces {
  private final int most;
  private final long scratch;
  private final Consumer<Collection<String>> wake;
  private final Map<String, Need> held = new HashMap<>();
  private final Map<String, Need> waiting = new LinkedHashMap<>();

  /**
   * @param scratch bytes
   */
  record Need(String namespace, long scratch) {}

  /**
   * @param wake told the uid of the release whose turn it is
   */
  SeederPlaces(OperatorConfig.Limits limits, Consumer<Collection<String>> wake) {
    this.most = limits.seedersAtOnce();
    this.scratch = ByteSize.parse(limits.scratch());
    this.wake = wake;
  }

  /** The release's seeder runs: it has its place, however many there are. */
  synchronized void hold(String uid, Need need) {
    waiting.remove(uid);
    held.put(uid, need);
  }

  /** Takes a place; if there is none, says why, and the release is woken when its turn comes. */
  synchronized Optional<Problem> take(String uid, Need need) {
    if (need.scratch() > scratch) {
      leave(uid);
      return Optional.of(tooLarge(need));
    }
    if (held.containsKey(uid)) {
      held.put(uid, need);
      return Optional.empty();
    }
    waiting.put(uid, need);
    if (!next().filter(uid::equals).isPresent()) {
      return Optional.of(waits());
    }
    hold(uid, need);
    wakeNext();
    return Optional.empty();
  }

  /** The release needs no seeder, or cannot have one now. */
  synchronized void leave(String uid) {
    boolean waited = waiting.remove(uid) != null;
    if (held.remove(uid) != null || waited) {
      wakeNext();
    }
  }

  /** Forgets releases that are gone. */
  synchronized void retain(Set<String> uids) {
    waiting.keySet().retainAll(uids);
    if (held.keySet().retainAll(uids)) {
      wakeNext();
    }
  }

  private void wakeNext() {
    next().ifPresent(uid -> wake.accept(List.of(uid)));
  }

  /** Whose turn it is, if there is room. */
  private Optional<String> next() {
    return waiting.entrySet().stream()
        .filter(entry -> hasShare(entry.getValue()))
        .findFirst()
        .filter(entry -> held.size() < most && taken(null) + entry.getValue().scratch() <= scratch)
        .map(Map.Entry::getKey);
  }

  private boolean hasShare(Need need) {
    long count = held.values().stream().filter(n -> n.namespace().equals(need.namespace())).count();
    return count == 0
        || (count < Math.ceilDiv(most, 2)
            && taken(need.namespace()) + need.scratch() <= scratch / 2);
  }

  /**
   * @param namespace null for all
   */
  private long taken(String namespace) {
    return held.values().stream()
        .filter(need -> namespace == null || need.namespace().equals(namespace))
        .mapToLong(Need::scratch)
        .sum();
  }

  private Problem tooLarge(Need need) {
    return new Problem(
        Reason.LimitExceeded,
        "spec.seeder.scratch.sizeLimit is %s, and all seeders of the cluster together may have %s: lower it, or ask the cluster's admin for a higher limits.scratch in the chart's values"
            .formatted(ByteSize.format(need.scratch()), ByteSize.format(scratch)));
  }

  private Problem waits() {
    return new Problem(
        Reason.Progressing,
        "waits for a seeder place: at most %d seeders with %s of scratch space run at once, half of them for one namespace (limits.seedersAtOnce and limits.scratch in the chart's values)"
            .formatted(most, ByteSize.format(scratch)));
  }
}
