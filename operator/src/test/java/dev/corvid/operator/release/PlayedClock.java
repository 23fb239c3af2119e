package dev.corvid.operator.release;

import dev.corvid.operator.release.step.ReconcileTime;
import dev.corvid.operator.release.step.RecordedTimes;
import dev.corvid.time.Uptime;
import java.time.Duration;
import java.time.Instant;

/** Time that passes when a test says so, and a wall clock that somebody sets. */
public final class PlayedClock {
  private final RecordedTimes recorded = new RecordedTimes();
  private Instant wall = Given.NOW;
  private Uptime uptime = Given.UPTIME;

  public void passes(Duration time) {
    wall = wall.plus(time);
    uptime = uptime.plus(time);
  }

  public void jumps(Duration by) {
    wall = wall.plus(by);
  }

  public ReconcileTime now() {
    return new ReconcileTime(wall, uptime, recorded);
  }

  Uptime uptime() {
    return uptime;
  }
}
