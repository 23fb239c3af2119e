package dev.corvid.bittorrent;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Who a torrent is connected with: dials while it lacks pieces, accepts up to its bound, keeps one
 * connection per peer (see {@link Duplicate}), ends those that are silent, and when it is full
 * those that give way to a newcomer (see {@link Places}).
 */
final class Neighbourhood {
  private static final int FEW = 8;
  private static final int SEEDER_DIALS = 10;
  private static final long SEEDER_DIALS_APART = 500_000_000L;
  private static final long ASK_AGAIN = 10_000_000_000L;
  private static final long OF_USE = 5_000_000_000L;
  private static final long CHECK = 30_000_000_000L;
  private static final long SAY_SOMETHING = 90_000_000_000L;
  private static final long TOO_SILENT = 180_000_000_000L;

  private final Session session;
  private final TorrentOptions options;
  private final Session.Shared swarm;
  private final TorrentListener listener;
  private final AddressBook book;
  private final Places places;
  private final Set<Connection> live = new LinkedHashSet<>();
  private Loop.Timer dialTimer;
  private Loop.Timer checkTimer;
  private int dialling;
  private long askedAt;
  private boolean asked;
  private boolean closed;

  Neighbourhood(
      Session session,
      TorrentOptions options,
      Session.Shared swarm,
      TorrentListener listener,
      RandomGenerator random) {
    this.session = session;
    this.options = options;
    this.swarm = swarm;
    this.listener = listener;
    this.book = new AddressBook(random);
    this.places = new Places(options.maxConnections());
  }

  void start() {
    dial();
  }

  void add(Collection<InetSocketAddress> addresses) {
    book.add(addresses, session.loop().now());
    if (session.policy().complete()) {
      dialReady(); // a seed that came late finds those who wait for one
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
    if (session.policy().complete()) dialSeeder(address, SEEDER_DIALS);
  }

  private void dialSeeder(InetSocketAddress address, int more) {
    if (closed || more == 0) return;
    session
        .loop()
        .after(
            SEEDER_DIALS_APART,
            () -> {
              if (!closed && book.take(address, session.loop().now())) {
                dialling++;
                Dialling.dial(session, address, swarm);
              }
              dialSeeder(address, more - 1);
            });
  }

  /** Whether a connection whose handshake is said may live. */
  boolean welcome(InetSocketAddress address, boolean dialled, Handshake theirs) {
    if (dialled) dialling--;
    var welcome =
        !closed
            && !book.isBanned(address, session.loop().now())
            && !isKnown(address, dialled, theirs)
            && hasRoom(address.getAddress(), dialled);
    if (!welcome && dialled) dial();
    return welcome;
  }

  /** Whether it is this process itself, or a peer that is connected already. */
  private boolean isKnown(InetSocketAddress address, boolean dialled, Handshake theirs) {
    var own = session.handshake().peerId();
    var other = theirs.peerId();
    if (own.equals(other)) return true; // the address stays busy and is not dialled again
    for (var connection : List.copyOf(live)) {
      if (connection.dialled() == dialled
          || !connection.handshake().peerId().equals(other)
          || !connection.address().getAddress().equals(address.getAddress())) continue;
      switch (Duplicate.verdict(own.compareTo(other) < 0, dialled, isInUse(connection))) {
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
    return connection.exchanged() > 0 && connection.idle() < Duplicate.OF_USE_FOR;
  }

  private boolean hasRoom(InetAddress host, boolean dialled) {
    var room = hasRoomForAddress(host) && (live.size() < places.most() || makeRoom(host, dialled));
    if (!room) swarm.refusals().count(Refusal.TOO_MANY);
    return room;
  }

  private boolean hasRoomForAddress(InetAddress host) {
    return SharedAddress.is(host)
        || live.stream().filter(each -> each.address().getAddress().equals(host)).count()
            < swarm.options().maxConnectionsPerAddress();
  }

  private boolean makeRoom(InetAddress host, boolean dialled) {
    var connections = List.copyOf(live);
    var named = new HashSet<InetAddress>();
    var held = new ArrayList<Places.Place>();
    for (var connection : connections) held.add(place(connection, named));
    var isNamed = dialled || (book.names(host) && named.add(host));
    var limit = session.limits().tightest(session.policy().complete());
    var leaving = places.givesWay(held, host, isNamed, limit);
    leaving.ifPresent(place -> connections.get(held.indexOf(place)).close());
    return leaving.isPresent();
  }

  /**
   * @param named hosts that have their place as a named one: of several that come from one, as many
   *     processes may, one is meant
   */
  private Places.Place place(Connection connection, Set<InetAddress> named) {
    var host = connection.address().getAddress();
    return new Places.Place(
        host,
        connection.dialled() || (book.names(host) && (SharedAddress.is(host) || named.add(host))),
        session.origins().isSeeder(connection),
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
    if (connection.dialled())
      book.gone(connection.address(), connection.lasted() > OF_USE, session.loop().now());
    dial();
  }

  void unreachable(InetSocketAddress address) {
    dialling--;
    book.unreachable(address, session.loop().now());
    dial();
  }

  /**
   * For a while it is spoken with neither as it was reached nor where it listens.
   *
   * @return false if it is banned already, for another piece of the same sending
   */
  boolean ban(Connection connection) {
    var reached = connection.address();
    if (book.isBanned(reached, session.loop().now())) return false;
    var listens = new InetSocketAddress(reached.getAddress(), connection.extension().port());
    book.ban(List.of(reached, listens), session.loop().now());
    return true;
  }

  void close() {
    closed = true;
    if (dialTimer != null) dialTimer.cancel();
    if (checkTimer != null) checkTimer.cancel();
    for (var connection : List.copyOf(live)) connection.close();
  }

  /**
   * Dials as many as are lacking; the rest when their time has come. A complete torrent is dialled,
   * and does not dial again.
   */
  private void dial() {
    if (dialTimer != null) dialTimer.cancel();
    dialTimer = null;
    if (closed || session.policy().complete()) return;
    var now = session.loop().now();
    var room = dialReady();
    askForMore(now);
    var wait =
        Math.min(
            room > 0 ? book.untilNext(now) : Long.MAX_VALUE, few() ? ASK_AGAIN : Long.MAX_VALUE);
    if (wait != Long.MAX_VALUE) dialTimer = session.loop().after(wait, this::dial);
  }

  /** Returns how many more there is room for. */
  private int dialReady() {
    if (closed) return 0;
    // Strangers give way to those that are dialled, so they take no dial's place.
    var room = options.dials() - dialling - dialledAndLive();
    if (live.size() + dialling >= places.most())
      room = Math.min(room, places.most() - (int) namedAndLive() - dialling);
    for (var address : book.take(Math.max(0, room), session.loop().now())) {
      dialling++;
      Dialling.dial(session, address, swarm);
      room--;
    }
    return room;
  }

  private boolean few() {
    return namedAndLive() + dialling < FEW;
  }

  private void askForMore(long now) {
    if (!few() || (asked && now - askedAt < ASK_AGAIN)) return;
    asked = true;
    askedAt = now;
    listener.needNeighbours();
  }

  /** Of connections that an attacker cannot bring about. */
  private long namedAndLive() {
    return live.stream()
        .filter(each -> each.dialled() || book.names(each.address().getAddress()))
        .count();
  }

  private int dialledAndLive() {
    var count = 0;
    for (var connection : live) if (connection.dialled()) count++;
    return count;
  }

  private void checkLater() {
    if (checkTimer == null) checkTimer = session.loop().after(CHECK, this::check);
  }

  private void check() {
    checkTimer = null;
    var now = session.loop().now();
    for (var connection : new ArrayList<>(live)) {
      if (now - connection.heardAt() > TOO_SILENT) {
        connection.close();
      } else if (now - connection.saidAt() > SAY_SOMETHING) {
        connection.send(new Message.KeepAlive());
      }
    }
    if (!closed && !session.policy().complete()) dial();
    if (!closed && !live.isEmpty()) checkLater();
  }
}
