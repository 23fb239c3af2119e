package dev.corvid.bittorrent;

import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.net.Addresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;

/**
 * Fetches an info dictionary from neighbours (BEP 9): two are asked at a time, each for the whole,
 * and one more every few seconds, since some may give it drop by drop; the first whose bytes have
 * the right hash wins. Who fails is asked again later. Those that connect to this side are asked as
 * well: it may be that they cannot be dialled. What all fetches of the process hold at once is
 * bounded by the {@link MetadataBudget}, in which torrents take turns.
 */
final class MetainfoFetch implements Party {
  private static final Logger LOG = Logger.getLogger(MetainfoFetch.class.getName());
  private static final int AT_FIRST = 2;
  private static final int AT_MOST = 8;
  private static final int MOST_ACCEPTED = 32;
  private static final long ONE_MORE = 3_000_000_000L;

  /**
   * What is fetched.
   *
   * @param swarm in which neighbours are asked
   */
  record Wanted(SwarmId swarm, InfoHash infoHash, MetainfoKeeper keeper) {}

  private final Loop loop;
  private final Session.Shared shared;
  private final Handshake handshake;
  private final Wanted wanted;
  private final MetadataBudget.Claims claims;
  private final AddressBook book;
  private final Collection<InetSocketAddress> neighbours;
  private final CompletableFuture<Metainfo> future;
  private final Set<MetadataConnection> live = new LinkedHashSet<>();
  private Loop.Timer retry;
  private Loop.Timer widening;
  private int atOnce = AT_FIRST;
  private int busy;

  MetainfoFetch(
      Loop loop,
      Session.Shared shared,
      Wanted wanted,
      Collection<InetSocketAddress> neighbours,
      CompletableFuture<Metainfo> future,
      RandomGenerator random) {
    this.loop = loop;
    this.shared = shared;
    this.handshake = new Handshake(wanted.swarm(), shared.peerId(), true, true);
    this.wanted = wanted;
    this.claims = shared.metadata().claims();
    this.neighbours = List.copyOf(neighbours);
    this.book = new AddressBook(random);
    this.future = future;
  }

  /** Runs once, on the loop. */
  void start() {
    future.whenComplete((_, _) -> loop.execute(this::stop));
    book.add(neighbours, loop.now());
    widening = loop.after(ONE_MORE, this::widen);
    dial();
  }

  @Override
  public Loop loop() {
    return loop;
  }

  @Override
  public Handshake handshake() {
    return handshake;
  }

  /** More neighbours, that may be dialled. */
  void add(Collection<InetSocketAddress> more) {
    book.add(more, loop.now());
    dial();
  }

  @Override
  public void greeted(
      SocketChannel channel, InetSocketAddress address, boolean dialled, Handshake theirs) {
    if (future.isDone() || !theirs.extended()) {
      Greeting.close(channel);
      if (dialled) unreachable(address, new IOException("It has no extensions"));
      return;
    }
    if (!dialled) makeRoom();
    var connection = new MetadataConnection(this, channel, address, dialled);
    live.add(connection);
    connection.open();
  }

  /** Of too many that came by themselves, the first of those that have given least. */
  private void makeRoom() {
    MetadataConnection least = null;
    var accepted = 0;
    for (var connection : live) {
      if (connection.dialled()) continue;
      accepted++;
      if (least == null || connection.held() < least.held()) least = connection;
    }
    if (accepted < MOST_ACCEPTED) return;
    shared.refusals().count(Refusal.TOO_MANY);
    least.failed(new IOException("It gave way to another connection"));
  }

  @Override
  public void unreachable(InetSocketAddress address, IOException cause) {
    LOG.log(Level.FINE, cause, () -> "No metainfo from " + Addresses.text(address));
    busy--;
    book.unreachable(address, loop.now());
    dial();
  }

  void failed(MetadataConnection connection, InetSocketAddress address, IOException cause) {
    live.remove(connection);
    shared.refusals().ended(Refusal.METAINFO, cause);
    if (connection.dialled()) unreachable(address, cause);
  }

  MetadataBudget budget() {
    return shared.metadata();
  }

  MetadataBudget.Claims claims() {
    return claims;
  }

  /**
   * All of the dictionary has come from there, as it says: hashing and reading it takes a while, so
   * that is done beside the loop.
   *
   * @param parts not to be held by anybody else
   */
  void fetched(MetadataConnection connection, List<ByteBuffer> parts) {
    Thread.ofVirtual().name("metainfo-" + wanted.infoHash()).start(() -> check(connection, parts));
  }

  private void check(MetadataConnection connection, List<ByteBuffer> parts) {
    try {
      var metainfo = metainfo(parts);
      loop.execute(
          () -> {
            connection.checked();
            future.complete(metainfo);
          });
    } catch (IOException | RuntimeException e) {
      var cause = e instanceof IOException io ? io : new IOException(e);
      loop.execute(
          () -> {
            connection.checked();
            connection.failed(cause);
          });
    }
  }

  private Metainfo metainfo(List<ByteBuffer> parts) throws IOException {
    var digest = PieceDigest.sha1();
    for (var part : parts) digest.update(part.duplicate());
    if (!InfoHash.of(digest.digest()).equals(wanted.infoHash()))
      throw new ProtocolException("its metadata does not match the info-hash");
    var whole = wanted.keeper().keep(parts);
    parts.clear();
    return Metainfo.ofInfo(whole);
  }

  private void dial() {
    if (retry != null) retry.cancel();
    retry = null;
    if (future.isDone()) return;
    for (var address : book.take(atOnce - busy, loop.now())) {
      busy++;
      Dialling.dial(this, address, shared);
    }
    var wait = book.untilNext(loop.now());
    if (busy < atOnce && wait != Long.MAX_VALUE) retry = loop.after(wait, this::dial);
  }

  private void widen() {
    if (future.isDone() || atOnce == AT_MOST) return;
    atOnce++;
    widening = loop.after(ONE_MORE, this::widen);
    dial();
  }

  private void stop() {
    if (retry != null) retry.cancel();
    widening.cancel();
    for (var connection : List.copyOf(live)) connection.close();
    live.clear();
  }
}
