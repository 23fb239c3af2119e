package dev.corvid.e2e.fleet;

import dev.corvid.e2e.Cost;
import dev.corvid.e2e.cluster.ControlPlane;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Measures phases, one after the other: what is spent after one ended belongs to the next. */
final class Meter implements AutoCloseable {
  private static final double MIB = 1 << 20;
  private static final long SAMPLE_MILLIS = 200;

  private final Programs programs;
  private final ControlPlane control;
  private final Fleet fleet;
  private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor();
  private Reading before;

  private record Reading(
      Instant time, Cost operator, Cost tracker, long peerBytes, double operatorBytes) {}

  /** The first phase begins at that moment, with programs that have cost nothing. */
  Meter(Programs programs, ControlPlane control, Fleet fleet, Instant start) {
    this.programs = programs;
    this.control = control;
    this.fleet = fleet;
    sampler.scheduleAtFixedRate(this::sample, 0, SAMPLE_MILLIS, TimeUnit.MILLISECONDS);
    before = new Reading(start, Cost.NOTHING, Cost.NOTHING, 0, 0);
  }

  private void sample() {
    programs.operator().cost();
    programs.tracker().cost();
  }

  /**
   * The phase that began when the last one ended.
   *
   * @param took what of it is told; the costs are those of all of it
   */
  Phase phase(String name, Duration took) throws IOException, InterruptedException {
    var now = read();
    // A tracker that was started within the phase has cost nothing before it.
    boolean sameTracker = now.tracker.processorSeconds() >= before.tracker.processorSeconds();
    var trackerBefore = sameTracker ? before.tracker.processorSeconds() : 0;
    var operatorBytes = sameTracker ? before.operatorBytes : 0;
    var phase =
        new Phase(
            name,
            took,
            fleet.deliveries().take(),
            control.auditLog().writesOf(Programs.OPERATOR, before.time).size(),
            now.operator.processorSeconds() - before.operator.processorSeconds(),
            now.tracker.processorSeconds() - trackerBefore,
            now.operator.anonymousBytes() / MIB,
            now.tracker.anonymousBytes() / MIB,
            now.peerBytes - before.peerBytes,
            (long) (now.operatorBytes - operatorBytes));
    before = now;
    return phase;
  }

  private Reading read() throws IOException, InterruptedException {
    return new Reading(
        Instant.now(),
        programs.operator().cost(),
        programs.tracker().cost(),
        fleet.bytes(),
        programs.operatorBytes());
  }

  @Override
  public void close() {
    sampler.shutdownNow();
  }
}
