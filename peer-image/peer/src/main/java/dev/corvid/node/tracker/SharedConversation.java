package dev.corvid.node.tracker;

import dev.corvid.node.tracker.NodeTracker.PendingPoll;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReport;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The conversation of a {@link NodeTrackerLink}, for its two threads: one polls, one reports. Both
 * wait here for what concerns them. Thread-safe.
 */
final class SharedConversation {
  private final TrackerConversation conversation;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wake = lock.newCondition();
  private @Nullable PendingPoll underWay; // null before the first
  private volatile boolean closed;

  SharedConversation(TrackerConversation conversation) {
    this.conversation = conversation;
  }

  /** A poll and its answer to come. */
  record Asked(NodePoll poll, PendingPoll answer) {}

  /** Some release is in another state. */
  void changed() {
    lock.lock();
    try {
      conversation.changed();
      wake.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    return closed;
  }

  boolean isConnected() {
    return with(TrackerConversation::isConnected);
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
   * Sends the next poll. Its outcome is for {@link #with}, also if it cannot be sent.
   *
   * @param all what the node reports now
   */
  Asked ask(List<NodeReport> all, NodeTracker client) throws IOException {
    lock.lock();
    try {
      NodePoll poll = conversation.poll(all);
      underWay = null;
      PendingPoll sent = client.poll(poll);
      underWay = sent;
      return new Asked(poll, sent);
    } finally {
      lock.unlock();
    }
  }

  /** What to send next, or what came of it. */
  <T> T with(Function<TrackerConversation, T> step) {
    lock.lock();
    try {
      T result = step.apply(conversation);
      wake.signalAll();
      return result;
    } finally {
      lock.unlock();
    }
  }

  /** Gives up the poll under way: the one that follows it reports everything again. */
  void giveUpPoll() {
    lock.lock();
    try {
      if (underWay != null) {
        underWay.giveUp();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until there is something to report, and begins to.
   *
   * @param isMoving whether figures change
   * @return whether figures are due
   */
  boolean awaitReport(BooleanSupplier isMoving) throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        OptionalLong left = conversation.untilReport(isMoving.getAsBoolean());
        if (left.isEmpty()) {
          wake.await();
        } else if (left.getAsLong() > 0) {
          wake.awaitNanos(left.getAsLong());
        } else {
          return conversation.beginReport();
        }
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Waits before the next attempt; false when the link is closed. */
  boolean pause(Duration pause) throws InterruptedException {
    lock.lock();
    try {
      long left = pause.toNanos();
      while (!closed && left > 0) {
        left = wake.awaitNanos(left);
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }
}
