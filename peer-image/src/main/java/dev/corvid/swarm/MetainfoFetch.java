package dev.corvid.swarm;

import dev.corvid.metainfo.InfoHash;
import dev.corvid.metainfo.Metainfo;
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
 * the right hash wins. Who fails is asked again later. All that is held at once is bounded: beyond
 * that, whoever claims most is not believed.
 */
final class MetainfoFetch implements Party {
  private static final Logger LOG = Logger.getLogger(MetainfoFetch.class.getName());
  private static final int AT_FIRST = 2;
  private static final int AT_MOST = 8;
  private static final long ONE_MORE = 3_000_000_000L;

  /** Dictionaries of a hundred thousand files have some 10 MB. */
  private static final long MOST_HELD =
      Math.min(Metainfo.MAX_INFO_BYTES, Runtime.getRuntime().maxMemory() / 4);

  private final Loop loop;
  private final Session.Shared shared;
  private final Handshake handshake;
  private final InfoHash infoHash;
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
      SwarmId swarm,
      InfoHash infoHash,
      Collection<InetSocketAddress> neighbours,
      CompletableFuture<Metainfo> future,
      RandomGenerator random) {
    this.loop = loop;
    this.shared = shared;
    this.handshake = new Handshake(swarm, shared.peerId(), true, true);
    this.infoHash = infoHash;
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

  @Override
  public void greeted(
      SocketChannel channel, InetSocketAddress address, boolean dialled, Handshake theirs) {
    if (future.isDone() || !theirs.extended()) {
      Greeting.close(channel);
      unreachable(address, new IOException("It has no extensions"));
      return;
    }
    var connection = new MetadataConnection(this, channel, address);
    live.add(connection);
    connection.open();
  }

  @Override
  public void unreachable(InetSocketAddress address, IOException cause) {
    LOG.log(Level.FINE, cause, () -> "No metainfo from " + address);
    busy--;
    book.unreachable(address, loop.now());
    dial();
  }

  void failed(MetadataConnection connection, InetSocketAddress address, IOException cause) {
    live.remove(connection);
    shared.refusals().ended(Refusal.METAINFO, cause);
    unreachable(address, cause);
  }

  /** Whether a dictionary of that size may be taken at all. */
  boolean takes(int size) {
    return size <= MOST_HELD;
  }

  /** The connection has got more: is that too much, together with what others have? */
  void held() {
    var sum = 0L;
    MetadataConnection largest = null;
    for (var connection : live) {
      sum += connection.held();
      if (largest == null || connection.size() > largest.size()) largest = connection;
    }
    if (sum > MOST_HELD && largest != null)
      largest.failed(new ProtocolException("it claims most of too much metadata"));
  }

  void fetched(byte[] info) throws IOException {
    if (!InfoHash.ofInfo(ByteBuffer.wrap(info)).equals(infoHash)) {
      throw new ProtocolException("its metadata does not match the info-hash");
    }
    future.complete(Metainfo.ofInfo(info));
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
