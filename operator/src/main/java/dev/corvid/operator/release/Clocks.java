package dev.corvid.operator.release;

import dev.corvid.operator.release.step.Now;
import dev.corvid.time.Uptime;
import java.time.InstantSource;
import java.util.function.Supplier;

/** The wall clock and the clock of this process, which are read together. */
record Clocks(InstantSource wall, Supplier<Uptime> uptime) {
  Now now(ReconcileState reconcileState) {
    return new Now(wall.instant(), uptime.get(), reconcileState.recordedTimes());
  }
}
