package dev.corvid.bittorrent.policy;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The decisions of one torrent, without clock, network or disk: events and the time go in, {@link
 * PolicyActions} come out. The engine runs it and so can a simulation. Confined to one thread;
 * peers are small numbers, reused after {@link #gone}.
 */
public final class Policy {
  /**
   * @param fetched so many, the first ones, are fetched and no others
   * @param slots R, pieces in flight at once, or fewer where there are {@link #FEW} pieces; S,
   *     those served at once, are {@link #EXTRA_UNCHOKES} more
   * @param maxPeers neighbours at once, their numbers are below it
   */
  public record Settings(int pieces, int fetched, int slots, int maxPeers, boolean superSeed) {
    /** R. */
    int inFlight() {
      return Math.min(slots, Math.max(MIN_SLOTS, pieces / FEW));
    }
  }

  /**
   * What a neighbour is.
   *
   * @param corvid whether it is Corvid too
   * @param sameHost whether it runs on this machine: bytes between the two cross no link, and what
   *     one of them sends takes from the other's link
   * @param onlyFirst it fetches so many pieces, the first ones; 0: all
   */
  public record Kind(boolean corvid, boolean sameHost, int onlyFirst) {
    public static final Kind CORVID = new Kind(true, false, 0);
    public static final Kind FOREIGN = new Kind(false, false, 0);
  }

  /** So many per slot are few: a peer that has all of them in flight has none to pass on. */
  private static final int FEW = 10;

  private static final int MIN_SLOTS = 4;

  /**
   * S over R. Slower receivers hold a slot for longer, and unchokes travel: with S = R the links of
   * the fast ones idled for a quarter of the time in a swarm half of which had half the rate, and
   * for a twentieth among equals. Two more mend both; more than four would have receivers decline.
   */
  private static final int EXTRA_UNCHOKES = 2;

  private final PiecePicker picker;
  private final CopiesElsewhere elsewhere;
  private final BitSet missing = new BitSet();
  private final PieceRequester requester;
  private final SharedUplink sharedUplink;
  private final Choker choker;
  private final @Nullable SuperSeeding superSeeding;
  private final @Nullable PeerState[] byId;
  private final int pieces;
  private final List<PeerState> neighbours = new ArrayList<>();

  /** The neighbours, and the servers outside of the swarm. */
  private final List<PeerState> sources = new ArrayList<>();

  private final List<PeerState> all = Collections.unmodifiableList(neighbours);

  public Policy(
      Settings settings,
      BitSet have,
      RandomGenerator random,
      PieceRequester.Remaining remaining,
      PolicyActions actions) {
    pieces = settings.pieces();
    missing.set(0, settings.fetched());
    missing.andNot(have);
    picker = new PiecePicker(settings.pieces(), settings.maxPeers());
    elsewhere = new CopiesElsewhere(settings.pieces());
    requester =
        new PieceRequester(
            settings.inFlight(),
            picker,
            missing,
            random,
            remaining,
            actions,
            this::defersToServers);
    var served = settings.inFlight() + EXTRA_UNCHOKES;
    sharedUplink = new SharedUplink(pieces, elsewhere, all);
    choker = new Choker(served, actions, () -> !settings.superSeed() && sharedUplink.holdsBack());
    superSeeding =
        settings.superSeed()
            ? new SuperSeeding(settings.pieces(), served, have, elsewhere, random, actions)
            : null;
    byId = new PeerState[settings.maxPeers()];
  }

  /** Whether pieces are still hidden: a new peer is sent HAVE NONE, or no bitfield. */
  public boolean superSeeding() {
    return hiding() != null;
  }

  private @Nullable SuperSeeding hiding() {
    return superSeeding == null || superSeeding.over() ? null : superSeeding;
  }

  private PeerState peer(int id) {
    return requireNonNull(byId[id], "connected");
  }

  /**
   * Whether what neighbours have can wait, because a server gives what none of them has and they
   * wait for that: their bytes would take its room on our link, and their requests come late on
   * connections that carry pieces to us.
   */
  private boolean defersToServers() {
    var servers = sources.size() > neighbours.size();
    var hiding = hiding();
    return servers && hiding != null && (picker.anyUnavailable() || !hiding.out());
  }

  /** Whether {@link #tick} has something to watch over. */
  public boolean active() {
    return (!missing.isEmpty() && !sources.isEmpty())
        || choker.active()
        || (superSeeding != null && superSeeding.waits(all));
  }

  public boolean complete() {
    return missing.isEmpty();
  }

  boolean misses(int piece) {
    return missing.get(piece);
  }

  int neighbourCount() {
    return neighbours.size();
  }

  public BitSet piecesOf(int peer) {
    return peer(peer).has;
  }

  /**
   * Whether the connection is of no use once this side is complete: the peer has every piece. One
   * on this machine stays connected, because {@link SharedUplink} depends on it.
   */
  public boolean lacksNothing(int peer) {
    var n = peer(peer);
    return n.has.cardinality() == pieces && !n.sameHost;
  }

  public void urgent(int from, int to) {
    picker.urgent(from, to);
  }

  public void connected(int peer, Kind kind, BitSet has, long now) {
    var n = new PeerState(peer, kind, has);
    byId[peer] = n;
    neighbours.add(n);
    sources.add(n);
    has.stream().forEach(picker::announced);
    elsewhere.came(n);
    var hiding = hiding();
    if (hiding != null) {
      hiding.connected(n, all, now);
    }
    requester.reconsider(n, now);
  }

  /**
   * A server that has every piece is there until it is {@link #gone}: it takes none, and makes none
   * less rare.
   */
  public void server(int id, long now) {
    var has = new BitSet();
    has.set(0, pieces);
    var n = new PeerState(id, Kind.FOREIGN, has);
    byId[id] = n;
    sources.add(n);
    requester.unchoked(n, now);
    requester.reconsider(n, now);
  }

  public void gone(int peer, long now) {
    var n = peer(peer);
    byId[peer] = null;
    sources.remove(n);
    requester.gone(n, now);
    if (neighbours.remove(n)) {
      n.has.stream().forEach(picker::withdrawn);
      elsewhere.left(n);
      choker.gone(n, now);
      var hiding = hiding();
      if (hiding != null) {
        hiding.gone(n, all, now);
      }
    }
    reconsiderAll(now);
  }

  public void have(int peer, int piece, long now) {
    var n = peer(peer);
    if (!n.has.get(piece)) {
      n.has.set(piece);
      picker.announced(piece);
      if (elsewhere.announced(n, piece)) {
        sharedUplink.progress(now);
      }
      var hiding = hiding();
      if (hiding != null) {
        hiding.announced(n, piece, all, now);
      }
      if (missing.get(piece)) {
        requester.reconsider(n, now);
      }
    }
    choker.done(n, piece, now);
  }

  /** Uploads are limited: the limit bounds this side, and the shared link does not. */
  public void uploadsLimited() {
    sharedUplink.end();
  }

  public void unchoked(int peer, long now) {
    requester.unchoked(peer(peer), now);
  }

  public void choked(int peer, long now) {
    requester.choked(peer(peer), now);
    reconsiderAll(now);
  }

  public void interested(int peer, long now) {
    if (!choker.isAsked()) {
      sharedUplink.progress(now);
    }
    choker.interested(peer(peer), now);
  }

  public void notInterested(int peer, long now) {
    choker.notInterested(peer(peer), now);
  }

  /**
   * Whether requests of the peer are served: of Corvid peers after the first unchoke, of foreign
   * ones while unchoked.
   */
  public boolean serves(int peer) {
    return peer(peer).unchoked;
  }

  public void requested(int peer, int piece, long now) {
    choker.requested(peer(peer), piece, now);
  }

  /** The peer took back all that it had requested of the piece. */
  public void withdrawn(int peer, int piece, long now) {
    choker.done(peer(peer), piece, now);
  }

  public void sent(int peer, long now) {
    choker.sent(peer(peer), now);
    var hiding = hiding();
    if (hiding != null) {
      hiding.sent(peer(peer), now);
    }
  }

  public void wantsMore(int peer, long now) {
    requester.wantsMore(peer(peer), now);
  }

  public void asked(int peer, int piece, int bytes, long now) {
    requester.asked(peer(peer), piece, bytes, now);
  }

  public void received(int peer, int piece, int bytes, long now) {
    if (requester.received(peer(peer), piece, bytes, now)) {
      reconsiderAll(now);
    }
  }

  public void rejected(int peer, int piece, long now) {
    requester.rejected(peer(peer), piece, now);
    reconsiderAll(now);
  }

  /** All sources have sent what was requested of the piece, and it is not complete. */
  public void stalled(int piece, long now) {
    requester.stalled(piece, now);
    reconsiderAll(now);
  }

  public void good(int piece, long now) {
    requester.good(piece, now);
    var hiding = hiding();
    if (hiding != null) {
      hiding.arrived(piece, all, now);
    }
    reconsiderAll(now);
  }

  public void bad(int piece, long now) {
    requester.bad(piece);
    reconsiderAll(now);
  }

  public void tick(long now) {
    sharedUplink.tick(choker.isAsked(), now);
    requester.tick(sources, now);
    choker.tick(all, now);
    var hiding = hiding();
    if (hiding != null) {
      hiding.tick(all, now);
    }
  }

  private void reconsiderAll(long now) {
    for (var n : sources) {
      requester.reconsider(n, now);
    }
  }
}
