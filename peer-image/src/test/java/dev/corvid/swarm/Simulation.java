package dev.corvid.swarm;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * A swarm without sockets: the real {@link Policy} of every node over fluid flows that share access
 * links fairly (max-min), with a latency for every message. Seeded, so that a run is repeated to
 * the bit. Node 0 has everything.
 */
final class Simulation {
  /**
   * @param up bytes per second of each node, the seeder first
   * @param pieces of {@code pieceBytes} each
   * @param latency nanoseconds of a message one way
   * @param buffered nanoseconds more while the sender's link is busy, as its buffers are full
   */
  record Settings(
      double[] up,
      double[] down,
      int pieces,
      int pieceBytes,
      long latency,
      long buffered,
      int slots,
      boolean superSeed,
      long seed) {
    static Settings equal(
        int peers, double rate, int pieces, int pieceBytes, long latency, long seed) {
      var rates = new double[peers + 1];
      java.util.Arrays.fill(rates, rate);
      var slots = Policy.Settings.slots(2, pieceBytes);
      return new Settings(rates, rates.clone(), pieces, pieceBytes, latency, 0, slots, true, seed);
    }

    Settings withBuffers(long nanos) {
      return new Settings(up, down, pieces, pieceBytes, latency, nanos, slots, superSeed, seed);
    }

    double bound() {
      return pieces * (double) pieceBytes / up[0];
    }
  }

  /**
   * @param finished seconds per peer, in the order of the nodes; infinite for those that did not
   *     finish
   * @param seederCopies copies that the seeder has sent
   */
  record Result(double[] finished, double seederCopies) {
    double last() {
      return java.util.Arrays.stream(finished).max().orElse(0);
    }
  }

  private static final int PARTS = 16;
  private static final long TICK = 250_000_000L;
  private static final long HOUR = 3_600_000_000_000L;

  private record Event(long at, long order, Runnable task) {}

  private static final class Flow {
    final Node from;
    final Node to;
    final int piece;
    double left;
    double rate;
    int reported;
    boolean fixed;

    Flow(Node from, Node to, int piece, double bytes) {
      this.from = from;
      this.to = to;
      this.piece = piece;
      this.left = bytes;
    }
  }

  private final class Node implements Actions {
    final int id;
    final Policy policy;
    final Map<Integer, Double> arrived = new HashMap<>();
    int missing;
    double finishedAt = Double.POSITIVE_INFINITY;
    boolean frozen;
    double freeUp;
    double freeDown;
    int flowsUp;
    int flowsDown;
    final long[] heardBy = new long[nodeCount()];

    Node(int id) {
      this.id = id;
      var have = new BitSet();
      if (id == 0) have.set(0, settings.pieces);
      missing = settings.pieces - have.cardinality();
      var policySettings =
          new Policy.Settings(
              settings.pieces, settings.slots, nodeCount(), id == 0 && settings.superSeed);
      policy =
          new Policy(
              policySettings,
              have,
              new SplittableRandom(settings.seed * 1000 + id),
              piece -> (long) (settings.pieceBytes - arrived.getOrDefault(piece, 0.0)),
              this);
    }

    @Override
    public void fetch(int peer, int piece) {
      policy.asked(peer, piece, settings.pieceBytes, now);
      tell(peer, other -> requested(other, this, piece));
    }

    @Override
    public void cancel(int peer, int piece) {
      tell(
          peer,
          other -> {
            if (flows.removeIf(
                flow -> flow.from == other && flow.to == this && flow.piece == piece)) share();
            other.policy.withdrawn(id, piece, now);
          });
    }

    @Override
    public void interested(int peer) {
      tell(peer, other -> other.policy.interested(id, now));
    }

    @Override
    public void notInterested(int peer) {
      tell(peer, other -> other.policy.notInterested(id, now));
    }

    @Override
    public void unchoke(int peer) {
      tell(peer, other -> other.policy.unchoked(id, now));
    }

    @Override
    public void choke(int peer) {
      tell(peer, other -> other.policy.choked(id, now));
    }

    @Override
    public void reveal(int peer, int piece) {
      tell(peer, other -> other.policy.have(id, piece, now));
    }

    void tell(int peer, java.util.function.Consumer<Node> message) {
      var other = nodes.get(peer);
      if (!frozen) at(arrival(peer), () -> deliver(other, message));
    }

    /** When what is sent now arrives; nothing overtakes what was sent before. */
    long arrival(int peer) {
      var busy = flows.stream().anyMatch(flow -> flow.from == this);
      var time = now + settings.latency + (busy ? settings.buffered : 0);
      heardBy[peer] = Math.max(heardBy[peer], time);
      return heardBy[peer];
    }

    private void deliver(Node other, java.util.function.Consumer<Node> message) {
      if (!other.frozen) message.accept(other);
    }
  }

  private final Settings settings;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Flow> flows = new ArrayList<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          java.util.Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
  private long now;
  private long order;
  private long flowsAt;
  private double seederSent;
  private boolean shareAgain;
  private boolean seederFreezes;
  private final BitSet spread = new BitSet();

  Simulation(Settings settings) {
    this.settings = settings;
    for (var id = 0; id < nodeCount(); id++) nodes.add(new Node(id));
  }

  /** From {@code seconds} on the node neither sends nor takes anything. */
  void freeze(int node, double seconds) {
    at(
        (long) (seconds * 1e9),
        () -> {
          nodes.get(node).frozen = true;
          flows.removeIf(flow -> flow.from.id == node || flow.to.id == node);
          share();
        });
  }

  /** The seeder freezes as soon as the peers together hold a copy. */
  void freezeSeederAfterOneCopy() {
    seederFreezes = true;
  }

  Result run() {
    for (var node : nodes) {
      for (var other : nodes)
        if (other != node) node.policy.connected(other.id, true, initially(other), 0);
      at(TICK, () -> tick(node));
    }
    while (unfinished() && now < HOUR) step();
    var finished = nodes.stream().skip(1).mapToDouble(node -> node.finishedAt).toArray();
    return new Result(finished, seederSent / settings.pieces / settings.pieceBytes);
  }

  private BitSet initially(Node node) {
    var has = new BitSet();
    if (node.id == 0 && !settings.superSeed) has.set(0, settings.pieces);
    return has;
  }

  private void tick(Node node) {
    if (!node.frozen) node.policy.tick(now);
    at(now + TICK, () -> tick(node));
  }

  private boolean unfinished() {
    for (var node : nodes) if (!node.frozen && node.missing > 0) return true;
    return false;
  }

  private void requested(Node from, Node to, int piece) {
    from.policy.requested(to.id, piece, now);
    flows.add(new Flow(from, to, piece, settings.pieceBytes));
    share();
    // The first byte tells the round trip.
    if (!to.frozen) at(from.arrival(to.id), () -> to.policy.received(from.id, piece, 1, now));
  }

  /** Advances to the next event or the next part of a flow, whichever is first. */
  private void step() {
    if (shareAgain) allot();
    var next = events.isEmpty() ? HOUR : events.peek().at;
    for (var flow : flows)
      next =
          Math.min(
              next, flowsAt + (long) Math.ceil(Math.max(0, toNextPart(flow)) / flow.rate * 1e9));
    progress(next);
    now = next;
    var due = flows.stream().filter(flow -> toNextPart(flow) < 1).toList();
    due.forEach(this::part);
    while (!events.isEmpty() && events.peek().at <= now) events.poll().task.run();
  }

  private double toNextPart(Flow flow) {
    return flow.left - settings.pieceBytes * (double) (PARTS - 1 - flow.reported) / PARTS;
  }

  private void part(Flow flow) {
    flow.reported++;
    var bytes = settings.pieceBytes / PARTS;
    var last = flow.reported == PARTS;
    at(flow.from.arrival(flow.to.id), () -> arrived(flow, bytes, last));
    flow.from.policy.sent(flow.to.id, now);
    if (last) {
      flows.remove(flow);
      share();
    }
  }

  private void arrived(Flow flow, int bytes, boolean last) {
    var node = flow.to;
    if (node.frozen) return;
    node.arrived.merge(flow.piece, (double) bytes, Double::sum);
    node.policy.received(flow.from.id, flow.piece, bytes, now);
    if (!last || node.finishedAt < Double.POSITIVE_INFINITY || !node.policy.misses(flow.piece))
      return;
    node.missing--;
    spread.set(flow.piece);
    if (seederFreezes && spread.cardinality() == settings.pieces) freeze(0, now / 1e9);
    node.arrived.remove(flow.piece);
    node.policy.good(flow.piece, now);
    if (node.missing == 0) node.finishedAt = now / 1e9;
    for (var other : nodes)
      if (other != node) node.tell(other.id, peer -> peer.policy.have(node.id, flow.piece, now));
  }

  private void progress(long until) {
    var seconds = (until - flowsAt) / 1e9;
    for (var flow : flows) {
      flow.left -= flow.rate * seconds;
      if (flow.from.id == 0) seederSent += flow.rate * seconds;
    }
    flowsAt = until;
  }

  private void share() {
    shareAgain = true;
  }

  /** Max-min fairness by progressive filling. */
  private void allot() {
    shareAgain = false;
    progress(now);
    for (var node : nodes) {
      node.freeUp = settings.up[node.id];
      node.freeDown = settings.down[node.id];
      node.flowsUp = 0;
      node.flowsDown = 0;
    }
    for (var flow : flows) {
      flow.fixed = false;
      flow.from.flowsUp++;
      flow.to.flowsDown++;
    }
    for (var open = flows.size(); open > 0; ) {
      var least = Double.POSITIVE_INFINITY;
      for (var flow : flows) if (!flow.fixed) least = Math.min(least, fair(flow));
      for (var flow : flows) {
        if (flow.fixed || fair(flow) > least * 1.000001) continue;
        flow.fixed = true;
        flow.rate = Math.max(1, least);
        flow.from.freeUp -= least;
        flow.from.flowsUp--;
        flow.to.freeDown -= least;
        flow.to.flowsDown--;
        open--;
      }
    }
  }

  private static double fair(Flow flow) {
    return Math.min(flow.from.freeUp / flow.from.flowsUp, flow.to.freeDown / flow.to.flowsDown);
  }

  private void at(long time, Runnable task) {
    events.add(new Event(time, order++, task));
  }

  private int nodeCount() {
    return settings.up.length;
  }
}
