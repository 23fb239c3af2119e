package dev.corvid.bittorrent.policy;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A node of a simulated swarm: the policy that the engine runs, and in place of the engine's
 * sockets small messages that arrive after the link's delay, in order, and parts of pieces.
 */
final class SimulatedNode implements PolicyActions {
  private static final int TO_ALL = 0xfff;

  /** Small messages; a piece goes with some. */
  private enum Kind {
    INTERESTED,
    NOT_INTERESTED,
    UNCHOKE,
    CHOKE,
    HAVE,
    REQUEST,
    CANCEL,
    REJECT
  }

  private static final Kind[] KINDS = Kind.values();

  private final Simulation swarm;
  private final Scenario scenario;
  private final int id;
  private final Policy policy;
  private final SimulatedLink link;
  private final SimulatedNode[] peers;
  private final int[] numberThere;
  private final SimulatedLink.Flow[] flows;
  private final BitSet have = new BitSet();
  private final Map<Integer, Integer> open = new HashMap<>();
  private final Map<Integer, Integer> corrupted = new HashMap<>();
  private final Mail mail = new Mail();
  private final Runnable deliver = this::deliver;
  private long mailArrivesAt = -1;
  private double finishedAt = Double.POSITIVE_INFINITY;
  private double beginning;
  private boolean frozen;
  private boolean dead;
  private boolean corrupts;
  private int neighbours;

  SimulatedNode(Simulation swarm, Scenario scenario, int id) {
    this.swarm = swarm;
    this.scenario = scenario;
    this.id = id;
    if (id == 0) {
      have.set(0, scenario.pieces);
    }
    var most = scenario.maxPeers;
    peers = new SimulatedNode[most];
    numberThere = new int[most];
    flows = new SimulatedLink.Flow[most];
    link =
        scenario.beside && id == 1
            ? swarm.seeder().link()
            : new SimulatedLink(swarm.agenda(), scenario, id);
    policy =
        new Policy(
            new Policy.Settings(
                scenario.pieces,
                scenario.pieces,
                scenario.slots,
                most,
                id == 0 && scenario.superSeed),
            have,
            new SplittableRandom(scenario.seed * 1_000_003 + id),
            this::missingBytes,
            this);
  }

  SimulatedLink link() {
    return link;
  }

  double finishedAt() {
    return finishedAt;
  }

  /** The share that was there without a gap from the first piece on, when nine tenths were. */
  double beginning() {
    return beginning;
  }

  boolean complete() {
    return have.cardinality() == scenario.pieces;
  }

  boolean alive() {
    return !frozen && !dead;
  }

  /** Whether a misfortune befell it. */
  boolean afflicted() {
    return !alive() || corrupts;
  }

  boolean full() {
    return neighbours == peers.length;
  }

  boolean knows(SimulatedNode other) {
    return number(other) >= 0;
  }

  // Connections.

  static void connect(SimulatedNode one, SimulatedNode other) {
    var there = other.free();
    var here = one.free();
    one.occupy(here, other, there);
    other.occupy(there, one, here);
    var kind = new Policy.Kind(true, one.link == other.link, 0);
    one.policy.connected(here, kind, other.shown(), one.now());
    other.policy.connected(there, kind, one.shown(), other.now());
  }

  private int free() {
    for (var number = 0; number < peers.length; number++) {
      if (peers[number] == null) {
        return number;
      }
    }
    throw new IllegalStateException("Node " + id + " is full.");
  }

  private void occupy(int number, SimulatedNode other, int there) {
    peers[number] = other;
    numberThere[number] = there;
    flows[number] = new SimulatedLink.Flow(this, other);
    neighbours++;
  }

  private BitSet shown() {
    return policy.superSeeding() ? new BitSet() : (BitSet) have.clone();
  }

  private void disconnect(SimulatedNode other) {
    other.forget(this);
    forget(other);
  }

  private void forget(SimulatedNode other) {
    var number = number(other);
    link.cancelAll(flows[number]);
    peers[number] = null;
    neighbours--;
    if (alive()) {
      policy.gone(number, now());
    }
  }

  private int number(SimulatedNode other) {
    for (var number = 0; number < peers.length; number++) {
      if (peers[number] == other) {
        return number;
      }
    }
    return -1;
  }

  // Misfortunes.

  void freeze() {
    frozen = true;
  }

  void die() {
    dead = true;
    for (var other : peers) {
      if (other != null) {
        disconnect(other);
      }
    }
  }

  void corruptFromNowOn() {
    corrupts = true;
  }

  void tick() {
    if (alive()) {
      policy.tick(now());
    }
  }

  // What the policy decides.

  @Override
  public void fetch(int peer, int piece) {
    policy.asked(peer, piece, (int) missingBytes(piece), now());
    var fresh = open.putIfAbsent(piece, all()) == null;
    post(Kind.REQUEST, peer, piece, fresh ? 0 : 1);
  }

  @Override
  public void cancel(int peer, int piece) {
    if (peers[peer] != null) {
      post(Kind.CANCEL, peer, piece, 0);
    }
  }

  @Override
  public void interested(int peer) {
    post(Kind.INTERESTED, peer, 0, 0);
  }

  @Override
  public void notInterested(int peer) {
    post(Kind.NOT_INTERESTED, peer, 0, 0);
  }

  @Override
  public void unchoke(int peer) {
    post(Kind.UNCHOKE, peer, 0, 0);
  }

  @Override
  public void choke(int peer) {
    post(Kind.CHOKE, peer, 0, 0);
  }

  @Override
  public void reveal(int peer, int piece) {
    post(Kind.HAVE, peer, piece, 0);
  }

  // Mail.

  private void post(Kind kind, int peer, int piece, int flag) {
    if (!alive()) {
      return;
    }
    var at = Math.max(mailArrivesAt, now() + link.delay());
    mail.add(at, (long) kind.ordinal() << 48 | (long) flag << 44 | (long) peer << 32 | piece);
    swarm.counted(kind == Kind.HAVE ? 0 : 1);
    if (at == mailArrivesAt) {
      return;
    }
    mailArrivesAt = at;
    swarm.agenda().at(at, deliver);
  }

  private void deliver() {
    while (mail.due(now())) {
      var message = mail.take();
      var kind = KINDS[(int) (message >> 48)];
      var peer = (int) (message >> 32) & 0xfff;
      var piece = (int) message;
      if (peer != TO_ALL) {
        deliver(kind, peer, piece, (message >> 44 & 1) == 1);
      } else {
        for (var number = 0; number < peers.length; number++) {
          if (peers[number] != null) {
            deliver(kind, number, piece, false);
          }
        }
      }
    }
  }

  private void deliver(Kind kind, int peer, int piece, boolean begun) {
    var other = peers[peer];
    if (other == null || !other.alive()) {
      return;
    }
    other.hear(kind, numberThere[peer], piece, begun);
  }

  private void hear(Kind kind, int from, int piece, boolean begun) {
    var now = now();
    switch (kind) {
      case INTERESTED -> policy.interested(from, now);
      case NOT_INTERESTED -> policy.notInterested(from, now);
      case UNCHOKE -> policy.unchoked(from, now);
      case CHOKE -> policy.choked(from, now);
      case HAVE -> {
        policy.have(from, piece, now);
        partIfOfNoUse(from);
      }
      case REJECT -> policy.rejected(from, piece, now);
      case REQUEST -> {
        if (!policy.serves(from)) {
          post(Kind.REJECT, from, piece, 0);
        } else {
          policy.requested(from, piece, now);
          var parts = peers[from].open.getOrDefault(piece, all());
          link.send(flows[from], piece, parts, begun);
        }
      }
      case CANCEL -> {
        link.cancel(flows[from], piece);
        policy.withdrawn(from, piece, now);
      }
    }
  }

  // Pieces.

  void sent(SimulatedNode to) {
    var number = number(to);
    if (number >= 0 && alive()) {
      policy.sent(number, now());
    }
  }

  void received(SimulatedNode from, int piece, int bytes) {
    var number = number(from);
    if (number >= 0 && alive()) {
      policy.received(number, piece, bytes, now());
    }
  }

  void arrived(SimulatedNode from, int piece, int part) {
    if (!alive()) {
      return;
    }
    received(from, piece, scenario.pieceBytes / scenario.parts);
    var missing = open.getOrDefault(piece, 0);
    if ((missing & part) == 0 || !from.alive()) {
      swarm.wasted();
      return;
    }
    if (from.corrupts) {
      corrupted.merge(piece, 1, Integer::sum);
    }
    open.put(piece, missing & ~part);
    if (missing == part) {
      whole(from, piece);
    }
  }

  private void whole(SimulatedNode last, int piece) {
    open.remove(piece);
    if (corrupted.remove(piece) != null) {
      policy.bad(piece, now());
      if (knows(last) && last.corrupts) {
        disconnect(last);
      }
      return;
    }
    have.set(piece);
    if (have.cardinality() == scenario.pieces * 9 / 10) {
      beginning = (double) have.nextClearBit(0) / scenario.pieces;
    }
    swarm.spread(piece);
    policy.good(piece, now());
    post(Kind.HAVE, TO_ALL, piece, 0);
    if (complete()) {
      finishedAt = now() / 1e9;
      swarm.finished(this);
      for (var number = 0; number < peers.length; number++) {
        partIfOfNoUse(number);
      }
    }
  }

  /** As the engine does with those that have everything. */
  private void partIfOfNoUse(int number) {
    if (peers[number] != null && complete() && policy.lacksNothing(number)) {
      disconnect(peers[number]);
    }
  }

  private long missingBytes(int piece) {
    var parts = open.getOrDefault(piece, all());
    return (long) Integer.bitCount(parts) * (scenario.pieceBytes / scenario.parts);
  }

  private int all() {
    return (1 << scenario.parts) - 1;
  }

  private long now() {
    return swarm.agenda().now();
  }

  /** Messages on their way, and when they arrive. */
  private static final class Mail {
    private long[] times = new long[32];
    private long[] messages = new long[32];
    private int first;
    private int size;

    void add(long time, long message) {
      if (size == times.length) {
        grow();
      }
      var at = (first + size++) & (times.length - 1);
      times[at] = time;
      messages[at] = message;
    }

    boolean due(long now) {
      return size > 0 && times[first] <= now;
    }

    long take() {
      var message = messages[first];
      first = (first + 1) & (times.length - 1);
      size--;
      return message;
    }

    private void grow() {
      times = unrolled(times);
      messages = unrolled(messages);
      first = 0;
    }

    private long[] unrolled(long[] ring) {
      var larger = Arrays.copyOf(Arrays.copyOfRange(ring, first, ring.length), ring.length * 2);
      System.arraycopy(ring, 0, larger, ring.length - first, first);
      return larger;
    }
  }
}
