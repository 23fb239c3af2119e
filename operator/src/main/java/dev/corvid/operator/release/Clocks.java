package dev.corvid.operator.release;

import dev.corvid.operator.release.step.ReconcileTime;
import dev.corvid.operator.release.step.RecordedTimes;
import dev.corvid.time.Uptime;
import java.time.InstantSource;
import java.util.function.Supplier;

/** The wall clock and the clock of this process, which are read together. */
record Clocks(InstantSource wall, Supplier<Uptime> uptime) {
  static Clocks system() {
    return new Clocks(InstantSource.system(), Uptime::now);
  }

  ReconcileTime now(RecordedTimes recordedTimes) {
    return new ReconcileTime(wall.instant(), uptime.get(), recordedTimes);
  }
}
