package dev.corvid.node;

import dev.corvid.wire.NodeAssignments;
import dev.corvid.wire.NodePoll;
import dev.corvid.wire.NodeReport;
import dev.corvid.wire.NodeReports;
import dev.corvid.wire.SessionSequence;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;

/**
 * The conversation with the tracker, for as long as the process lives. One virtual thread polls for
 * this node's slice; another one reports: a state at once, figures 10 s apart at least. Without the
 * tracker only updates stop: the releases continue.
 */
final class NodeTrackerLink implements AutoCloseable {
  private static final Logger log = Logger.getLogger(NodeTrackerLink.class.getName());
  private static final Duration FIGURES_APART = Duration.ofSeconds(10);

  private final NodeTrackerClient client;
  private final Releases releases;
  private final RandomGenerator random;
  private final Backoff backoff;
  private final int port;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wake = lock.newCondition();
  private final ReportDelta delta = new ReportDelta();
  private final List<Thread> threads;
  private CompletableFuture<HttpResponse<byte[]>> poll;
  private SessionSequence
      lastSent; // of the last message; null when everything is to be reported again
  private long sequence;
  private long begun; // the sequence of the slice whose parts come in
  private String from; // where its last part ended; null between slices
  private boolean hasChanges;
  private boolean closed;
  private volatile boolean connected;

  /**
   * @param port of BitTorrent
   */
  NodeTrackerLink(NodeTrackerClient client, Releases releases, int port, RandomGenerator random) {
    this.client = client;
    this.releases = releases;
    this.port = port;
    this.random = random;
    this.backoff = new Backoff(Duration.ofMillis(400), Duration.ofSeconds(5), random);
    this.threads =
        List.of(
            Thread.ofVirtual().name("tracker-poll").unstarted(this::poll),
            Thread.ofVirtual().name("tracker-report").unstarted(this::report));
  }

  void start() {
    threads.forEach(Thread::start);
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

  /** Whether the last exchange with the tracker succeeded. */
  boolean isConnected() {
    return connected;
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      wake.signalAll();
      if (poll != null) {
        poll.cancel(true);
      }
    } finally {
      lock.unlock();
    }
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void poll() {
    int failures = 0;
    while (!isClosed()) {
      try {
        failures = pollOnce() ? 0 : failures + 1;
      } catch (CancellationException e) {
        failures = 0;
      } catch (IOException e) {
        failures++;
        lost(e);
      } catch (InterruptedException e) {
        return;
      }
      if (failures > 0 && !pause(failures)) {
        return;
      }
    }
  }

  /** One exchange; false when it is to be repeated after a pause. */
  private boolean pollOnce() throws IOException, InterruptedException {
    List<NodeReport> all = releases.reports();
    CompletableFuture<HttpResponse<byte[]>> asked;
    boolean full;
    String session;
    lock.lock();
    try {
      full = lastSent == null;
      session = full ? UUID.randomUUID().toString() : lastSent.session();
      from = full ? null : from;
      asked =
          client.poll(new NodePoll(session, sequence, port, full, full ? all : List.of(), from));
      poll = asked;
    } finally {
      lock.unlock();
    }
    NodeAssignments assignments;
    try {
      assignments = client.assignments(asked);
    } catch (StaleSessionException e) {
      return endSession(session);
    }
    boolean begins = from == null;
    boolean isNews = full || !begins || assignments.sequence() != sequence;
    boolean obeyed = !isNews || releases.obey(assignments, begins);
    begun = begins ? assignments.sequence() : begun;
    lock.lock();
    try {
      if (full) {
        lastSent = SessionSequence.first(session);
        delta.reset(all);
      }
      from = obeyed ? assignments.next() : null;
      // What changed since the first part arrived has another sequence, and is asked for next.
      sequence = !obeyed ? 0 : from == null ? begun : sequence;
      if (full || client.clocks().turned()) {
        hasChanges = true;
        wake.signalAll();
      }
    } finally {
      lock.unlock();
    }
    if (!connected) {
      log.info(() -> "connected to tracker instance " + assignments.instance());
    }
    connected = true;
    return obeyed;
  }

  private void report() {
    int failures = 0;
    long figuresDue = System.nanoTime();
    while (true) {
      try {
        boolean withFigures = awaitChanges(figuresDue);
        if (isClosed()) {
          return;
        }
        if (withFigures) {
          figuresDue = System.nanoTime() + nextFigures();
        }
        sendReports(withFigures);
        failures = 0;
      } catch (IOException e) {
        failures++;
        changed();
        log.log(Level.FINE, e, () -> "reports are kept for later: " + e.getMessage());
        if (!pause(failures)) {
          return;
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Waits until a state changed, or figures did and are due; true when the figures are. */
  private boolean awaitChanges(long figuresDue) throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        long left = figuresDue - System.nanoTime();
        if (lastSent == null) {
          wake.await();
        } else if (hasChanges) {
          hasChanges = false;
          return left <= 0;
        } else if (!releases.isMoving()) {
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

  private void sendReports(boolean withFigures) throws IOException, InterruptedException {
    List<NodeReport> all = releases.reports();
    SessionSequence mine;
    List<NodeReport> changes;
    lock.lock();
    try {
      changes = delta.changes(all, withFigures);
      if (lastSent == null || changes.isEmpty()) {
        return;
      }
      lastSent = lastSent.next();
      mine = lastSent;
    } finally {
      lock.unlock();
    }
    try {
      client.report(new NodeReports(mine, changes));
    } catch (StaleSessionException e) {
      endSession(mine.session());
      return;
    }
    lock.lock();
    try {
      if (mine.equals(lastSent)) {
        delta.reported(changes);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * The tracker does not know that session: everything is reported again, at once.
   *
   * @return false when there is another one already, or none
   */
  private boolean endSession(String session) {
    lock.lock();
    try {
      boolean current = lastSent != null && lastSent.session().equals(session);
      if (current) {
        lastSent = null;
        from = null;
        sequence = 0;
        poll.cancel(true);
      }
      return current;
    } finally {
      lock.unlock();
    }
  }

  private void lost(IOException cause) {
    Level level = connected && !isClosed() ? Level.WARNING : Level.FINE;
    log.log(level, () -> "the tracker is away; releases go on without it: " + cause);
    connected = false;
  }

  /** Waits before the next attempt; false when the link is closed. */
  private boolean pause(int failures) {
    lock.lock();
    try {
      long left = backoff.after(failures).toNanos();
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

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private long nextFigures() {
    return FIGURES_APART.toNanos() + random.nextLong(FIGURES_APART.toNanos() / 4);
  }
}
