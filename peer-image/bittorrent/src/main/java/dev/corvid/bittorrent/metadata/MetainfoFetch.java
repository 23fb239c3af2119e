package dev.corvid.bittorrent.metadata;

import dev.corvid.bittorrent.MetainfoKeeper;
import dev.corvid.bittorrent.RejectReason;
import dev.corvid.bittorrent.SwarmId;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.metainfo.Sha1;
import dev.corvid.bittorrent.net.Channels;
import dev.corvid.bittorrent.net.Connector;
import dev.corvid.bittorrent.net.Loop;
import dev.corvid.bittorrent.net.SwarmContext;
import dev.corvid.bittorrent.net.TorrentEndpoint;
import dev.corvid.bittorrent.peers.PeerList;
import dev.corvid.bittorrent.wire.Handshake;
import dev.corvid.bittorrent.wire.ProtocolException;
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
 * and one more every few seconds, since some may be slow; the first whose bytes have the right hash
 * wins. One that fails is retried later; if what came cannot be kept, all of it ends. Peers that
 * connect to this side are asked as well, as they may not be reachable. What all fetches of the
 * process hold at once is bounded by the {@link MetadataBudget}, in which torrents take turns.
 */
public final class MetainfoFetch implements TorrentEndpoint {
  private static final Logger LOG = Logger.getLogger(MetainfoFetch.class.getName());
  private static final int INITIAL_PARALLEL = 2;
  private static final int MAX_PARALLEL = 8;
  private static final int MAX_ACCEPTED = 32;
  private static final long ONE_MORE = 3_000_000_000L;

  /**
   * What is fetched.
   *
   * @param swarm in which neighbours are asked
   */
  public record Target(SwarmId swarm, InfoHash infoHash, MetainfoKeeper keeper) {}

  private final Loop loop;
  private final SwarmContext context;
  private final MetadataBudget budget;
  private final Handshake handshake;
  private final Target target;
  private final MetadataBudget.Claims claims;
  private final PeerList peerList;
  private final Collection<InetSocketAddress> neighbours;
  private final CompletableFuture<Metainfo> future;
  private final Set<MetadataConnection> live = new LinkedHashSet<>();
  private Loop.Timer retry = Loop.Timer.NONE;
  private Loop.Timer widening = Loop.Timer.NONE;
  private int parallel = INITIAL_PARALLEL;
  private int active;

  public MetainfoFetch(
      Loop loop,
      SwarmContext context,
      MetadataBudget budget,
      Target target,
      Collection<InetSocketAddress> neighbours,
      CompletableFuture<Metainfo> future,
      RandomGenerator random) {
    this.loop = loop;
    this.context = context;
    this.budget = budget;
    this.handshake = new Handshake(target.swarm(), context.peerId(), true, true);
    this.target = target;
    this.claims = budget.claims();
    this.neighbours = List.copyOf(neighbours);
    this.peerList = new PeerList(random);
    this.future = future;
  }

  /** Runs once, on the loop. */
  public void start() {
    future.whenComplete((_, _) -> loop.execute(this::stop));
    peerList.add(neighbours, loop.now());
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
  public void add(Collection<InetSocketAddress> more) {
    peerList.add(more, loop.now());
    dial();
  }

  @Override
  public void handshaken(
      SocketChannel channel, InetSocketAddress address, boolean dialled, Handshake theirs) {
    if (future.isDone() || !theirs.extended()) {
      Channels.close(channel);
      if (dialled) {
        unreachable(address, new IOException("It has no extensions"));
      }
      return;
    }
    if (!dialled) {
      makeRoom();
    }
    var connection = new MetadataConnection(this, channel, address, dialled);
    live.add(connection);
    connection.open();
  }

  /** Of too many that came by themselves, the first of those that have given least. */
  private void makeRoom() {
    MetadataConnection least = null;
    var accepted = 0;
    for (var connection : live) {
      if (connection.dialled()) {
        continue;
      }
      accepted++;
      if (least == null || connection.held() < least.held()) {
        least = connection;
      }
    }
    if (least == null || accepted < MAX_ACCEPTED) {
      return;
    }
    context.rejects().count(RejectReason.TOO_MANY);
    least.failed(new IOException("It gave way to another connection"));
  }

  @Override
  public void unreachable(InetSocketAddress address, IOException cause) {
    LOG.log(Level.FINE, cause, () -> "No metainfo from " + Addresses.text(address));
    active--;
    peerList.unreachable(address, loop.now());
    dial();
  }

  void failed(MetadataConnection connection, InetSocketAddress address, IOException cause) {
    live.remove(connection);
    context.rejects().ended(RejectReason.METAINFO, cause);
    if (connection.dialled()) {
      unreachable(address, cause);
    }
  }

  MetadataBudget budget() {
    return budget;
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
    Thread.ofVirtual().name("metainfo-" + target.infoHash()).start(() -> check(connection, parts));
  }

  private void check(MetadataConnection connection, List<ByteBuffer> parts) {
    ByteBuffer whole;
    try {
      requireRightHash(parts);
    } catch (ProtocolException e) {
      conclude(connection, () -> connection.failed(e));
      return;
    }
    try {
      whole = target.keeper().keep(parts);
      parts.clear();
    } catch (IOException | RuntimeException e) {
      // The same from another neighbour would not be kept either: the owner of the fetch decides.
      conclude(connection, () -> future.completeExceptionally(e));
      return;
    }
    try {
      var metainfo = Metainfo.ofInfo(whole);
      conclude(connection, () -> future.complete(metainfo));
    } catch (IOException | RuntimeException e) {
      var cause = e instanceof IOException io ? io : new IOException(e);
      conclude(connection, () -> connection.failed(cause));
    }
  }

  private void conclude(MetadataConnection connection, Runnable outcome) {
    loop.execute(
        () -> {
          connection.checked();
          outcome.run();
        });
  }

  private void requireRightHash(List<ByteBuffer> parts) throws ProtocolException {
    var digest = Sha1.digest();
    for (var part : parts) {
      digest.update(part.duplicate());
    }
    if (!InfoHash.of(digest.digest()).equals(target.infoHash())) {
      throw new ProtocolException("its metadata does not match the info-hash");
    }
  }

  private void dial() {
    retry.cancel();
    if (future.isDone()) {
      return;
    }
    for (var address : peerList.take(parallel - active, loop.now())) {
      active++;
      Connector.dial(this, address, context);
    }
    var wait = peerList.untilNext(loop.now());
    if (active < parallel && wait != Long.MAX_VALUE) {
      retry = loop.after(wait, this::dial);
    }
  }

  private void widen() {
    if (future.isDone() || parallel == MAX_PARALLEL) {
      return;
    }
    parallel++;
    widening = loop.after(ONE_MORE, this::widen);
    dial();
  }

  private void stop() {
    retry.cancel();
    widening.cancel();
    for (var connection : List.copyOf(live)) {
      connection.close();
    }
    live.clear();
  }
}
