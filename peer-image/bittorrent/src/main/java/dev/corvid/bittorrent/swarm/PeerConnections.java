package dev.corvid.bittorrent.swarm;

import dev.corvid.bittorrent.RejectReason;
import dev.corvid.bittorrent.TorrentListener;
import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.bittorrent.net.Connection;
import dev.corvid.bittorrent.net.Connector;
import dev.corvid.bittorrent.net.Loop;
import dev.corvid.bittorrent.net.SwarmContext;
import dev.corvid.bittorrent.peers.DuplicateConnection;
import dev.corvid.bittorrent.peers.EvictionPolicy;
import dev.corvid.bittorrent.peers.PeerList;
import dev.corvid.bittorrent.peers.SharedAddress;
import dev.corvid.bittorrent.pieces.Sender;
import dev.corvid.bittorrent.wire.Handshake;
import dev.corvid.bittorrent.wire.Message;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a torrent: dials while pieces are missing, accepts up to its limit, keeps one
 * connection per peer (see {@link DuplicateConnection}), closes silent ones, and when it is full
 * evicts one for a newcomer (see {@link EvictionPolicy}).
 */
final class PeerConnections {
  private static final int FEW_PEERS = 8;
  private static final int SEEDER_DIALS = 10;
  private static final long SEEDER_DIALS_APART = 500_000_000L;
  private static final long ASK_FOR_PEERS = 10_000_000_000L;
  private static final long STABLE = 5_000_000_000L;
  private static final long CHECK_INTERVAL = 30_000_000_000L;
  private static final long KEEP_ALIVE = 90_000_000_000L;
  private static final long IDLE_TIMEOUT = 180_000_000_000L;

  private final TorrentSession session;
  private final TorrentOptions options;
  private final SwarmContext context;
  private final TorrentListener listener;
  private final PeerList peerList;
  private final EvictionPolicy eviction;
  private final Set<Connection> live = new LinkedHashSet<>();
  private Loop.Timer dialTimer = Loop.Timer.NONE;

  /** The seeder that a complete torrent dials more than once; null while it dials none. */
  private @Nullable InetSocketAddress dialledSeeder;

  /** Null while there is no connection to check. */
  private Loop.@Nullable Timer checkTimer;

  private int connecting;
  private long askedAt;
  private boolean asked;
  private boolean closed;

  PeerConnections(
      TorrentSession session,
      TorrentOptions options,
      SwarmContext context,
      TorrentListener listener,
      RandomGenerator random) {
    this.session = session;
    this.options = options;
    this.context = context;
    this.listener = listener;
    this.peerList = new PeerList(random);
    this.eviction = new EvictionPolicy(options.maxConnections());
  }

  void start() {
    dial();
  }

  void add(Collection<InetSocketAddress> addresses) {
    var added = peerList.add(addresses, session.loop().now());
    if (session.policy().complete()) {
      dialOnce(added); // a seed that came late finds the peers that wait for one
    } else {
      dial();
    }
  }

  /**
   * As {@link #add}; a complete torrent dials it more than once as well. It may be the replacement
   * of a seeder, which has to have the metainfo before it can take part, and cannot dial itself.
   */
  void addSeeder(InetSocketAddress address) {
    add(List.of(address));
    if (session.policy().complete() && !address.equals(dialledSeeder)) {
      dialledSeeder = address;
      dialSeeder(address, SEEDER_DIALS);
    }
  }

  private void dialSeeder(InetSocketAddress address, int more) {
    if (closed || !address.equals(dialledSeeder)) {
      return;
    }
    if (more == 0) {
      dialledSeeder = null;
      return;
    }
    session
        .loop()
        .after(
            SEEDER_DIALS_APART,
            () -> {
              if (!closed) {
                dialIfReady(address);
              }
              dialSeeder(address, more - 1);
            });
  }

  /** Whether a connection whose handshakes are done is kept. */
  boolean admit(InetSocketAddress address, boolean dialled, Handshake theirs) {
    if (dialled) {
      connecting--;
    }
    var admit =
        !closed
            && !peerList.isBanned(address, session.loop().now())
            && !isKnown(address, dialled, theirs)
            && hasRoom(address.getAddress(), dialled);
    if (!admit && dialled) {
      dial();
    }
    return admit;
  }

  /** Whether it is this process itself, or a peer that is connected already. */
  private boolean isKnown(InetSocketAddress address, boolean dialled, Handshake theirs) {
    var own = session.handshake().peerId();
    var other = theirs.peerId();
    if (own.equals(other)) {
      return true; // the address stays busy and is not dialled again
    }
    for (var connection : List.copyOf(live)) {
      if (connection.dialled() == dialled
          || !connection.handshake().peerId().equals(other)
          || !connection.address().getAddress().equals(address.getAddress())) {
        continue;
      }
      switch (DuplicateConnection.verdict(own.compareTo(other) < 0, dialled, isInUse(connection))) {
        case KEEP_BOTH -> {}
        case KEEP_OLD -> {
          return true;
        }
        case KEEP_NEW -> connection.close();
      }
    }
    return false;
  }

  private static boolean isInUse(Connection connection) {
    return connection.exchanged() > 0 && connection.idle() < DuplicateConnection.OF_USE_FOR;
  }

  private boolean hasRoom(InetAddress host, boolean dialled) {
    var room =
        hasRoomForAddress(host) && (live.size() < eviction.most() || makeRoom(host, dialled));
    if (!room) {
      context.rejects().count(RejectReason.TOO_MANY);
    }
    return room;
  }

  private boolean hasRoomForAddress(InetAddress host) {
    return SharedAddress.is(host)
        || live.stream().filter(each -> each.address().getAddress().equals(host)).count()
            < context.options().maxConnectionsPerAddress();
  }

  private boolean makeRoom(InetAddress host, boolean dialled) {
    var connections = List.copyOf(live);
    var named = new HashSet<InetAddress>();
    var held = new ArrayList<EvictionPolicy.Candidate>();
    for (var connection : connections) {
      held.add(place(connection, named));
    }
    var isNamed = dialled || (peerList.names(host) && named.add(host));
    var limit = session.rateLimiter().tightest(session.policy().complete());
    var leaving = eviction.evict(held, host, isNamed, limit);
    leaving.ifPresent(place -> connections.get(held.indexOf(place)).close());
    return leaving.isPresent();
  }

  /**
   * @param named hosts that have their place as a named one: of several that come from one, as many
   *     processes may, one is meant
   */
  private EvictionPolicy.Candidate place(Connection connection, Set<InetAddress> named) {
    var host = connection.address().getAddress();
    return new EvictionPolicy.Candidate(
        host,
        connection.dialled()
            || (peerList.names(host) && (SharedAddress.is(host) || named.add(host))),
        session.traffic().isSeeder(connection),
        session.lacksNothing(connection),
        connection.idle(),
        connection.lasted(),
        connection.exchanged());
  }

  void live(Connection connection) {
    live.add(connection);
    session.counters().neighbours = live.size();
    checkLater();
  }

  void gone(Connection connection) {
    live.remove(connection);
    session.counters().neighbours = live.size();
    if (connection.dialled()) {
      peerList.gone(connection.address(), connection.lasted() > STABLE, session.loop().now());
    }
    dial();
  }

  void unreachable(InetSocketAddress address) {
    connecting--;
    peerList.unreachable(address, session.loop().now());
    dial();
  }

  /**
   * Bans the address that it was reached at, and the one that it listens on; closes its connection
   * if it is still there.
   *
   * @return false if it is banned already, for another piece of the same sending
   */
  boolean ban(Sender.Peer sender) {
    for (var connection : live) {
      if (connection.address().equals(sender.reached())) {
        session.loop().defer(connection::close);
      }
    }
    if (peerList.isBanned(sender.reached(), session.loop().now())) {
      return false;
    }
    peerList.ban(List.of(sender.reached(), sender.listens()), session.loop().now());
    return true;
  }

  void close() {
    closed = true;
    dialTimer.cancel();
    if (checkTimer != null) {
      checkTimer.cancel();
    }
    for (var connection : List.copyOf(live)) {
      connection.close();
    }
  }

  /**
   * Dials as many as are lacking; the rest when their time has come. A complete torrent is dialled,
   * and dials only those that are named to it for the first time.
   */
  private void dial() {
    dialTimer.cancel();
    if (closed || session.policy().complete()) {
      return;
    }
    var now = session.loop().now();
    var room = dialReady();
    askForPeers(now);
    var wait =
        Math.min(
            room > 0 ? peerList.untilNext(now) : Long.MAX_VALUE,
            hasFewPeers() ? ASK_FOR_PEERS : Long.MAX_VALUE);
    if (wait != Long.MAX_VALUE) {
      dialTimer = session.loop().after(wait, this::dial);
    }
  }

  private void dialOnce(Collection<InetSocketAddress> addresses) {
    if (closed) {
      return;
    }
    var room = room();
    for (var address : addresses) {
      if (room > 0 && dialIfReady(address)) {
        room--;
      }
    }
  }

  private boolean dialIfReady(InetSocketAddress address) {
    if (!peerList.take(address, session.loop().now())) {
      return false;
    }
    connecting++;
    Connector.dial(session, address, context);
    return true;
  }

  /** Returns how many more there is room for. */
  private int dialReady() {
    var room = room();
    for (var address : peerList.take(Math.max(0, room), session.loop().now())) {
      connecting++;
      Connector.dial(session, address, context);
      room--;
    }
    return room;
  }

  private int room() {
    // Foreign peers give way to those that are dialled, so they take no dial's place.
    var room = options.dials() - connecting - dialledAndLive();
    if (live.size() + connecting >= eviction.most()) {
      room = Math.min(room, eviction.most() - (int) namedAndLive() - connecting);
    }
    return room;
  }

  private boolean hasFewPeers() {
    return namedAndLive() + connecting < FEW_PEERS;
  }

  private void askForPeers(long now) {
    if (!hasFewPeers() || (asked && now - askedAt < ASK_FOR_PEERS)) {
      return;
    }
    asked = true;
    askedAt = now;
    listener.needNeighbours();
  }

  /** Of connections that an attacker cannot bring about. */
  private long namedAndLive() {
    return live.stream()
        .filter(each -> each.dialled() || peerList.names(each.address().getAddress()))
        .count();
  }

  private int dialledAndLive() {
    var count = 0;
    for (var connection : live) {
      if (connection.dialled()) {
        count++;
      }
    }
    return count;
  }

  private void checkLater() {
    if (checkTimer == null) {
      checkTimer = session.loop().after(CHECK_INTERVAL, this::check);
    }
  }

  private void check() {
    checkTimer = null;
    var now = session.loop().now();
    for (var connection : new ArrayList<>(live)) {
      if (now - connection.lastReceivedAt() > IDLE_TIMEOUT) {
        connection.close();
      } else if (now - connection.lastSentAt() > KEEP_ALIVE) {
        connection.send(new Message.KeepAlive());
      }
    }
    if (!closed && !session.policy().complete()) {
      dial();
    }
    if (!closed && !live.isEmpty()) {
      checkLater();
    }
  }
}
