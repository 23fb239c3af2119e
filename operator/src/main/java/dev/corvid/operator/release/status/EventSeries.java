package dev.corvid.operator.release.status;

import dev.corvid.time.Uptime;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Events of one release by what they tell: the same fault again is counted in its Event instead
 * of being another one, as client-go does. Confined to the release's reconciliation.
 */
public final class EventSeries {
  /**
   * The API server forgets an Event an hour after it was written (--event-ttl), unless it is told
   * otherwise.
   */
  private static final Duration KEPT = Duration.ofMinutes(55);

  private final Map<Key, Told> told = new HashMap<>();
  private @Nullable Long generation;

  private record Key(String type, String status, String reason) {
    static Key of(Condition condition) {
      return new Key(condition.getType(), condition.getStatus(), condition.getReason());
    }
  }

  /**
   * An Event that exists.
   *
   * @param count how often it has been the case
   */
  record Told(String name, int count, Uptime last) {
    Told again(Uptime now) {
      return new Told(name, count + 1, now);
    }
  }

  /** The Event that told this of the same spec. */
  Optional<Told> of(Condition condition, Uptime now) {
    if (!condition.getObservedGeneration().equals(generation)) {
      told.clear();
      generation = condition.getObservedGeneration();
    }
    told.values().removeIf(event -> event.last().plus(KEPT).isBefore(now));
    return Optional.ofNullable(told.get(Key.of(condition)));
  }

  void put(Condition condition, Told event) {
    told.put(Key.of(condition), event);
  }

  void forget(Condition condition) {
    told.remove(Key.of(condition));
  }
}
