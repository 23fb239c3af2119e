package dev.corvid.node.tracker;

import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReports;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The session of a {@link NodeTrackerLink}, for its two threads: one polls, one reports. Both wait
 * here for what concerns them. Thread-safe.
 */
final class SharedSession {
  private final TrackerSession session;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wake = lock.newCondition();
  private @Nullable CompletableFuture<?> underWay; // the poll's answer; null before the first
  private boolean hasChanges;
  private volatile boolean closed;

  SharedSession(TrackerSession session) {
    this.session = session;
  }

  /** A poll and its answer to come. */
  record Asked(NodePoll poll, CompletableFuture<HttpResponse<byte[]>> answer) {}

  /** Sends a poll. */
  interface Sender {
    CompletableFuture<HttpResponse<byte[]>> send(NodePoll poll) throws IOException;
  }

  /** Some release is in another state. */
  void changed() {
    lock.lock();
    try {
      hasChanges = true;
      wake.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** Nobody waits any more, nor is a poll under way. */
  void close() {
    lock.lock();
    try {
      closed = true;
      wake.signalAll();
      giveUpPoll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends the next poll. Its outcome is for {@link #conclude}.
   *
   * @param all what the node reports now
   * @throws IOException if it cannot be sent; it has failed then
   */
  Asked ask(List<NodeReport> all, Sender sender) throws IOException {
    lock.lock();
    try {
      NodePoll poll = session.poll(all);
      underWay = null;
      try {
        CompletableFuture<HttpResponse<byte[]>> answer = sender.send(poll);
        underWay = answer;
        return new Asked(poll, answer);
      } finally {
        if (underWay == null) {
          session.pollFailed();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** The next report. Its outcome is for {@link #conclude}. */
  Optional<NodeReports> report(List<NodeReport> all, boolean withFigures) {
    lock.lock();
    try {
      return session.report(all, withFigures);
    } finally {
      lock.unlock();
    }
  }

  /** What came of a poll or a report. */
  void conclude(Consumer<TrackerSession> outcome) {
    lock.lock();
    try {
      outcome.accept(session);
    } finally {
      lock.unlock();
    }
  }

  /** Gives up the poll under way: the one that follows it reports everything again, at once. */
  void giveUpPoll() {
    lock.lock();
    try {
      if (underWay != null) {
        underWay.cancel(true);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until a state changed, or figures did and are due; true when the figures are.
   *
   * @param figuresDue as {@link System#nanoTime}
   * @param isMoving whether figures change
   */
  boolean awaitChanges(long figuresDue, BooleanSupplier isMoving) throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        long left = figuresDue - System.nanoTime();
        if (!session.isOpen()) {
          wake.await();
        } else if (hasChanges) {
          hasChanges = false;
          return left <= 0;
        } else if (!isMoving.getAsBoolean()) {
          wake.await();
        } else if (left <= 0) {
          return true;
        } else {
          wake.await(left, TimeUnit.NANOSECONDS);
        }
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Waits before the next attempt; false when the link is closed. */
  boolean pause(Duration pause) {
    lock.lock();
    try {
      long left = pause.toNanos();
      while (!closed && left > 0) {
        left = wake.awaitNanos(left);
      }
      return !closed;
    } catch (InterruptedException e) {
      return false;
    } finally {
      lock.unlock();
    }
  }
}
