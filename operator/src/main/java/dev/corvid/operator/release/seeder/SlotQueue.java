package dev.corvid.operator.release.seeder;

import static java.util.Objects.requireNonNull;

import dev.corvid.time.Uptime;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is, and whose slot is to be given up: pure. First the namespace that has the fewest
 * slots, and within it who came first; one that has half of the cluster's slots already is passed
 * over.
 *
 * @param most slots
 * @param scratch bytes that all of them have together
 */
public record SlotQueue(int most, long scratch) {
  /**
   * @param scratch bytes
   */
  public record Need(String namespace, long scratch) {}

  /**
   * @param gaveUp why it gave its slot up before; null if it had none
   * @param turns how many it gave up because its seeder had failed
   */
  record Waiting(Need need, @Nullable String gaveUp, int turns) {
    Waiting with(Need other) {
      return new Waiting(other, gaveUp, turns);
    }
  }

  /** Most bytes of one namespace: else a single release could have, or block, all of it. */
  long share() {
    return scratch / 2;
  }

  /** Whether all of them together stay within the limits. */
  boolean admits(Map<String, SeederSlot> held, Need need) {
    Usage usage = new Usage(held.values());
    return usage.hasShare(need) && usage.hasRoom(need);
  }

  /**
   * The release whose turn it is, if there is room for it.
   *
   * @param waiting in the order in which they came
   */
  Optional<String> next(Map<String, SeederSlot> held, Map<String, Waiting> waiting) {
    return first(held, waiting)
        .filter(uid -> new Usage(held.values()).hasRoom(requireNonNull(waiting.get(uid)).need()));
  }

  private Optional<String> first(Map<String, SeederSlot> held, Map<String, Waiting> waiting) {
    Usage usage = new Usage(held.values());
    return waiting.entrySet().stream()
        .filter(entry -> usage.hasShare(entry.getValue().need()))
        .min(Comparator.comparingLong(entry -> usage.rank(entry.getValue())))
        .map(Map.Entry::getKey);
  }

  /**
   * The release that is to give its slot up: of those that are due, one of the namespace that has
   * the most. None unless it then is another's turn, for which there is room when all that are due
   * have left.
   */
  Optional<String> victim(Map<String, SeederSlot> held, Map<String, Waiting> waiting, Uptime now) {
    if (waiting.isEmpty() || next(held, waiting).isPresent()) {
      return Optional.empty();
    }
    Usage usage = new Usage(held.values());
    Usage staying = new Usage(held.values().stream().filter(slot -> !slot.isDue(now)).toList());
    return held.entrySet().stream()
        .filter(entry -> entry.getValue().isDue(now))
        .sorted(
            Comparator.<Map.Entry<String, SeederSlot>>comparingLong(
                    entry -> -usage.count(entry.getValue().need().namespace()))
                .thenComparing(entry -> entry.getValue().due())
                .thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getKey)
        .filter(uid -> makesRoom(uid, held, waiting, staying, now))
        .findFirst();
  }

  private boolean makesRoom(
      String uid,
      Map<String, SeederSlot> held,
      Map<String, Waiting> waiting,
      Usage staying,
      Uptime now) {
    Map<String, SeederSlot> left = new HashMap<>(held);
    Map<String, Waiting> all = new LinkedHashMap<>(waiting);
    all.put(uid, requireNonNull(left.remove(uid)).givenUp(now));
    return first(left, all)
        .filter(waiting::containsKey)
        .filter(other -> staying.hasRoom(requireNonNull(waiting.get(other)).need()))
        .isPresent();
  }

  /** What is taken, and by whom. */
  private final class Usage {
    private final Collection<SeederSlot> held;

    Usage(Collection<SeederSlot> held) {
      this.held = held;
    }

    boolean hasShare(Need need) {
      return count(need.namespace()) < Math.ceilDiv(most, 2)
          && taken(of(need.namespace())) + need.scratch() <= share();
    }

    boolean hasRoom(Need need) {
      return held.size() < most && taken(held.stream()) + need.scratch() <= scratch;
    }

    /** One that gave its slot up is not the first to have it back. */
    long rank(Waiting waiting) {
      return count(waiting.need().namespace()) + (waiting.gaveUp() == null ? 0 : 1);
    }

    long count(String namespace) {
      return of(namespace).count();
    }

    private Stream<SeederSlot> of(String namespace) {
      return held.stream().filter(slot -> slot.need().namespace().equals(namespace));
    }

    private static long taken(Stream<SeederSlot> slots) {
      return slots.mapToLong(slot -> slot.need().scratch()).sum();
    }
  }
}
