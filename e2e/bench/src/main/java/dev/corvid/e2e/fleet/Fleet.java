package dev.corvid.e2e.fleet;

import dev.corvid.e2e.fleet.Temper.Kind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/** All peers of the simulated nodes, in this one process. Thread-safe. */
final class Fleet implements FleetContext, AutoCloseable {
  /** Enough for many reports on the way, short enough for a test. */
  private static final Duration FASTEST = Duration.ofSeconds(2);

  private static final Duration SPREAD = Duration.ofSeconds(3);

  private final InetSocketAddress tracker;
  private final Random random;
  private final Gate gate = new Gate();
  private final Deliveries deliveries = new Deliveries();
  private final LongAdder bytes = new LongAdder();
  private final Set<Goal> goals = ConcurrentHashMap.newKeySet();
  private final List<SimulatedPeer> peers = new ArrayList<>();

  Fleet(InetSocketAddress tracker, long seed) {
    this.tracker = tracker;
    this.random = new Random(seed);
  }

  /** Starts a peer on each of these nodes. */
  void start(List<Kubelets.Registered> nodes) {
    for (var node : nodes) {
      var temper = temper(Kind.WELL);
      peers.add(new SimulatedPeer(node.node(), node.token(), temper, this));
    }
    peers.forEach(SimulatedPeer::start);
  }

  /** Every tenth node has a trouble, each kind as often as the others; returns those that do. */
  List<SimulatedPeer> trouble() {
    var kinds = List.of(Kind.FAILING, Kind.FLAPPING, Kind.SLOW);
    var troubled = new ArrayList<SimulatedPeer>();
    for (int i = 0; i < peers.size(); i += 10) {
      peers.get(i).become(temper(kinds.get(i / 10 % kinds.size())));
      troubled.add(peers.get(i));
    }
    return troubled;
  }

  void heal() {
    peers.forEach(peer -> peer.become(temper(Kind.WELL)));
  }

  /** Every peer is another process, and no one comes back before the gate opens. */
  void breakOff() {
    gate.shut();
    peers.forEach(SimulatedPeer::restart);
  }

  /** All come back at once. */
  void comeBack() {
    gate.open();
  }

  /** When the last peer reached it; those that had before count, too. */
  Instant await(String what, Predicate<SimulatedPeer> met, Duration atMost)
      throws InterruptedException {
    return await(what, peers, met, atMost);
  }

  Instant await(String what, List<SimulatedPeer> of, Predicate<SimulatedPeer> met, Duration atMost)
      throws InterruptedException {
    var goal = new Goal(what, of, met);
    goals.add(goal);
    try {
      of.forEach(goal::look);
      return goal.await(atMost);
    } finally {
      goals.remove(goal);
    }
  }

  List<SimulatedPeer> peers() {
    return List.copyOf(peers);
  }

  /** What peers and tracker have said to each other, headers included. */
  long bytes() {
    return bytes.sum();
  }

  @Override
  public TrackerConnection connection(String token) {
    return new TrackerConnection(tracker, null, token, bytes);
  }

  @Override
  public TrackerConnection connectionFrom(InetAddress address, String token) {
    return new TrackerConnection(tracker, address, token, bytes);
  }

  @Override
  public Gate gate() {
    return gate;
  }

  @Override
  public Deliveries deliveries() {
    return deliveries;
  }

  @Override
  public void changed(SimulatedPeer peer) {
    goals.forEach(goal -> goal.look(peer));
  }

  @Override
  public long random(long bound) {
    return (long) (random.nextDouble() * bound);
  }

  private Temper temper(Kind kind) {
    return Temper.of(kind, FASTEST.plusNanos(random(SPREAD.toNanos())));
  }

  @Override
  public void close() {
    gate.open();
    peers.forEach(SimulatedPeer::close);
  }
}
