package dev.corvid.bittorrent.policy;

import java.util.Arrays;

/**
 * What happens when, in simulated nanoseconds: a binary heap over plain arrays. What is due at the
 * same time happens in the order in which it was written down.
 */
final class Agenda {
  private long[] times = new long[1024];
  private long[] orders = new long[1024];
  private Runnable[] tasks = new Runnable[1024];
  private int size;
  private long order;
  private long now;

  long now() {
    return now;
  }

  void at(long time, Runnable task) {
    if (size == times.length) {
      grow();
    }
    order++;
    var hole = size++;
    while (hole > 0) {
      var parent = (hole - 1) >> 1;
      if (times[parent] <= time) {
        break;
      }
      move(parent, hole);
      hole = parent;
    }
    put(hole, time, order, task);
  }

  /** Returns whether there was anything left to do. */
  boolean next() {
    if (size == 0) {
      return false;
    }
    now = times[0];
    var task = tasks[0];
    size--;
    var time = times[size];
    var last = orders[size];
    var moved = tasks[size];
    tasks[size] = null;
    var hole = 0;
    for (var child = 1; child < size; child = 2 * hole + 1) {
      if (child + 1 < size && before(times[child + 1], orders[child + 1], child)) {
        child++;
      }
      if (!before(times[child], orders[child], time, last)) {
        break;
      }
      move(child, hole);
      hole = child;
    }
    if (size > 0) {
      put(hole, time, last, moved);
    }
    task.run();
    return true;
  }

  private boolean before(long time, long written, int other) {
    return before(time, written, times[other], orders[other]);
  }

  private static boolean before(long time, long written, long otherTime, long otherWritten) {
    return time < otherTime || (time == otherTime && written < otherWritten);
  }

  private void move(int from, int to) {
    put(to, times[from], orders[from], tasks[from]);
  }

  private void put(int at, long time, long written, Runnable task) {
    times[at] = time;
    orders[at] = written;
    tasks[at] = task;
  }

  private void grow() {
    times = Arrays.copyOf(times, size * 2);
    orders = Arrays.copyOf(orders, size * 2);
    tasks = Arrays.copyOf(tasks, size * 2);
  }
}
