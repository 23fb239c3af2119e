package dev.corvid.bittorrent.swarm;

import dev.corvid.bittorrent.MetainfoKeeper;
import dev.corvid.bittorrent.PeerId;
import dev.corvid.bittorrent.RejectReason;
import dev.corvid.bittorrent.Storage;
import dev.corvid.bittorrent.SwarmId;
import dev.corvid.bittorrent.SwarmOptions;
import dev.corvid.bittorrent.TorrentListener;
import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.bittorrent.metadata.MetadataBudget;
import dev.corvid.bittorrent.metadata.MetainfoFetch;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.net.Acceptor;
import dev.corvid.bittorrent.net.FairRate;
import dev.corvid.bittorrent.net.Loop;
import dev.corvid.bittorrent.net.SwarmContext;
import dev.corvid.bittorrent.net.TorrentEndpoint;
import dev.corvid.bittorrent.peers.RejectCounters;
import dev.corvid.bittorrent.pieces.PieceStorage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One process's part in any number of swarms: a listener, a few selector threads and limits shared
 * by its torrents. Thread-safe.
 */
public final class Swarm implements SwarmEngine, AutoCloseable {
  private final SwarmOptions options;
  private final List<Loop> loops;
  private final Acceptor acceptor;
  private final InetSocketAddress address;
  private final SwarmContext context;
  private final MetadataBudget metadataBudget =
      new MetadataBudget(Runtime.getRuntime().maxMemory());
  private final RejectCounters rejects = new RejectCounters();
  private final Map<SwarmId, Torrent> torrents = new ConcurrentHashMap<>();
  private final Map<SwarmId, MetainfoFetch> fetches = new ConcurrentHashMap<>();
  private final AtomicInteger turn = new AtomicInteger();
  private volatile boolean closed;

  private Swarm(SwarmOptions options, List<Loop> loops) throws IOException {
    this.options = options;
    this.loops = loops;
    acceptor = new Acceptor(loops.getFirst(), options, this::endpoint, rejects);
    address = acceptor.address();
    var now = System.nanoTime();
    context =
        new SwarmContext(
            options,
            PeerId.random(new java.security.SecureRandom()),
            address.getPort(),
            new AtomicReference<>(""),
            new FairRate(options.downloadLimit(), now),
            new FairRate(options.uploadLimit(), now),
            rejects);
    loops.getFirst().execute(acceptor::start);
  }

  /**
   * Binds the listener and starts the threads.
   *
   * @throws IOException if the address cannot be bound; the message names it
   */
  public static Swarm open(SwarmOptions options) throws IOException {
    var loops = new ArrayList<Loop>();
    try {
      for (var i = 0; i < options.threads(); i++) {
        loops.add(new Loop("swarm-" + i));
      }
      return new Swarm(options, List.copyOf(loops));
    } catch (IOException e) {
      loops.forEach(Loop::close);
      throw e;
    }
  }

  /** Where peers are accepted, with the port that the kernel chose. */
  public InetSocketAddress address() {
    return address;
  }

  /** What this process calls itself towards other peers, and so towards trackers. */
  public PeerId peerId() {
    return context.peerId();
  }

  /**
   * Takes part in a torrent under its info-hash, see {@link #add(SwarmId, Metainfo, Storage,
   * TorrentOptions, TorrentListener)}.
   */
  public Torrent add(
      Metainfo metainfo, Storage storage, TorrentOptions torrentOptions, TorrentListener listener) {
    return add(SwarmId.of(metainfo.infoHash()), metainfo, storage, torrentOptions, listener);
  }

  @Override
  public Torrent add(
      SwarmId id,
      Metainfo metainfo,
      Storage storage,
      TorrentOptions torrentOptions,
      TorrentListener listener) {
    if (closed) {
      throw new IllegalStateException("The swarm is closed.");
    }
    var counters = new Counters();
    var session =
        new TorrentSession(
            nextLoop(),
            context,
            id,
            new PieceStorage(metainfo, storage),
            torrentOptions,
            listener,
            counters,
            new SplittableRandom());
    var torrent = new Torrent(metainfo, session, counters, () -> torrents.remove(id));
    if (torrents.putIfAbsent(id, torrent) != null) {
      throw new IllegalStateException(
          "The torrent " + metainfo.infoHash() + " is in the swarm already.");
    }
    session.loop().execute(session::start);
    return torrent;
  }

  /** Fetches the info dictionary of a public swarm, whose name is the info-hash. */
  public CompletableFuture<Metainfo> fetchMetainfo(
      InfoHash infoHash, Collection<InetSocketAddress> neighbours) {
    return fetchMetainfo(SwarmId.of(infoHash), infoHash, neighbours, MetainfoKeeper.IN_MEMORY);
  }

  @Override
  public CompletableFuture<Metainfo> fetchMetainfo(
      SwarmId id,
      InfoHash infoHash,
      Collection<InetSocketAddress> neighbours,
      MetainfoKeeper keeper) {
    if (closed) {
      throw new IllegalStateException("The swarm is closed.");
    }
    var future = new CompletableFuture<Metainfo>();
    var loop = nextLoop();
    var wanted = new MetainfoFetch.Target(id, infoHash, keeper);
    var fetch =
        new MetainfoFetch(
            loop, context, metadataBudget, wanted, neighbours, future, new SplittableRandom());
    fetches.put(id, fetch);
    future.whenComplete((_, _) -> fetches.remove(id, fetch));
    loop.execute(fetch::start);
    return future;
  }

  @Override
  public void addNeighbours(SwarmId id, Collection<InetSocketAddress> neighbours) {
    var fetch = fetches.get(id);
    if (fetch == null) {
      return;
    }
    var copy = List.copyOf(neighbours);
    fetch.loop().execute(() -> fetch.add(copy));
  }

  /** Connections that were refused or ended for what they did, since this swarm was opened. */
  public long refused(RejectReason kind) {
    return rejects.of(kind);
  }

  @Override
  public void zone(String name) {
    context.zone().set(name);
  }

  /** Bytes per second over all torrents, 0 is unlimited; from now on. */
  public void limits(long download, long upload) {
    var now = System.nanoTime();
    context.download().rate(download, now);
    context.upload().rate(upload, now);
    torrents.values().forEach(Torrent::limitsChanged);
  }

  /** Closes every torrent and connection and waits for the threads. */
  @Override
  public void close() {
    closed = true;
    List.copyOf(torrents.values()).forEach(Torrent::close);
    loops.forEach(Loop::close);
  }

  private Loop nextLoop() {
    return loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
  }

  private @Nullable TorrentEndpoint endpoint(SwarmId id) {
    var torrent = torrents.get(id);
    return torrent == null ? fetches.get(id) : torrent.session();
  }
}
