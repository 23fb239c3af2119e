package dev.corvid.operator.tracker;

import dev.corvid.time.Uptime;
import dev.corvid.wire.operator.Fleet;
import dev.corvid.wire.operator.Push;
import dev.corvid.wire.operator.Pushed;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The conversation with the tracker: one virtual thread polls for the fleet, one pushes what
 * changed. A lost tracker is asked again with growing pauses, or at once when {@link #retryNow}
 * says that it may be back.
 */
public final class TrackerSync implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TrackerSync.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final TrackerApiClient client;
  private final FleetCache fleetCache;
  private final TrackerOutbox outbox;
  private final Consumer<Set<String>> changed;
  private final Runnable turned;
  private final Supplier<Uptime> clock;
  private final RandomGenerator random;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition mayBeBack = lock.newCondition();
  private @Nullable Thread poller;
  private @Nullable Thread pusher;

  /**
   * @param changed told the releases that an answer concerns
   * @param turned told when the tracker does not answer any more, and when it does again
   */
  public TrackerSync(
      TrackerApiClient client,
      FleetCache fleetCache,
      TrackerOutbox outbox,
      Consumer<Set<String>> changed,
      Runnable turned,
      Supplier<Uptime> clock,
      RandomGenerator random) {
    this.client = client;
    this.fleetCache = fleetCache;
    this.outbox = outbox;
    this.changed = changed;
    this.turned = turned;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Begins to poll and to push.
   *
   * @param releaseUids that exist: only when each was decided is a push complete
   */
  public void start(Set<String> releaseUids) {
    outbox.open(releaseUids);
    poller = Thread.ofVirtual().name("tracker-poll").start(this::poll);
    pusher = Thread.ofVirtual().name("tracker-push").start(this::push);
  }

  /** The tracker is gone: what is awaited from it is awaited in vain. */
  public void abandon() {
    client.abandon();
  }

  /** The tracker may be back. */
  public void retryNow() {
    lock.lock();
    try {
      mayBeBack.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void poll() {
    var cursor = new FleetCursor();
    int failures = 0;
    try {
      while (true) {
        Uptime asked = clock.get();
        try {
          Fleet fleet = client.fleet(cursor.next());
          failures = 0;
          answers();
          Set<String> touched = fleetCache.merge(fleet);
          cursor.read(fleet);
          outbox.reached(fleet.instance());
          changed.accept(touched);
        } catch (AnswerTooLargeException e) {
          LOG.warn("{}; it is asked for smaller ones", text(e));
          if (!cursor.refused()) {
            silentSince(asked);
            pause(++failures);
          }
        } catch (IOException e) {
          if (failures++ == 0) {
            LOG.warn("The tracker cannot be reached, transfers continue without it: {}", text(e));
          }
          silentSince(asked);
          pause(failures);
        } catch (RuntimeException e) {
          LOG.error("The tracker's answer could not be processed", e);
          pause(++failures);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("The poll of the tracker ends");
    }
  }

  private void push() {
    int failures = 0;
    try {
      while (true) {
        try {
          failures = push(outbox.take(), failures);
        } catch (RuntimeException e) {
          LOG.error("A push to the tracker ended in a defect, it is repeated", e);
          pause(++failures);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("The pushes to the tracker end");
    }
  }

  /**
   * One push, and the pause after it if it failed.
   *
   * @param failures so many before it in a row
   * @return so many with it
   */
  private int push(Push push, int failures) throws InterruptedException {
    Uptime asked = clock.get();
    try {
      Pushed pushed = client.push(push);
      answers();
      if (pushed.taken()) {
        outbox.sent(pushed);
      } else {
        outbox.refused(push, pushed);
      }
      return 0;
    } catch (PushRefusedException e) {
      if (outbox.unacceptable(push, text(e))) {
        return failures;
      }
    } catch (IOException e) {
      outbox.failed(push);
      if (failures == 0) {
        LOG.warn("A push did not reach the tracker, it is repeated: {}", text(e));
      }
      silentSince(asked);
    } catch (RuntimeException e) {
      outbox.failed(push);
      throw e;
    }
    pause(failures + 1);
    return failures + 1;
  }

  private void answers() {
    if (fleetCache.connected()) {
      tell();
    }
  }

  /** A tracker that hangs is lost since it was asked, not since that was given up. */
  private void silentSince(Uptime asked) {
    if (fleetCache.disconnected(asked)) {
      tell();
    }
  }

  /** What listeners make of it must end neither polls nor pushes. */
  private void tell() {
    try {
      turned.run();
    } catch (RuntimeException e) {
      LOG.error("Releases could not be notified of the tracker's availability", e);
    }
  }

  private void pause(int failures) throws InterruptedException {
    Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(failures - 1, 6));
    Duration longest = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    Duration pause = longest.dividedBy(2).plusMillis(random.nextLong(longest.toMillis()));
    lock.lock();
    try {
      // Spurious and early wake-ups only mean an earlier attempt.
      boolean signalled = mayBeBack.await(pause.toMillis(), TimeUnit.MILLISECONDS);
      LOG.trace("Asking the tracker again, {}", signalled ? "told so" : "after a pause");
    } finally {
      lock.unlock();
    }
  }

  private static String text(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  @Override
  public void close() {
    if (poller != null) {
      poller.interrupt();
    }
    if (pusher != null) {
      pusher.interrupt();
    }
    client.close();
  }
}
