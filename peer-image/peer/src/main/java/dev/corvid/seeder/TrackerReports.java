package dev.corvid.seeder;

import dev.corvid.bittorrent.ErrorMessage;
import dev.corvid.seeder.fetch.RetryBackoff;
import dev.corvid.wire.seeder.SeederLimits;
import dev.corvid.wire.seeder.SeederReport;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;

/**
 * Tells the tracker where the seeder is: at once when that changes, else every second. Each report
 * is the whole, so a tracker that restarted, or had not heard of this pod yet, needs no more than
 * the next one. Each answer has the limits of then, which an edit of the release changes within the
 * 2 s that are promised.
 */
final class TrackerReports implements AutoCloseable {
  private static final Logger log = Logger.getLogger(TrackerReports.class.getName());
  private static final Duration HEARTBEAT = Duration.ofSeconds(1);
  private static final Duration FIRST_RETRY = Duration.ofMillis(250);

  /** Not far up: a tracker that comes back wants to know its seeders soon. */
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(4);

  private final SeederTrackerClient tracker;
  private final String releaseUid;
  private final Supplier<SeederReport> report;
  private final Consumer<SeederLimits> limits;
  private final Semaphore changed = new Semaphore(0);
  private final RetryBackoff backoff;
  private final Thread thread;
  private String trouble = "";

  TrackerReports(
      SeederTrackerClient tracker,
      String releaseUid,
      Supplier<SeederReport> report,
      Consumer<SeederLimits> limits,
      RandomGenerator random) {
    this.tracker = tracker;
    this.releaseUid = releaseUid;
    this.report = report;
    this.limits = limits;
    this.backoff = new RetryBackoff(FIRST_RETRY, LONGEST_RETRY, random);
    this.thread = Thread.ofVirtual().name("tracker-reports").start(this::run);
  }

  /** The state is another one: say so now. */
  void changed() {
    changed.release();
  }

  private void run() {
    try {
      while (true) {
        var pause = send() ? HEARTBEAT : backoff.next();
        changed.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
        changed.drainPermits();
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private boolean send() throws InterruptedException {
    try {
      limits.accept(tracker.report(releaseUid, report.get()));
      heard();
      return true;
    } catch (IOException e) {
      failed("the tracker cannot be told: " + ErrorMessage.of(e), e);
      return false;
    }
  }

  private void heard() {
    backoff.reset();
    if (!trouble.isEmpty()) {
      log.info("the tracker hears the seeder again");
      trouble = "";
    }
  }

  /** Once for each kind of trouble, not at each try. */
  private void failed(String message, IOException e) {
    if (!trouble.equals(message)) {
      log.log(Level.WARNING, message, e);
      trouble = message;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
