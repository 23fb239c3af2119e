package dev.corvid.swarm;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Who a torrent is connected with: dials while it lacks pieces, accepts up to its bound, keeps one
 * connection per peer, ends those that are silent, and in a full house those that are of no use.
 */
final class Neighbourhood {
  private static final int FEW = 8;
  private static final long ASK_AGAIN = 10_000_000_000L;
  private static final long OF_USE = 5_000_000_000L;
  private static final long IDLE = 30_000_000_000L;
  private static final long IDLE_AND_FINISHED = 2_000_000_000L;
  private static final long CHECK = 30_000_000_000L;
  private static final long SAY_SOMETHING = 90_000_000_000L;
  private static final long TOO_SILENT = 180_000_000_000L;

  private final Session session;
  private final TorrentOptions options;
  private final Session.Shared swarm;
  private final TorrentListener listener;
  private final AddressBook book;
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

  /** Whether a connection whose handshake is said may live. */
  boolean welcome(InetSocketAddress address, boolean dialled, Handshake theirs) {
    if (dialled) dialling--;
    var welcome =
        !closed
            && !book.isBanned(address, session.loop().now())
            && makesSense(address, dialled, theirs);
    if (!welcome) dial();
    return welcome;
  }

  private boolean makesSense(InetSocketAddress address, boolean dialled, Handshake theirs) {
    var own = session.handshake().peerId().bytes();
    var other = theirs.peerId().bytes();
    if (own.equals(other))
      return false; // ourselves: the address stays busy and is not dialled again
    var fromThere = 0;
    for (var connection : List.copyOf(live)) {
      if (connection.handshake().peerId().bytes().equals(other)) {
        // Both sides keep the connection that the lesser peer id has opened.
        var keepNew = connection.dialled() != dialled && dialled == own.compareTo(other) < 0;
        if (!keepNew) return false;
        connection.close();
      } else if (connection.address().getAddress().equals(address.getAddress())) {
        fromThere++;
      }
    }
    var tooMany =
        !SharedAddress.is(address.getAddress())
            && fromThere >= swarm.options().maxConnectionsPerAddress();
    var room = !tooMany && (live.size() < options.maxConnections() || makeRoom());
    if (!room) swarm.refusals().count(Refusal.TOO_MANY);
    return room;
  }

  /** In a full house whoever has been of no use for longest goes, those soon who lack nothing. */
  private boolean makeRoom() {
    var leaving =
        live.stream().filter(this::isOfNoUse).max(Comparator.comparingLong(Connection::idle));
    leaving.ifPresent(Connection::close);
    return leaving.isPresent();
  }

  private boolean isOfNoUse(Connection connection) {
    var patience = session.lacksNothing(connection) ? IDLE_AND_FINISHED : IDLE;
    return connection.idle() > patience && !session.origins().isSeeder(connection);
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
    var room =
        Math.min(
            options.dials() - dialling - dialledAndLive(),
            options.maxConnections() - live.size() - dialling);
    for (var address : book.take(Math.max(0, room), session.loop().now())) {
      dialling++;
      Dialling.dial(session, address, swarm);
      room--;
    }
    return room;
  }

  private boolean few() {
    return live.size() + dialling < FEW;
  }

  private void askForMore(long now) {
    if (!few() || (asked && now - askedAt < ASK_AGAIN)) return;
    asked = true;
    askedAt = now;
    listener.needNeighbours();
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
