package dev.corvid.operator.release.step;

import dev.corvid.time.Uptime;
import java.time.Instant;

/**
 * The moment of a look at a release.
 *
 * @param wall for what is stored, shown, or compared with other machines
 * @param uptime for pauses, rates and deadlines
 * @param recorded what recorded wall times are in uptime
 */
public record ReconcileTime(Instant wall, Uptime uptime, RecordedTimes recorded) {
  /** When something was that has that wall time. */
  public Uptime uptimeOf(Instant time) {
    return recorded.uptime(time, wall, uptime);
  }
}
