package dev.corvid.seeder.fetch;

import dev.corvid.seeder.fetch.AheadPhase.Draining;
import dev.corvid.seeder.fetch.AheadPhase.Failed;
import dev.corvid.seeder.fetch.AheadPhase.Joining;
import dev.corvid.seeder.http.SourceResponse;
import dev.corvid.seeder.scratch.RangeWindow;
import java.io.IOException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** What the further connections bring: written at its place first, then published. */
final class RangeIntake implements RangeWorker.Ranges {
  private final AheadState state;
  private final RangeWindow window;
  private final LongConsumer received;
  private final RangeSettings settings;
  private final Runnable closeOwn;

  /**
   * @param received hears of each byte that comes, in any thread
   * @param closeOwn ends what the transfer's own connection reads
   */
  RangeIntake(
      AheadState state,
      RangeWindow window,
      LongConsumer received,
      RangeSettings settings,
      Runnable closeOwn) {
    this.state = state;
    this.window = window;
    this.received = received;
    this.settings = settings;
    this.closeOwn = closeOwn;
  }

  @Override
  public RangePlan.@Nullable Range take(RangeWorker worker) throws InterruptedException {
    state.lock.lock();
    try {
      while (state.phase().asks() && state.crew().has(worker)) {
        var range = next(worker);
        if (range != null) {
          state.crew().assign(worker, range);
          state.changed.signalAll();
          return range;
        }
        state.idles(worker);
        awaitChange();
      }
      return null;
    } finally {
      state.lock.unlock();
    }
  }

  /** While nothing changes, the transfer's own connection may be what all wait for. */
  private void awaitChange() throws InterruptedException {
    if (!(state.phase() instanceof Joining)) {
      state.changed.await();
      return;
    }
    long patience = state.crew().patienceBesideFree(settings.patience());
    if (state.changed.awaitNanos(patience) <= 0 && state.replacesSilent()) {
      closeOwn.run();
    }
  }

  private RangePlan.@Nullable Range next(RangeWorker worker) {
    int connections = state.growth().connections();
    boolean inOrder = state.phase().ownReads();
    boolean small = state.crew().isNew(worker);
    return state.crew().yields(worker)
        ? state.plan().fresh(worker.source(), connections, inOrder, small)
        : state.plan().next(worker.source(), connections, inOrder, small);
  }

  @Override
  public long end(RangePlan.Range range) {
    state.lock.lock();
    try {
      return range.end();
    } finally {
      state.lock.unlock();
    }
  }

  @Override
  public boolean answered(RangeWorker worker, RangePlan.Range range, SourceResponse answer) {
    state.lock.lock();
    try {
      if (!range.isAnswered()) {
        range.answered();
        state.crew().answered(worker, settings.clock().getAsLong());
        state.changed.signalAll();
      }
      return state.phase().counts() && !range.isOver();
    } finally {
      state.lock.unlock();
    }
  }

  @Override
  public boolean keep(RangeWorker worker, RangePlan.Range range, byte[] buffer, int count) {
    received.accept(count);
    long at = range.claimed();
    int claimed = claim(range, count);
    try {
      window.write(at, buffer, 0, claimed);
    } catch (IOException e) {
      state.close(); // the disk, if it is that, will be met again
      return false;
    }
    state.lock.lock();
    try {
      range.came();
      came(worker, range, count);
      state.changed.signalAll();
      return claimed == count && state.phase().counts();
    } finally {
      state.lock.unlock();
    }
  }

  private int claim(RangePlan.Range range, int count) {
    state.lock.lock();
    try {
      return state.phase().counts() ? range.claim(count) : 0;
    } finally {
      state.lock.unlock();
    }
  }

  private void came(RangeWorker worker, RangePlan.Range range, int count) {
    long now = settings.clock().getAsLong();
    if (range.isWhole()) {
      state.crew().whole(range, now);
    }
    if (state.crew().delivers(worker)) {
      state.growth().delivers(now - worker.asked(), now);
    }
    state.came(count, now);
  }

  @Override
  public boolean asks(RangeWorker worker) {
    state.lock.lock();
    try {
      return state.phase().asks() && state.crew().has(worker);
    } finally {
      state.lock.unlock();
    }
  }

  @Override
  public void failed(RangeWorker worker, RangePlan.Range range, RangeWorker.Outcome outcome) {
    state.lock.lock();
    try {
      state.plan().cut(range);
      boolean trial = state.crew().isTrial(worker);
      boolean known = state.crew().has(worker);
      state.crew().retire(worker);
      boolean trusted = !(outcome instanceof RangeWorker.Outcome.TooLong);
      if (state.phase() instanceof Draining && trusted) {
        state.plan().forgetMissing();
      } else if (state.phase().counts() && (known || !trusted)) {
        state.judge(worker.source(), trial, outcome);
      }
      state.changed.signalAll();
    } finally {
      state.lock.unlock();
    }
  }

  @Override
  public void failed(Throwable defect) {
    state.lock.lock();
    try {
      state.shut(new Failed(defect));
    } finally {
      state.lock.unlock();
    }
  }

  @Override
  public void left(RangeWorker worker) {
    state.lock.lock();
    try {
      state.crew().left(worker);
      state.changed.signalAll();
    } finally {
      state.lock.unlock();
    }
  }
}
