package dev.corvid.operator.release.step;

import dev.corvid.time.Uptime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How long ago it is what a status, a grant or a pod has the wall time of. The wall clock is asked
 * for that once, when this process sees the time first; from then on it is measured by the uptime.
 * A time that is yet to come, because a clock was set back, is taken for now, unless it can be one
 * that was rounded up to the next second. Confined to the release's reconciliation.
 */
public final class RecordedTimes {
  private static final Duration ROUNDED_UP = Duration.ofSeconds(1);

  private final Map<Instant, Uptime> known = new HashMap<>();
  private final Set<Instant> used = new HashSet<>();

  /** Another look at the release begins: times that the last one had no use for are forgotten. */
  public void begin() {
    if (!used.isEmpty()) {
      known.keySet().retainAll(used);
      used.clear();
    }
  }

  Uptime uptime(Instant recorded, Instant wall, Uptime now) {
    used.add(recorded);
    Instant latest = wall.plus(ROUNDED_UP);
    return known.computeIfAbsent(recorded, at -> at.isAfter(latest) ? now : ago(at, wall, now));
  }

  private static Uptime ago(Instant recorded, Instant wall, Uptime now) {
    return now.minus(Duration.between(recorded, wall));
  }
}
