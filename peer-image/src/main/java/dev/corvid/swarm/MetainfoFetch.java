package dev.corvid.swarm;

import dev.corvid.metainfo.InfoHash;
import dev.corvid.metainfo.Metainfo;
import java.io.IOException;
import java.net.InetSocketAddress;
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
 * Fetches an info dictionary from neighbours (BEP 9): two are asked at a time, each for the whole;
 * the first whose bytes have the right hash wins. Who fails is asked again later.
 */
final class MetainfoFetch implements Party {
  private static final Logger LOG = Logger.getLogger(MetainfoFetch.class.getName());
  private static final int AT_ONCE = 2;

  private final Loop loop;
  private final Session.Shared shared;
  private final Handshake handshake;
  private final AddressBook book;
  private final Collection<InetSocketAddress> neighbours;
  private final CompletableFuture<Metainfo> future;
  private final Set<MetadataConnection> live = new LinkedHashSet<>();
  private Loop.Timer retry;
  private int busy;

  MetainfoFetch(
      Loop loop,
      Session.Shared shared,
      InfoHash infoHash,
      Collection<InetSocketAddress> neighbours,
      CompletableFuture<Metainfo> future,
      RandomGenerator random) {
    this.loop = loop;
    this.shared = shared;
    this.handshake = new Handshake(infoHash, shared.peerId(), true, true);
    this.neighbours = List.copyOf(neighbours);
    this.book = new AddressBook(random);
    this.future = future;
  }

  /** Runs once, on the loop. */
  void start() {
    future.whenComplete((_, _) -> loop.execute(this::stop));
    book.add(neighbours, loop.now());
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
    unreachable(address, cause);
  }

  void fetched(byte[] info) throws IOException {
    if (!InfoHash.ofInfo(java.nio.ByteBuffer.wrap(info)).equals(handshake.infoHash())) {
      throw new ProtocolException("its metadata does not match the info-hash");
    }
    future.complete(Metainfo.ofInfo(info));
  }

  private void dial() {
    if (retry != null) retry.cancel();
    retry = null;
    if (future.isDone()) return;
    for (var address : book.take(AT_ONCE - busy, loop.now())) {
      busy++;
      Dialling.dial(this, address, shared.options());
    }
    var wait = book.untilNext(loop.now());
    if (busy < AT_ONCE && wait != Long.MAX_VALUE) retry = loop.after(wait, this::dial);
  }

  private void stop() {
    if (retry != null) retry.cancel();
    for (var connection : List.copyOf(live)) connection.close();
    live.clear();
  }
}
