package dev.corvid.e2e.source;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What the server was asked and what it sent; tests wait on it. */
final class Journal {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();
  private final List<Received> requests = new ArrayList<>();
  private final Map<String, Long> sent = new HashMap<>();
  private final Map<String, Instant> firstByte = new HashMap<>();
  private final PrintStream log;

  /**
   * @param log gets a line when the first byte of an answer's content goes out
   */
  Journal(PrintStream log) {
    this.log = log;
  }

  void received(Received request) {
    lock.lock();
    try {
      requests.add(request);
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** An answer's first bytes go out. */
  void begins(String path, long from) {
    var now = Instant.now();
    lock.lock();
    try {
      firstByte.putIfAbsent(path, now);
    } finally {
      lock.unlock();
    }
    log.println(now + " sends " + path + " from byte " + from);
  }

  void sent(String path, long bytes) {
    lock.lock();
    try {
      sent.merge(path, bytes, Long::sum);
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  List<Received> requests(String path) {
    lock.lock();
    try {
      return requests.stream().filter(request -> request.path().equals(path)).toList();
    } finally {
      lock.unlock();
    }
  }

  long bytesSent(String path) {
    lock.lock();
    try {
      return sent.getOrDefault(path, 0L);
    } finally {
      lock.unlock();
    }
  }

  Instant firstByte(String path) {
    lock.lock();
    try {
      return firstByte.get(path);
    } finally {
      lock.unlock();
    }
  }

  void awaitSent(String path, long bytes, Duration limit)
      throws InterruptedException, TimeoutException {
    lock.lock();
    try {
      long left = limit.toNanos();
      while (sent.getOrDefault(path, 0L) < bytes) {
        if (left <= 0) {
          throw new TimeoutException(
              "after "
                  + limit.toSeconds()
                  + " s "
                  + sent.getOrDefault(path, 0L)
                  + " of "
                  + bytes
                  + " bytes of "
                  + path
                  + " were fetched");
        }
        left = grown.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
