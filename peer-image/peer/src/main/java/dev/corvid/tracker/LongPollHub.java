package dev.corvid.tracker;

import dev.corvid.tracker.fleet.FleetState;
import dev.corvid.trust.Caller;
import dev.corvid.wire.Endpoint;
import dev.corvid.wire.WireException;
import dev.corvid.wire.node.Neighbours;
import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReports;
import dev.corvid.wire.operator.Fleet;
import dev.corvid.wire.operator.FleetPoll;
import dev.corvid.wire.operator.Push;
import dev.corvid.wire.seeder.SeederLimits;
import dev.corvid.wire.seeder.SeederReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Parks long polls: the fleet's state behind one lock. A node's poll waits on a condition of its
 * own, which only a change of its assignments signals. Callers are virtual threads.
 */
final class LongPollHub implements AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition fleetChanged = lock.newCondition();
  private final ParkedPolls parked;
  private final FleetState state;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final Duration window;
  private long pushes;
  private boolean closed;

  /**
   * @param window the longest that a poll waits; each waits four fifths of it at least
   */
  LongPollHub(FleetState state, LongSupplier nanoTime, RandomGenerator random, Duration window) {
    this.state = state;
    this.nanoTime = nanoTime;
    this.random = random;
    this.window = window;
    this.parked = new ParkedPolls(lock, nanoTime);
  }

  String instance() {
    return state.instance();
  }

  /** How many pushes were taken. */
  long pushes() {
    lock.lock();
    try {
      return pushes;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes what the operator pushed, and wakes the nodes that it concerns.
   *
   * @return how many pushes were taken with it
   */
  long push(Push push) throws RequestRejected {
    lock.lock();
    try {
      if (!instance().equals(push.instance()) || pushes != push.after()) {
        throw staleSession();
      }
      boolean wasComplete = state.isComplete();
      Set<String> changed = state.push(push);
      pushes++;
      if (state.isComplete() && !wasComplete) {
        parked.wakeAll();
      } else {
        changed.forEach(parked::wake);
      }
      stir();
      return pushes;
    } catch (WireException e) {
      throw new RequestRejected(RejectionKind.MALFORMED, e.getMessage());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the node's assignments differ from those it knows; a full poll begins a session.
   *
   * @param address that the connection comes from
   */
  NodeAssignments poll(String node, String address, NodePoll poll)
      throws RequestRejected, InterruptedException {
    lock.lock();
    try {
      if (!poll.full() && !state.isIn(node, poll.session())) {
        throw staleSession();
      }
      hear(node, new Endpoint(address, poll.port()));
      if (poll.full()) {
        state.begin(node, poll.session());
        take(node, true, poll.reports());
      }
      if (!poll.full() && poll.from() != null && state.isComplete()) {
        return state.assignments(node, poll.from());
      }
      long known = poll.full() ? 0 : poll.sequence();
      parked.await(node, deadline(), () -> closed || hasNews(node, known));
      if (closed) {
        throw new RequestRejected(RejectionKind.CLOSING, "the tracker is closing; ask again");
      }
      if (!state.isIn(node, poll.session())) {
        throw staleSession(); // another one began meanwhile
      }
      if (!state.isComplete()) {
        throw new RequestRejected(
            RejectionKind.INCOMPLETE,
            "the operator has not pushed its whole state to the" + " tracker yet");
      }
      boolean same = state.assignmentsSequence(node) == known;
      return same
          ? new NodeAssignments(instance(), known, "", List.of(), null)
          : state.assignments(node, "");
    } finally {
      lock.unlock();
    }
  }

  /** Takes a node's reports, in their order. */
  void report(String node, NodeReports reports) throws RequestRejected {
    lock.lock();
    try {
      if (!state.takes(node, reports.turn())) {
        throw staleSession();
      }
      hear(node, null);
      take(node, false, reports.reports());
    } finally {
      lock.unlock();
    }
  }

  /** Rejects a caller that is not the pod that the operator named for that release: its uid. */
  String requireSeeder(String releaseUid, Caller caller) throws RequestRejected {
    lock.lock();
    try {
      Optional<String> named = state.seederPodUid(releaseUid);
      if (named.isEmpty() || !named.get().equals(caller.podUid())) {
        throw new RequestRejected(
            RejectionKind.SEEDER, "pod " + caller.podUid() + " is not the seeder of " + releaseUid);
      }
      return named.get();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a seeder's report, and sends its address to the nodes once the operator has accepted its
   * publication.
   *
   * @param address that the connection comes from
   * @return how fast it may read and send; null for no limit
   */
  @Nullable SeederLimits report(
      String releaseUid, Caller caller, String address, SeederReport report)
      throws RequestRejected {
    lock.lock();
    try {
      String podUid = requireSeeder(releaseUid, caller);
      var heard = new Fleet.Seeder(podUid, address, report);
      state.report(releaseUid, heard, nanoTime.getAsLong()).forEach(parked::wake);
      stir();
      return state.seederLimits(releaseUid).orElse(null);
    } finally {
      lock.unlock();
    }
  }

  /** A fresh sample of a swarm for a peer whose grant names it. */
  Neighbours neighboursForPeer(String swarm, String node) throws RequestRejected {
    lock.lock();
    try {
      return state
          .neighboursOf(node, swarm)
          .orElseThrow(
              () ->
                  new RequestRejected(
                      RejectionKind.CONTENT, "node " + node + " has no grant for swarm " + swarm));
    } finally {
      lock.unlock();
    }
  }

  /** A fresh sample of a swarm for the pod whose content the operator accepted in it. */
  Neighbours neighboursForSeeder(String swarm, Caller caller) throws RequestRejected {
    lock.lock();
    try {
      return state
          .neighboursOfSeeder(caller.podUid(), swarm)
          .orElseThrow(
              () ->
                  new RequestRejected(
                      RejectionKind.SEEDER,
                      "the operator has accepted nothing that the pod %2$s seeds in swarm %1$s"
                          .formatted(swarm, caller.podUid())));
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there are changes that are due to the operator. */
  Fleet fleet(FleetPoll poll) throws InterruptedException {
    lock.lock();
    try {
      boolean ours = instance().equals(poll.instance());
      long deadline = deadline();
      while (true) {
        long now = nanoTime.getAsLong();
        state.advance(now);
        boolean known = ours && poll.sequence() <= state.feed().sequence();
        long due = known ? state.feed().due(poll.sequence(), now) : 0;
        if (due <= 0 || now - deadline >= 0 || closed) {
          return state.fleet(poll);
        }
        long wait = Math.min(Math.min(due, state.nextChange(now)), deadline - now);
        fleetChanged.await(wait, TimeUnit.NANOSECONDS);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Reads one figure of the state. */
  double figure(java.util.function.ToIntFunction<FleetState> figure) {
    lock.lock();
    try {
      return figure.applyAsInt(state);
    } finally {
      lock.unlock();
    }
  }

  int parked() {
    lock.lock();
    try {
      return parked.count();
    } finally {
      lock.unlock();
    }
  }

  /** Completes all parked polls, and parks no more. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      parked.wakeAll();
      fleetChanged.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void hear(String node, @Nullable Endpoint endpoint) {
    long now = nanoTime.getAsLong();
    state.advance(now);
    state.heard(node, endpoint, now);
    stir();
  }

  private void take(String node, boolean full, List<NodeReport> reports) throws RequestRejected {
    try {
      state.report(node, full, reports, nanoTime.getAsLong());
    } catch (WireException e) {
      throw new RequestRejected(RejectionKind.TOO_LARGE, e.getMessage());
    } finally {
      stir();
    }
  }

  private boolean hasNews(String node, long known) {
    return state.isComplete() && state.assignmentsSequence(node) != known;
  }

  private long deadline() {
    long longest = window.toNanos();
    return nanoTime.getAsLong() + longest - random.nextLong(Math.max(1, longest / 5));
  }

  private void stir() {
    if (state.feed().stirred()) {
      fleetChanged.signalAll();
    }
  }

  private RequestRejected staleSession() {
    return new RequestRejected(
        RejectionKind.TURN,
        "tracker instance " + instance() + " does not continue from there; send it everything");
  }
}
