package dev.corvid.operator.release.step;

import dev.corvid.time.Uptime;
import java.time.InstantSource;
import java.util.function.Supplier;

/** The wall clock and the clock of this process, which are read together. */
public record Clocks(InstantSource wall, Supplier<Uptime> uptime) {
  public static Clocks system() {
    return new Clocks(InstantSource.system(), Uptime::now);
  }

  public ReconcileTime now(RecordedTimes recordedTimes) {
    return new ReconcileTime(wall.instant(), uptime.get(), recordedTimes);
  }
}
