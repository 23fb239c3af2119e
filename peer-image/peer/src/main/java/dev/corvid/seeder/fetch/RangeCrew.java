package dev.corvid.seeder.fetch;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The further connections of a transfer, what each is at, and what one of them brings, which tells
 * a range that trickles from a source that is slow. Confined to one lock.
 */
final class RangeCrew {
  /** A connection that is younger may only have begun. */
  private static final long LEAST_AGE = Duration.ofSeconds(1).toNanos();

  /** The same while another one could bring its range at once. */
  private static final long LEAST_AGE_BESIDE_FREE = Duration.ofMillis(500).toNanos();

  private static final double TRICKLE = 0.25;
  private static final double TRICKLE_BESIDE_FREE = 0.5;
  private static final double OF_LATEST = 0.25;

  /** In a row, while no range came whole. */
  private static final int MOST_TRICKLES = 8;

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

  private double mean; // bytes per nanosecond of one connection; 0 for unknown
  private long slowestAnswer;
  private int trickles;

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

  private long age(RangePlan.Range range, long now) {
    return of(range).map(worker -> now - worker.asked()).orElse(0L);
  }

  /** Bytes of the answer that is read, or was last. */
  private long brought(RangePlan.Range range) {
    return of(range).map(worker -> range.arrived() - worker.askedFrom()).orElse(0L);
  }

  void answered(RangeWorker worker, long now) {
    slowestAnswer = Math.max(slowestAnswer, now - worker.asked());
  }

  /**
   * Nanoseconds that others wait for an answer: longer where each takes long.
   *
   * @param patience when no other connection could fetch it
   */
  long patienceBesideFree(Duration patience) {
    long most = patience.toNanos();
    return Math.clamp(3 * slowestAnswer, most / 5, most);
  }

  /** A range came whole. */
  void whole(RangePlan.Range range, long now) {
    double rate = (double) brought(range) / Math.max(1, age(range, now));
    mean = mean == 0 ? rate : mean + OF_LATEST * (rate - mean);
    trickles = 0;
  }

  boolean isTrickle(RangePlan.Range range, long now) {
    boolean free = isAnyFree();
    long age = age(range, now);
    double expected = (free ? TRICKLE_BESIDE_FREE : TRICKLE) * mean * age;
    return age > (free ? LEAST_AGE_BESIDE_FREE : LEAST_AGE) && brought(range) < expected;
  }

  /**
   * A range is taken from its connection. Where all became slow, the rest of it is slow too.
   *
   * @return whether that is worth it: not where one after the other trickles
   */
  boolean expectLess() {
    mean /= 2;
    return ++trickles <= MOST_TRICKLES;
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
