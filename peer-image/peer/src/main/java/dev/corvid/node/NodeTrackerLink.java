package dev.corvid.node;

import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReports;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wake = lock.newCondition();
  private final List<Thread> threads;
  private final TrackerSession session;
  private CompletableFuture<HttpResponse<byte[]>> underWay;
  private boolean hasChanges;
  private volatile boolean closed;
  private volatile boolean connected;

  /**
   * @param port of BitTorrent
   */
  NodeTrackerLink(NodeTrackerClient client, Releases releases, int port, RandomGenerator random) {
    this.client = client;
    this.releases = releases;
    this.session = new TrackerSession(port, () -> UUID.randomUUID().toString());
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
      giveUpPoll();
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
    while (!closed) {
      try {
        failures = pollOnce() ? 0 : failures + 1;
      } catch (CancellationException e) {
        failures = 0;
      } catch (IOException e) {
        failures++;
        lost(e);
      } catch (RuntimeException e) {
        failures++;
        connected = false;
        defect(e, failures);
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
    Asked asked = ask(releases.reports());
    NodePoll poll = asked.poll();
    Runnable outcome = session::pollFailed;
    try {
      NodeAssignments answer = client.assignments(asked.answer());
      boolean obeyed =
          !TrackerSession.isNews(poll, answer) || releases.obey(answer, poll.from() == null);
      outcome = () -> answered(poll, answer, obeyed);
      return obeyed;
    } catch (StaleSessionException e) {
      outcome = session::pollRefused;
      return !poll.full();
    } finally {
      conclude(outcome);
    }
  }

  /** A poll and its answer to come. */
  private record Asked(NodePoll poll, CompletableFuture<HttpResponse<byte[]>> answer) {}

  private Asked ask(List<NodeReport> all) throws IOException {
    lock.lock();
    try {
      NodePoll poll = session.poll(all);
      underWay = null;
      try {
        underWay = client.poll(poll);
      } finally {
        if (underWay == null) {
          session.pollFailed();
        }
      }
      return new Asked(poll, underWay);
    } finally {
      lock.unlock();
    }
  }

  private void answered(NodePoll poll, NodeAssignments answer, boolean obeyed) {
    session.answered(answer, obeyed);
    if (poll.full() || client.clocks().turned()) {
      hasChanges = true;
      wake.signalAll();
    }
    if (!connected) {
      log.info(() -> "connected to tracker instance " + answer.instance());
    }
    connected = true;
  }

  private void report() {
    int failures = 0;
    long figuresDue = System.nanoTime();
    while (true) {
      try {
        boolean withFigures = awaitChanges(figuresDue);
        if (closed) {
          return;
        }
        if (withFigures) {
          long apart = FIGURES_APART.toNanos();
          figuresDue = System.nanoTime() + apart + random.nextLong(apart / 4);
        }
        sendReports(withFigures);
        failures = 0;
      } catch (IOException e) {
        failures++;
        changed();
        log.log(Level.FINE, e, () -> "reports are kept for later: " + e.getMessage());
      } catch (RuntimeException e) {
        failures++;
        defect(e, failures);
      } catch (InterruptedException e) {
        return;
      }
      if (failures > 0 && !pause(failures)) {
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
        if (!session.isOpen()) {
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
    Optional<NodeReports> changes;
    lock.lock();
    try {
      changes = session.report(all, withFigures);
    } finally {
      lock.unlock();
    }
    if (changes.isEmpty()) {
      return;
    }
    Runnable outcome = session::reportFailed;
    try {
      client.report(changes.get());
      outcome = session::reported;
    } catch (StaleSessionException e) {
      outcome =
          () -> {
            if (session.reportRefused()) {
              giveUpPoll(); // the one in its place reports everything again, at once
            }
          };
    } finally {
      conclude(outcome);
    }
  }

  private void giveUpPoll() {
    if (underWay != null) {
      underWay.cancel(true);
    }
  }

  /**
   * A fault of Corvid, such as a forbidden transition: a new session has none of its state. It is
   * logged after 1, 2, 4 … failures in a row.
   */
  private void defect(RuntimeException cause, int failures) {
    if (Integer.bitCount(failures) == 1) {
      log.log(Level.SEVERE, cause, () -> "an internal error, please report it: " + cause);
    }
    conclude(
        () -> {
          session.restart();
          giveUpPoll();
        });
  }

  private void conclude(Runnable outcome) {
    lock.lock();
    try {
      outcome.run();
    } finally {
      lock.unlock();
    }
  }

  private void lost(IOException cause) {
    Level level = connected && !closed ? Level.WARNING : Level.FINE;
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
}
