package dev.corvid.e2e.fleet;

import dev.corvid.wire.Wire;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReports;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The peer of a node that does not exist. Towards the tracker it behaves as {@code
 * dev.corvid.node.tracker.NodeTrackerLink} does: one virtual thread polls, one reports states at
 * once and figures 10 s apart, both come back with jitter when the tracker is away, and a new
 * instance is told everything. Signatures are not verified: that is the nodes' work, and they have
 * their own processors for it.
 */
final class SimulatedPeer implements AutoCloseable {
  private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(400);
  private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(5);
  private static final Duration FLAP = Duration.ofSeconds(3);

  private final String node;
  private final FleetContext fleet;
  private final TrackerConnection polls;
  private final TrackerConnection reports;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wake = lock.newCondition();
  private final Map<String, Holding> holdings = new HashMap<>();
  private final TrackerSession session;
  private final List<Thread> threads;
  private Temper temper;
  private long flapAt = Long.MAX_VALUE;
  private boolean closed;

  /**
   * @param token that names the node
   */
  SimulatedPeer(String node, String token, Temper temper, FleetContext fleet) {
    this.node = node;
    this.temper = temper;
    this.fleet = fleet;
    this.polls = fleet.connection(token);
    this.reports = fleet.connection(token);
    this.session = new TrackerSession(fleet::random);
    this.threads =
        List.of(
            Thread.ofVirtual().name(node + "-poll").unstarted(this::poll),
            Thread.ofVirtual().name(node + "-report").unstarted(this::work));
  }

  void start() {
    threads.forEach(Thread::start);
  }

  /** Whether this tracker instance knows everything of it. */
  boolean isSynced() {
    return locked(session::isSynced);
  }

  boolean holds(String manifestDigest) {
    return locked(() -> holdings.values().stream().anyMatch(h -> h.holds(manifestDigest)));
  }

  boolean serves(String manifestDigest) {
    return locked(() -> holdings.values().stream().anyMatch(h -> h.serves(manifestDigest)));
  }

  boolean holdsNothing() {
    return locked(() -> holdings.values().stream().allMatch(Holding::isRemoved));
  }

  /** What is wrong with it from now on. */
  void become(Temper next) {
    locked(
        () -> {
          temper = next;
          holdings.values().forEach(holding -> holding.become(next));
          boolean flaps = next.kind() == Temper.Kind.FLAPPING;
          flapAt = flaps ? System.nanoTime() + fleet.random(FLAP.toNanos()) : Long.MAX_VALUE;
          wake.signalAll();
          return null;
        });
  }

  /** Its peer process is another one: it knows its disk, and nothing else. */
  void restart() {
    locked(
        () -> {
          holdings.values().forEach(holding -> holding.restart(System.nanoTime()));
          session.forget();
          return null;
        });
    polls.close();
    reports.close();
  }

  private interface Exchange {
    /** False when it is to be repeated after a pause. */
    boolean run() throws IOException, InterruptedException;
  }

  private void poll() {
    repeat(
        () -> {
          fleet.gate().pass();
          return pollOnce();
        });
  }

  private void work() {
    repeat(
        () -> {
          if (awaitChange()) {
            restart();
          }
          fleet.changed(this);
          report();
          return true;
        });
  }

  /** Until the peer is closed, with a pause after each failure. */
  private void repeat(Exchange exchange) {
    int failures = 0;
    while (!isClosed()) {
      try {
        failures = exchange.run() ? 0 : failures + 1;
      } catch (IOException e) {
        failures++;
      } catch (InterruptedException e) {
        return;
      }
      if (failures > 0 && !pause(failures)) {
        return;
      }
    }
  }

  private boolean pollOnce() throws IOException {
    NodePoll poll = locked(() -> session.poll(all()));
    var answer = polls.post("/v1/nodes/" + node + "/poll", poll);
    if (answer.status() == 409) {
      return locked(() -> session.end(poll.session()));
    }
    if (answer.status() != 200) {
      return false;
    }
    take(Wire.decode(answer.body(), NodeAssignments.class), poll);
    fleet.changed(this);
    return true;
  }

  private void take(NodeAssignments slice, NodePoll asked) throws IOException {
    List<Grant> grants = new ArrayList<>();
    for (NodeAssignments.Entry entry : slice.releases()) {
      grants.add(entry.grant().unverified());
    }
    long wallClock = System.currentTimeMillis();
    long now = System.nanoTime();
    lock.lock();
    try {
      for (Grant grant : grants) {
        fleet.deliveries().arrived(node, grant, wallClock);
        var holding = holdings.get(grant.releaseUid());
        if (holding == null) {
          holdings.put(grant.releaseUid(), new Holding(grant, temper, now));
        } else {
          holding.obey(grant, now);
        }
      }
      session.answered(asked, slice);
      wake.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until something is to be reported; true when the peer is to flap instead. */
  private boolean awaitChange() throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        long now = System.nanoTime();
        holdings.values().forEach(holding -> holding.advance(now));
        if (now - flapAt >= 0) {
          flapAt = now + FLAP.toNanos() / 2 + fleet.random(FLAP.toNanos());
          return true;
        }
        if (session.hasNews(all(), now)) {
          return false;
        }
        wake.await(left(now), TimeUnit.NANOSECONDS);
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  private long left(long now) {
    long left = flapAt == Long.MAX_VALUE ? Long.MAX_VALUE : flapAt - now;
    for (Holding holding : holdings.values()) {
      left = Math.min(left, holding.left(now));
      left = holding.isMoving() ? Math.min(left, session.untilFigures(now)) : left;
    }
    return left;
  }

  private void report() throws IOException {
    Optional<NodeReports> next = locked(() -> session.next(all(), System.nanoTime()));
    if (next.isEmpty()) {
      return;
    }
    var message = next.get();
    var answer = reports.post("/v1/nodes/" + node + "/reports", message);
    if (answer.status() == 409) {
      if (locked(() -> session.end(message.turn().session()))) {
        polls.close();
      }
    } else if (answer.status() / 100 != 2) {
      throw new IOException("the tracker answers " + answer.status());
    } else {
      locked(
          () -> {
            session.accepted(message);
            return null;
          });
    }
  }

  private List<NodeReport> all() {
    long now = System.nanoTime();
    return holdings.values().stream().map(holding -> holding.report(now)).toList();
  }

  /** False when the peer is closed. */
  private boolean pause(int failures) {
    long longest = Math.min(FIRST_PAUSE << Math.min(failures - 1, 4), LONGEST_PAUSE);
    lock.lock();
    try {
      long left = longest / 2 + fleet.random(longest / 2);
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
    return locked(() -> closed);
  }

  private <T> T locked(java.util.function.Supplier<T> look) {
    lock.lock();
    try {
      return look.get();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    locked(
        () -> {
          closed = true;
          wake.signalAll();
          return null;
        });
    threads.forEach(Thread::interrupt);
    polls.close();
    reports.close();
  }

  @Override
  public String toString() {
    return node + locked(() -> all().stream().map(NodeReport::state).toList());
  }
}
