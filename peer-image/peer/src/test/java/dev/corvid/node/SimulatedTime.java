package dev.corvid.node;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * The clocks of a simulation, and what happens when. What is due at the same time happens in the
 * order in which it was scheduled.
 */
public final class SimulatedTime extends Clock {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::order));
  private long now;
  private long order;

  private record Task(long at, long order, Runnable run) {}

  public long nanoTime() {
    return now;
  }

  public void after(Duration pause, Runnable run) {
    tasks.add(new Task(now + pause.toNanos(), order++, run));
  }

  /** When the next task is due; {@link Long#MAX_VALUE} for never. */
  long next() {
    return tasks.isEmpty() ? Long.MAX_VALUE : tasks.peek().at();
  }

  /** Lets time pass, at most until the next task. */
  public void advance(long until) {
    now = Math.max(now, Math.min(until, next()));
  }

  /** Runs one task that is due; false when there is none. */
  public boolean runDue() {
    if (next() > now) {
      return false;
    }
    tasks.poll().run().run();
    return true;
  }

  @Override
  public Instant instant() {
    return BEGIN.plusNanos(now);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
