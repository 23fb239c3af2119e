package dev.corvid.node.tracker;

import dev.corvid.bittorrent.ErrorMessage;
import dev.corvid.node.release.Backoff;
import dev.corvid.node.release.Releases;
import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReports;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;

/**
 * The conversation with the tracker, for as long as the process lives. One virtual thread polls for
 * this node's slice; another one reports: a state at once, figures 10 s apart at least. Without the
 * tracker only updates stop: the releases continue.
 */
public final class NodeTrackerLink implements AutoCloseable {
  private static final Logger log = Logger.getLogger(NodeTrackerLink.class.getName());
  private static final Duration FIGURES_APART = Duration.ofSeconds(10);

  private final NodeTrackerClient client;
  private final Releases releases;
  private final RandomGenerator random;
  private final Backoff backoff;
  private final List<Thread> threads;
  private final SharedSession session;
  private volatile boolean connected;

  /**
   * @param port of BitTorrent
   */
  public NodeTrackerLink(
      NodeTrackerClient client, Releases releases, int port, RandomGenerator random) {
    this.client = client;
    this.releases = releases;
    this.session = new SharedSession(new TrackerSession(port, () -> UUID.randomUUID().toString()));
    this.random = random;
    this.backoff = new Backoff(Duration.ofMillis(400), Duration.ofSeconds(5), random);
    this.threads =
        List.of(
            Thread.ofVirtual().name("tracker-poll").unstarted(this::poll),
            Thread.ofVirtual().name("tracker-report").unstarted(this::report));
  }

  public void start() {
    threads.forEach(Thread::start);
  }

  /** Some release is in another state. */
  public void changed() {
    session.changed();
  }

  /** Whether the last exchange with the tracker succeeded. */
  public boolean isConnected() {
    return connected;
  }

  @Override
  public void close() {
    session.close();
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
    while (!session.isClosed()) {
      boolean pause = true;
      try {
        switch (pollOnce()) {
          case NEXT_PART -> pause = false; // of a slice that may have failures
          case NEXT_SLICE -> failures = 0;
          case RETRY -> failures++;
        }
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
      if (pause && failures > 0 && !session.pause(backoff.after(failures))) {
        return;
      }
    }
  }

  /** What follows an exchange, the last one after a pause. */
  private enum Following {
    NEXT_PART,
    NEXT_SLICE,
    RETRY
  }

  private Following pollOnce() throws IOException, InterruptedException {
    SharedSession.Asked asked = session.ask(releases.reports(), client::poll);
    NodePoll poll = asked.poll();
    Consumer<TrackerSession> outcome = TrackerSession::pollFailed;
    try {
      NodeAssignments answer = client.assignments(asked.answer());
      boolean obeyed =
          !TrackerSession.isNews(poll, answer) || releases.obey(answer, poll.from() == null);
      outcome = shared -> answered(shared, poll, answer, obeyed);
      if (answer.next() != null) {
        return Following.NEXT_PART;
      }
      return obeyed ? Following.NEXT_SLICE : Following.RETRY;
    } catch (StaleSessionException e) {
      outcome = TrackerSession::pollRefused;
      return poll.full() ? Following.RETRY : Following.NEXT_SLICE;
    } finally {
      session.conclude(outcome);
    }
  }

  private void answered(
      TrackerSession shared, NodePoll poll, NodeAssignments answer, boolean obeyed) {
    shared.answered(answer, obeyed);
    if (poll.full() || client.clocks().turned()) {
      session.changed();
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
        boolean withFigures = session.awaitChanges(figuresDue, releases::isMoving);
        if (session.isClosed()) {
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
        log.log(Level.FINE, e, () -> "reports are kept for later: " + ErrorMessage.of(e));
      } catch (RuntimeException e) {
        failures++;
        defect(e, failures);
      } catch (InterruptedException e) {
        return;
      }
      if (failures > 0 && !session.pause(backoff.after(failures))) {
        return;
      }
    }
  }

  private void sendReports(boolean withFigures) throws IOException, InterruptedException {
    Optional<NodeReports> changes = session.report(releases.reports(), withFigures);
    if (changes.isEmpty()) {
      return;
    }
    Consumer<TrackerSession> outcome = TrackerSession::reportFailed;
    try {
      client.report(changes.get());
      outcome = TrackerSession::reported;
    } catch (StaleSessionException e) {
      outcome =
          shared -> {
            if (shared.reportRefused()) {
              session.giveUpPoll();
            }
          };
    } finally {
      session.conclude(outcome);
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
    session.conclude(
        shared -> {
          shared.restart();
          session.giveUpPoll();
        });
  }

  private void lost(IOException cause) {
    Level level = connected && !session.isClosed() ? Level.WARNING : Level.FINE;
    log.log(level, () -> "the tracker is away; releases continue without it: " + cause);
    connected = false;
  }
}
