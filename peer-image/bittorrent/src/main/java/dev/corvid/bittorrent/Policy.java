package dev.corvid.bittorrent;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The decisions of one torrent, without clock, network or disk: events and the time go in, {@link
 * Actions} come out. The engine runs it and so can a simulation. Confined to one thread; peers are
 * small numbers, reused after {@link #gone}.
 */
final class Policy {
  /**
   * @param fetched so many, the first ones, are fetched and no others
   * @param slots R, pieces in flight at once; S, those served at once, are {@link #INVITED_MORE}
   * @param maxPeers neighbours at once, their numbers are below it
   */
  record Settings(int pieces, int fetched, int slots, int maxPeers, boolean superSeed) {
    /**
     * Pieces at once so that at least {@link #AT_ONCE} bytes are, or {@code least} of them. On a
     * busy link an invitation waits behind the bytes in its buffers, some 50 ms: a small piece is
     * sent in less, and the link would idle until the next is asked for.
     */
    static int slots(int least, int pieceBytes) {
      return Math.clamp(Math.ceilDiv(AT_ONCE, pieceBytes), least, Math.max(least, MOST_SLOTS));
    }
  }

  private static final int AT_ONCE = 3 << 19;
  private static final int MOST_SLOTS = 8;

  /**
   * S over R. Slower receivers hold a slot for longer, and invitations travel: with S = R the links
   * of the fast ones idled for a quarter of the time in a swarm half of which had half the rate,
   * and for a twentieth among equals. Two more mend both; more than four would have receivers
   * decline.
   */
  private static final int INVITED_MORE = 2;

  private final Wanted wanted;
  private final BitSet missing = new BitSet();
  private final Intake intake;
  private final Admission admission;
  private final Reveal reveal;
  private final Neighbour[] byId;
  private final int pieces;
  private final List<Neighbour> neighbours = new ArrayList<>();

  /** The neighbours, and the servers outside of the swarm. */
  private final List<Neighbour> sources = new ArrayList<>();

  private final List<Neighbour> all = Collections.unmodifiableList(neighbours);

  Policy(
      Settings settings,
      BitSet have,
      RandomGenerator random,
      Intake.Remaining remaining,
      Actions actions) {
    pieces = settings.pieces();
    missing.set(0, settings.fetched());
    missing.andNot(have);
    wanted = new Wanted(settings.pieces(), settings.maxPeers());
    intake =
        new Intake(settings.slots(), wanted, missing, random, remaining, actions, this::yields);
    admission = new Admission(settings.slots() + INVITED_MORE, actions);
    reveal =
        settings.superSeed() ? new Reveal(settings.pieces(), have, wanted, random, actions) : null;
    byId = new Neighbour[settings.maxPeers()];
  }

  /** Whether pieces are hidden still: a new neighbour is told that we have none. */
  boolean superSeeding() {
    return reveal != null && !reveal.over();
  }

  /**
   * Whether what neighbours have can wait, because a server gives what none of them has and they
   * wait for that: their bytes would take its room on our link, and their requests come late on
   * connections that carry pieces to us.
   */
  private boolean yields() {
    var servers = sources.size() > neighbours.size();
    return servers && superSeeding() && (wanted.anyUnavailable() || !reveal.out());
  }

  /** Whether {@link #tick} has something to watch over. */
  boolean active() {
    return (!missing.isEmpty() && !sources.isEmpty())
        || admission.active()
        || (reveal != null && reveal.waits(all));
  }

  boolean complete() {
    return missing.isEmpty();
  }

  boolean misses(int piece) {
    return missing.get(piece);
  }

  int neighbourCount() {
    return neighbours.size();
  }

  BitSet piecesOf(int peer) {
    return byId[peer].has;
  }

  void urgent(int from, int to) {
    wanted.urgent(from, to);
  }

  /**
   * @param onlyFirst it fetches so many pieces, the first ones; 0: all
   */
  void connected(int peer, boolean own, int onlyFirst, BitSet has, long now) {
    var n = new Neighbour(peer, own, onlyFirst, has);
    byId[peer] = n;
    neighbours.add(n);
    sources.add(n);
    has.stream().forEach(wanted::announced);
    if (superSeeding()) reveal.connected(n, all, now);
    intake.reconsider(n, now);
  }

  /**
   * A server that has every piece is there until it is {@link #gone}: it takes none, and makes none
   * less rare.
   */
  void server(int id, long now) {
    var has = new BitSet();
    has.set(0, pieces);
    var n = new Neighbour(id, false, 0, has);
    byId[id] = n;
    sources.add(n);
    intake.unchoked(n, now);
    intake.reconsider(n, now);
  }

  void gone(int peer, long now) {
    var n = byId[peer];
    byId[peer] = null;
    sources.remove(n);
    intake.gone(n, now);
    if (neighbours.remove(n)) {
      n.has.stream().forEach(wanted::withdrawn);
      admission.gone(n, now);
      if (superSeeding()) reveal.gone(n, all, now);
    }
    reconsiderAll(now);
  }

  void have(int peer, int piece, long now) {
    var n = byId[peer];
    if (!n.has.get(piece)) {
      n.has.set(piece);
      wanted.announced(piece);
      if (superSeeding()) reveal.announced(n, piece, all, now);
      if (missing.get(piece)) intake.reconsider(n, now);
    }
    admission.done(n, piece, now);
  }

  void unchoked(int peer, long now) {
    intake.unchoked(byId[peer], now);
  }

  void choked(int peer, long now) {
    intake.choked(byId[peer], now);
    reconsiderAll(now);
  }

  void interested(int peer, long now) {
    admission.interested(byId[peer], now);
  }

  void notInterested(int peer, long now) {
    admission.notInterested(byId[peer], now);
  }

  /**
   * Whether requests of the peer are served: our own are, once invited, and strangers while
   * unchoked.
   */
  boolean serves(int peer) {
    return byId[peer].unchoked;
  }

  void requested(int peer, int piece, long now) {
    admission.requested(byId[peer], piece, now);
  }

  /** The peer took back all that it had requested of the piece. */
  void withdrawn(int peer, int piece, long now) {
    admission.done(byId[peer], piece, now);
  }

  void sent(int peer, long now) {
    admission.sent(byId[peer], now);
    if (superSeeding()) reveal.sent(byId[peer], now);
  }

  void roomFor(int peer, long now) {
    intake.roomFor(byId[peer], now);
  }

  void asked(int peer, int piece, int bytes, long now) {
    intake.asked(byId[peer], piece, bytes, now);
  }

  void received(int peer, int piece, int bytes, long now) {
    if (intake.received(byId[peer], piece, bytes, now)) reconsiderAll(now);
  }

  void rejected(int peer, int piece, long now) {
    intake.rejected(byId[peer], piece, now);
    reconsiderAll(now);
  }

  /** Whoever was asked for the piece has sent what it was asked for, and it is not whole. */
  void forsaken(int piece, long now) {
    intake.forsaken(piece, now);
    reconsiderAll(now);
  }

  void good(int piece, long now) {
    intake.good(piece, now);
    if (superSeeding()) reveal.arrived(piece, all, now);
    reconsiderAll(now);
  }

  void bad(int piece, long now) {
    intake.bad(piece);
    reconsiderAll(now);
  }

  void tick(long now) {
    intake.tick(sources, now);
    admission.tick(all, now);
    if (superSeeding()) reveal.tick(all, now);
  }

  private void reconsiderAll(long now) {
    for (var n : sources) intake.reconsider(n, now);
  }
}
