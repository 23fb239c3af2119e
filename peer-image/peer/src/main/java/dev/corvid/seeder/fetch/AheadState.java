package dev.corvid.seeder.fetch;

import dev.corvid.seeder.error.RetryAfterException;
import dev.corvid.seeder.fetch.AheadPhase.Ahead;
import dev.corvid.seeder.fetch.AheadPhase.Closed;
import dev.corvid.seeder.fetch.AheadPhase.Draining;
import dev.corvid.seeder.fetch.AheadPhase.Ending;
import dev.corvid.seeder.fetch.AheadPhase.Failed;
import dev.corvid.seeder.fetch.AheadPhase.Joining;
import dev.corvid.seeder.fetch.AheadPhase.Trial;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the transfer's thread and those of the further connections share, and how it changes. All
 * but the lock is confined to the lock.
 */
final class AheadState {
  final ReentrantLock lock = new ReentrantLock();
  final Condition changed = lock.newCondition();

  private final List<RangeSource> sources;
  private final Function<RangeSource, RangeWorker> starter;
  private final RangePlan plan;
  private final ConnectionGrowth growth;
  private final RangeCrew crew = new RangeCrew();
  private AheadPhase phase;
  private boolean joined;

  /**
   * @param sources the transfer's own URL first
   * @param starter makes the connections
   */
  AheadState(
      List<RangeSource> sources,
      RangePlan plan,
      ConnectionGrowth growth,
      Function<RangeSource, RangeWorker> starter) {
    this.sources = sources;
    this.plan = plan;
    this.growth = growth;
    this.starter = starter;
    this.phase = growth.isUseful() ? new Joining() : new Trial();
  }

  AheadPhase phase() {
    return phase;
  }

  RangePlan plan() {
    return plan;
  }

  ConnectionGrowth growth() {
    return growth;
  }

  RangeCrew crew() {
    return crew;
  }

  void beginWith(int connections) {
    for (int i = 1; i < connections; i++) {
      begin(sources.get(i % sources.size()));
    }
  }

  /** The transfer's own connection is not needed any more: another one takes its place. */
  void join() {
    phase = new Ahead(false);
    joined = true;
    begin(sources.getFirst());
  }

  /** Whether the transfer's own connection was left, whatever came of it. */
  boolean hasJoined() {
    return joined;
  }

  /** A byte had its turn that another connection brought. */
  void moves() {
    if (phase instanceof Ahead) {
      phase = new Ahead(false);
    }
  }

  /** Its rest is for others, and for its connection in another answer. */
  void takeFrom(RangePlan.Range range) {
    plan.cut(range);
    crew.abandon(range);
    changed.signalAll();
  }

  /** Bytes came over any connection. */
  void came(int count, long now) {
    if (crew.isAnyIdle()) {
      growth.pause();
    } else {
      follow(growth.came(count, now));
    }
  }

  /** Nothing is left for a connection, or nothing that has room. */
  void idles(RangeWorker worker) {
    growth.pause();
    if (phase instanceof Trial && plan.isFull()) {
      growth.fillsWindow();
      phase = new Joining();
    }
    if (crew.idles(worker)) {
      changed.signalAll();
    }
  }

  /** The transfer's own connection holds up others, which then bring what it would have read. */
  boolean takesOver() {
    return plan.isFull() && replaces();
  }

  /**
   * The same when nothing came over any connection for long. Only while the transfer's own one is
   * read: its reader may be what is slow.
   */
  boolean replacesSilent() {
    return plan.isReserved() && replaces();
  }

  private boolean replaces() {
    if (!(phase instanceof Joining) || !crew.isAnyFree()) {
      return false;
    }
    plan.handOver();
    join();
    changed.signalAll();
    return true;
  }

  /** The byte whose turn it is has not come for long. */
  void stalls(RangePlan.@Nullable Range range, Duration patience) {
    if (range != null && phase instanceof Ahead(boolean stalled) && !stalled) {
      phase = new Ahead(true);
      takeFrom(range);
      crew.retireFrom(range).ifPresent(this::replaceStalled);
      if (crew.size() == 0) {
        end(new IOException(words(patience)), true);
      }
      return;
    }
    if (range == null && crew.endYielding()) {
      changed.signalAll();
      return;
    }
    leave(range == null ? sources.getFirst() : range.source(), words(patience));
  }

  /** The byte whose turn it is comes slower than others did. */
  void trickles(RangePlan.Range range) {
    if (crew.expectLess()) {
      takeFrom(range);
    } else {
      leave(range.source(), "ranges come too slowly");
    }
  }

  /** Nothing of others counts any more. */
  private void leave(RangeSource source, String why) {
    source.noteTrouble();
    shut(new Closed(new Ending(new IOException(why), true)));
  }

  private static String words(Duration patience) {
    return "no byte came for " + patience.toSeconds() + " s";
  }

  /** Once may be chance. Then each wait for it would cost as long. */
  private void replaceStalled(RangeSource source) {
    if (source.stalls()) {
      crew.beginLate(starter.apply(source));
    } else {
      crew.retireAll(source).forEach(this::takeFrom);
    }
  }

  void begin(RangeSource source) {
    crew.begin(starter.apply(source));
  }

  void follow(ConnectionGrowth.Advice advice) {
    if (!phase.asks()) {
      return;
    }
    if (phase instanceof Trial && growth.isUseful()) {
      phase = new Joining();
    }
    switch (advice) {
      case WAIT -> {}
      case ADD -> crew.beginTrial(starter.apply(growth.of(sources)));
      case REPLACE -> {
        crew.retireTrial().ifPresent(this::takeFrom);
        crew.beginTrial(starter.apply(growth.of(sources)));
      }
      case RETIRE -> {
        crew.retireTrial().ifPresent(this::takeFrom);
        if (!growth.isUseful() || crew.size() == 0) {
          end(null, false);
        }
      }
      case ONE -> {
        sources.getFirst().beSingle();
        end(null, false);
      }
    }
    changed.signalAll();
  }

  /** No further range is asked for. */
  void end(@Nullable IOException why, boolean again) {
    var ending = new Ending(why, again);
    if (phase.ownReads()) {
      shut(new Closed(ending));
    } else if (phase instanceof Ahead) {
      phase = new Draining(ending);
      plan.forgetMissing();
      changed.signalAll();
    }
  }

  /** Nothing comes any more, nor counts. */
  void shut(AheadPhase last) {
    if (phase.counts()) {
      phase = last;
      plan.forgetAll();
      crew.stop();
      changed.signalAll();
    }
  }

  /** The same, in any thread. */
  void close() {
    lock.lock();
    try {
      shut(new Closed(new Ending(null, false)));
    } finally {
      lock.unlock();
    }
  }

  /**
   * A connection failed, and is retired.
   *
   * @param trial whether it was the one that is measured
   */
  void judge(RangeSource source, boolean trial, RangeWorker.Outcome outcome) {
    boolean mirror = source != sources.getFirst();
    switch (outcome) {
      case RangeWorker.Outcome.TooLong(var why) -> {
        source.noteTrouble();
        if (phase.ownReads()) {
          end(why, true);
        } else {
          shut(new Failed(why));
        }
        return;
      }
      case RangeWorker.Outcome.OtherBytes(var why) when !mirror -> {
        source.noteTrouble();
        end(why, true);
        return;
      }
      case RangeWorker.Outcome.Refused(RetryAfterException why) when mirror || isLeft() ->
          source.heed(why);
      default -> {}
    }
    if (!mirror && crew.size() == 0) {
      if (outcome instanceof RangeWorker.Outcome.Refused) {
        source.beSingle();
      } else {
        source.noteTrouble();
      }
    }
    follow(trial ? growth.failed() : growth.lost());
    if (crew.size() == 0) {
      end(outcome.why(), true);
    }
  }

  /** Whether the transfer has no connection left. */
  private boolean isLeft() {
    return !phase.ownReads() && crew.size() == 0;
  }
}
