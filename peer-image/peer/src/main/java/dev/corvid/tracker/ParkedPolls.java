package dev.corvid.tracker;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The nodes' polls that wait, one of a node at a time, each on a condition of its own. All of it is
 * used under the lock.
 */
final class ParkedPolls {
  private final Map<String, Condition> waiting = new HashMap<>();
  private final Lock lock;
  private final LongSupplier nanoTime;

  ParkedPolls(Lock lock, LongSupplier nanoTime) {
    this.lock = lock;
    this.nanoTime = nanoTime;
  }

  /**
   * Waits until there is an answer, the deadline passes, or a later poll of the node replaces this
   * one.
   *
   * @param deadline as {@code nanoTime}
   * @param answer asked whenever the node is woken
   */
  void await(String node, long deadline, BooleanSupplier answer) throws InterruptedException {
    Condition mine = lock.newCondition();
    Condition earlier = waiting.put(node, mine);
    if (earlier != null) {
      earlier.signal();
    }
    try {
      long left = deadline - nanoTime.getAsLong();
      while (left > 0 && waiting.get(node) == mine && !answer.getAsBoolean()) {
        mine.await(left, TimeUnit.NANOSECONDS);
        left = deadline - nanoTime.getAsLong();
      }
    } finally {
      waiting.remove(node, mine);
    }
  }

  void wake(String node) {
    Condition mine = waiting.get(node);
    if (mine != null) {
      mine.signal();
    }
  }

  void wakeAll() {
    waiting.values().forEach(Condition::signal);
  }

  int count() {
    return waiting.size();
  }
}
