package dev.corvid.seeder.fetch;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The further connections of a transfer, and what each is at. Confined to one lock. */
final class RangeCrew {
  /** Those that are to take ranges. */
  private final Set<RangeWorker> workers = new LinkedHashSet<>();

  /** Those that have a thread, the retired ones included. */
  private final Set<RangeWorker> running = new HashSet<>();

  /** Those that have not brought a byte. */
  private final Set<RangeWorker> fresh = new HashSet<>();

  /** Those that a range was taken from, until they take another one. */
  private final Set<RangeWorker> late = new HashSet<>();

  /** Those that wait for a range. */
  private final Set<RangeWorker> idle = new HashSet<>();

  private final Map<RangeWorker, RangePlan.Range> ranges = new HashMap<>();
  private @Nullable RangeWorker
      trial; // what one more connection gains is measured by it; null for none

  void begin(RangeWorker worker) {
    workers.add(worker);
    running.add(worker);
    fresh.add(worker);
    worker.start();
  }

  /** In place of one that a range was taken from. */
  void beginLate(RangeWorker worker) {
    late.add(worker);
    begin(worker);
  }

  void beginTrial(RangeWorker worker) {
    trial = worker;
    begin(worker);
  }

  int size() {
    return workers.size();
  }

  boolean has(RangeWorker worker) {
    return workers.contains(worker);
  }

  boolean isTrial(RangeWorker worker) {
    return worker == trial;
  }

  boolean isNew(RangeWorker worker) {
    return fresh.contains(worker);
  }

  /** A connection has brought bytes; whether they are the first of the one that is measured. */
  boolean delivers(RangeWorker worker) {
    return fresh.remove(worker) && worker == trial;
  }

  void assign(RangeWorker worker, RangePlan.Range range) {
    ranges.put(worker, range);
    late.remove(worker);
    idle.remove(worker);
  }

  /**
   * @return whether it was at something before
   */
  boolean idles(RangeWorker worker) {
    return idle.add(worker);
  }

  boolean isAnyIdle() {
    return !idle.isEmpty();
  }

  /** Whether a connection waits that would take what another one did not bring. */
  boolean isAnyFree() {
    return idle.stream().anyMatch(worker -> !yields(worker));
  }

  private Optional<RangeWorker> of(RangePlan.Range range) {
    return running.stream().filter(worker -> ranges.get(worker) == range).findFirst();
  }

  /** When a range was asked for, by the clock; empty for one that no connection brings. */
  Optional<Long> asked(RangePlan.Range range) {
    return of(range).map(RangeWorker::asked);
  }

  /** Ends the answer that a range comes in. */
  void abandon(RangePlan.Range range) {
    var worker = of(range);
    worker.ifPresent(late::add);
    worker.ifPresent(RangeWorker::abandon);
  }

  /** Whether what others did not bring is rather for a connection to another URL. */
  boolean yields(RangeWorker worker) {
    return late.contains(worker)
        && workers.stream()
            .anyMatch(other -> other.source() != worker.source() && !late.contains(other));
  }

  /**
   * No connection yields any more.
   *
   * @return whether one did
   */
  boolean endYielding() {
    boolean any = workers.stream().anyMatch(this::yields);
    late.clear();
    return any;
  }

  /** Takes no further range. */
  void retire(RangeWorker worker) {
    workers.remove(worker);
    idle.remove(worker);
    if (worker == trial) {
      trial = null;
    }
  }

  /**
   * @return what its connection was at
   */
  Optional<RangePlan.Range> retireTrial() {
    var range = Optional.ofNullable(trial).map(ranges::get);
    if (trial != null) {
      retire(trial);
    }
    return range;
  }

  /**
   * @return whom another connection may be had of
   */
  Optional<RangeSource> retireFrom(RangePlan.Range range) {
    var worker = of(range);
    worker.ifPresent(this::retire);
    return worker.map(RangeWorker::source);
  }

  /**
   * All connections to a URL end, unless there is none to another.
   *
   * @return what they were at
   */
  List<RangePlan.Range> retireAll(RangeSource source) {
    var same = workers.stream().filter(worker -> worker.source() == source).toList();
    if (same.size() == workers.size()) {
      return List.of();
    }
    same.forEach(this::retire);
    return same.stream().map(ranges::get).filter(Objects::nonNull).toList();
  }

  void left(RangeWorker worker) {
    retire(worker);
    running.remove(worker);
    fresh.remove(worker);
    late.remove(worker);
    ranges.remove(worker);
  }

  void stop() {
    running.forEach(RangeWorker::stop);
  }
}
