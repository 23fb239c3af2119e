package dev.corvid.seeder.fetch;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.fetch.AheadPhase.Ahead;
import dev.corvid.seeder.fetch.AheadPhase.Closed;
import dev.corvid.seeder.fetch.AheadPhase.Draining;
import dev.corvid.seeder.fetch.AheadPhase.Ending;
import dev.corvid.seeder.fetch.AheadPhase.Joining;
import dev.corvid.seeder.scratch.RangeWindow;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The further connections of one transfer: each takes the next range that none has taken, up to a
 * window ahead of the byte whose turn it is. {@link AheadPhase} has who reads what.
 *
 * <pre>
 * a range                                  what follows
 * breaks off, or cannot be asked for       its rest is asked for again, by the same connection
 * does so three times in a row             its connection ends
 * is refused (429 and 503 too), ignored    its connection ends, and no other is added; if it was
 *                                          the last: one connection for good at this origin
 * differs from what was asked for, or is   the end; trouble is noted for the origin
 *   of another version
 * is longer than it says                   the transfer begins again
 * has no answer when its turn has come,    the transfer's own connection reads over it
 *   or is a trial
 * trickles or stalls when its turn has     another connection brings its rest
 *   come
 * stalls again                             what is here is forgotten; trouble is noted
 * any of the first four, of a mirror       only the mirror's connection ends
 * </pre>
 *
 * What is missing in the end, the transfer asks for itself, as it continues what broke off. So no
 * answer is judged here but one: the range that was asked for.
 *
 * <p>{@link #turn}, {@link #read} and their like are for the transfer's thread.
 */
final class RangesAhead implements Closeable {
  private final RangeSettings settings;
  private final RangeWindow window;
  private final Sleeper sleeper;
  private final AheadState state;
  private final RangeIntake intake;

  /**
   * What the transfer has so far, over a connection of its own.
   *
   * @param position that it reads next
   * @param total bytes of the whole
   * @param took nanoseconds from its request to its first byte
   * @param close ends what that connection reads, in any thread
   */
  record Start(long position, long total, long took, Runnable close) {}

  /** Who reads the byte whose turn it is. */
  sealed interface Turn {
    /** The transfer's own connection, up to so many bytes. */
    record Own(int most) implements Turn {}

    /** Others: the transfer's own connection is not needed any more. */
    record Others() implements Turn {}

    /** The transfer's own connection; nothing of others comes any more. */
    record Over() implements Turn {}
  }

  /**
   * @param sources the transfer's own URL first
   * @param received hears of each byte that comes, in any thread
   */
  RangesAhead(
      List<RangeSource> sources,
      RangeSettings settings,
      RangeWindow window,
      Start start,
      LongConsumer received,
      Sleeper sleeper) {
    this.settings = settings;
    this.window = window;
    this.sleeper = sleeper;
    var growth = new ConnectionGrowth(sources.size(), settings.begin(), settings.most());
    growth.delivers(start.took(), settings.clock().getAsLong());
    var plan = new RangePlan(settings, window.length(), start.position(), start.total());
    state = new AheadState(sources, plan, growth, this::worker);
    intake = new RangeIntake(state, window, received, settings, start.close());
    state.lock.lock();
    try {
      state.beginWith(settings.begin());
    } finally {
      state.lock.unlock();
    }
  }

  private RangeWorker worker(RangeSource source) {
    return new RangeWorker(source, intake, sleeper, settings.clock());
  }

  RangeWindow window() {
    return window;
  }

  /**
   * Who reads next while the transfer's own connection is open.
   *
   * @param length bytes that it would read
   */
  Turn turn(int length) throws SourceException {
    state.lock.lock();
    try {
      while (state.phase().ownReads()) {
        var range = state.plan().current();
        if (range == null && !state.plan().isMissing()) {
          return state.takesOver() ? new Turn.Others() : new Turn.Own(state.plan().reserve(length));
        }
        if (state.phase() instanceof Joining && range != null && range.isAnswered()) {
          state.join();
          return new Turn.Others();
        }
        if (state.takesOver()) {
          return new Turn.Others();
        }
        state.plan().passOver();
        while (range != null && range.isBeingWritten() && state.phase().ownReads()) {
          state.changed.awaitUninterruptibly();
        }
      }
      state.phase().requireTrust();
      return state.hasJoined() ? new Turn.Others() : new Turn.Over();
    } finally {
      state.lock.unlock();
    }
  }

  /** Whether others bring what follows, and end what the transfer's own connection reads. */
  boolean isOwnReplaced() {
    state.lock.lock();
    try {
      return state.hasJoined();
    } finally {
      state.lock.unlock();
    }
  }

  /**
   * The transfer's own connection has brought bytes.
   *
   * @return whether they have their turn: not when others were to bring them meanwhile
   */
  boolean passed(int count) {
    state.lock.lock();
    try {
      if (state.hasJoined()) {
        return false;
      }
      state.plan().passed(count);
      state.came(count, settings.clock().getAsLong());
      state.changed.signalAll();
      return true;
    } finally {
      state.lock.unlock();
    }
  }

  /**
   * Bytes that others brought, waiting for them.
   *
   * @return 0 where they do not come: the transfer has to ask for them itself
   */
  int read(byte[] target, int offset, int length) throws SourceException, InterruptedIOException {
    long here = await();
    if (here == 0) {
      return 0;
    }
    int count;
    try {
      count = window.read(state.plan().position(), target, offset, (int) Math.min(length, here));
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw stopped();
      }
      close(); // the disk, if it is that, will be met again
      return 0;
    }
    state.lock.lock();
    try {
      state.plan().passed(count);
      state.moves();
      state.changed.signalAll();
    } finally {
      state.lock.unlock();
    }
    return count;
  }

  /** How many bytes are here, from the one whose turn it is; 0 when that does not come. */
  private long await() throws SourceException, InterruptedIOException {
    state.lock.lock();
    try {
      long patience = settings.patience().toNanos();
      long left = patience;
      while (state.phase().counts() && !state.plan().isDone()) {
        var range = state.plan().current();
        if (range == null && state.phase() instanceof Draining(var ending)) {
          state.shut(new Closed(ending));
          return 0;
        }
        if (range != null && isTrickle(range)) {
          state.trickles(range);
          continue;
        }
        if (range != null && range.arrived() > state.plan().position()) {
          return range.arrived() - state.plan().position();
        }
        long step = left - (isHoldingUp(range) ? patience - unanswered() : 0);
        if (step <= 0) {
          state.stalls(range, settings.patience());
          left = patience;
        } else {
          left -= step - state.changed.awaitNanos(step);
        }
      }
      state.phase().requireTrust();
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw stopped();
    } finally {
      state.lock.unlock();
    }
  }

  private static InterruptedIOException stopped() {
    return new InterruptedIOException("the seeder stops");
  }

  private boolean isTrickle(RangePlan.Range range) {
    if (!(state.phase() instanceof Ahead)
        || range.isOver()
        || !range.isAnswered()
        || state.crew().size() == 1) {
      return false;
    }
    return state.crew().isTrickle(range, settings.clock().getAsLong());
  }

  /** Whether others wait for a range that is not answered. */
  private boolean isHoldingUp(RangePlan.@Nullable Range range) {
    return range != null
        && !range.isAnswered()
        && state.phase() instanceof Ahead(boolean stalled)
        && !stalled
        && state.crew().isAnyFree();
  }

  private long unanswered() {
    return state.crew().patienceBesideFree(settings.patience());
  }

  /** How it ended, or ends now. */
  Ending ending() {
    state.lock.lock();
    try {
      return state.phase() instanceof Closed(var ending) ? ending : new Ending(null, false);
    } finally {
      state.lock.unlock();
    }
  }

  @Override
  public void close() {
    state.close();
  }
}
