package dev.corvid.node.tracker;

import dev.corvid.bittorrent.ErrorMessage;
import dev.corvid.node.release.Releases;
import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReports;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;

/**
 * The threads of the conversation with the tracker, for as long as the process lives: a virtual one
 * polls for this node's slice, another one reports. {@link TrackerConversation} decides what they
 * send, and when. Without the tracker only updates stop: the releases continue.
 */
public final class NodeTrackerLink implements AutoCloseable {
  private static final Logger log = Logger.getLogger(NodeTrackerLink.class.getName());

  private final NodeTracker client;
  private final Releases releases;
  private final SharedConversation conversation;
  private final List<Thread> threads;

  /**
   * @param port of BitTorrent
   * @param nanoTime monotonic, as {@link System#nanoTime}
   */
  public NodeTrackerLink(
      NodeTracker client,
      Releases releases,
      int port,
      LongSupplier nanoTime,
      RandomGenerator random) {
    this.client = client;
    this.releases = releases;
    var session = new TrackerSession(port, () -> UUID.randomUUID().toString());
    this.conversation = new SharedConversation(new TrackerConversation(session, nanoTime, random));
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
    conversation.changed();
  }

  /** Whether a poll was answered, and none has failed on the network since. */
  public boolean isConnected() {
    return conversation.isConnected();
  }

  @Override
  public void close() {
    conversation.close();
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
    int defects = 0;
    try {
      while (!conversation.isClosed()) {
        Duration pause;
        try {
          pause = pollOnce();
          defects = 0;
        } catch (RuntimeException e) {
          pause = defect(e, ++defects, TrackerConversation::pollFailed);
        }
        conversation.pause(pause);
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  /**
   * @return the pause before the next one
   */
  private Duration pollOnce() throws InterruptedException {
    try {
      SharedConversation.Asked asked = conversation.ask(releases.reports(), client);
      NodeAssignments answer = asked.answer().await();
      NodePoll poll = asked.poll();
      boolean obeyed =
          !TrackerSession.isNews(poll, answer) || releases.obey(answer, poll.from() == null);
      return answered(poll, answer, obeyed);
    } catch (CancellationException e) {
      return conversation.with(TrackerConversation::pollGivenUp);
    } catch (StaleSessionException e) {
      return conversation.with(TrackerConversation::pollRefused);
    } catch (IOException e) {
      Level level =
          conversation.isConnected() && !conversation.isClosed() ? Level.WARNING : Level.FINE;
      log.log(level, () -> "the tracker is away; releases continue without it: " + e);
      return conversation.with(TrackerConversation::pollFailed);
    }
  }

  private Duration answered(NodePoll poll, NodeAssignments answer, boolean obeyed) {
    if (client.clockTurned()) {
      conversation.changed();
    }
    if (!conversation.isConnected()) {
      log.info(() -> "connected to tracker instance " + answer.instance());
    }
    return conversation.with(shared -> shared.answered(poll, answer, obeyed));
  }

  private void report() {
    int defects = 0;
    try {
      while (true) {
        Duration pause;
        try {
          boolean withFigures = conversation.awaitReport(releases::isMoving);
          if (conversation.isClosed()) {
            return;
          }
          pause = reportOnce(withFigures);
          defects = 0;
        } catch (RuntimeException e) {
          pause = defect(e, ++defects, TrackerConversation::reportFailed);
        }
        conversation.pause(pause);
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  /**
   * @return the pause before the next one
   */
  private Duration reportOnce(boolean withFigures) throws InterruptedException {
    List<NodeReport> all = releases.reports();
    Optional<NodeReports> changes = conversation.with(shared -> shared.report(all, withFigures));
    if (changes.isEmpty()) {
      return Duration.ZERO;
    }
    try {
      client.report(changes.get());
      conversation.with(
          shared -> {
            shared.reported();
            return shared;
          });
      return Duration.ZERO;
    } catch (StaleSessionException e) {
      return conversation.with(
          shared -> {
            if (shared.reportRefused()) {
              conversation.giveUpPoll();
            }
            return Duration.ZERO;
          });
    } catch (IOException e) {
      log.log(Level.FINE, e, () -> "reports are kept for later: " + ErrorMessage.of(e));
      return conversation.with(TrackerConversation::reportFailed);
    }
  }

  /** A fault of Corvid, such as a forbidden transition. Logged after 1, 2, 4 … in a row. */
  private Duration defect(
      RuntimeException cause, int defects, Function<TrackerConversation, Duration> failed) {
    if (Integer.bitCount(defects) == 1) {
      log.log(Level.SEVERE, cause, () -> "an internal error, please report it: " + cause);
    }
    return conversation.with(
        shared -> {
          shared.restart();
          conversation.giveUpPoll();
          return failed.apply(shared);
        });
  }
}
