package dev.corvid.node.release;

import dev.corvid.bittorrent.MetainfoKeeper;
import dev.corvid.bittorrent.Storage;
import dev.corvid.bittorrent.SwarmId;
import dev.corvid.bittorrent.TorrentListener;
import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.bittorrent.TorrentStats;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.swarm.JoinedTorrent;
import dev.corvid.bittorrent.swarm.SwarmEngine;
import dev.corvid.node.SampleRelease;
import dev.corvid.node.SimulatedTime;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/** An engine without sockets: pieces of what is published arrive in simulated time. */
final class SimulatedSwarm implements SwarmEngine {
  private final SimulatedTime time;
  private final RandomGenerator random;
  private final Map<InfoHash, SampleRelease> published = new HashMap<>();
  private final Set<SwarmId> joined = new HashSet<>();
  private boolean online = true;
  private boolean closed;

  SimulatedSwarm(SimulatedTime time, RandomGenerator random, Collection<SampleRelease> published) {
    this.time = time;
    this.random = random;
    published.forEach(each -> this.published.put(each.metainfo.infoHash(), each));
  }

  /** Whether anything arrives. */
  void online(boolean now) {
    online = now;
  }

  /** The process has ended: nothing of it runs any more. */
  void close() {
    closed = true;
  }

  @Override
  public JoinedTorrent add(
      SwarmId id,
      Metainfo metainfo,
      Storage storage,
      TorrentOptions torrentOptions,
      TorrentListener listener) {
    if (!joined.add(id)) {
      throw new IllegalStateException("The torrent " + id + " is in the swarm already.");
    }
    return new SimulatedTorrent(id, metainfo, storage, torrentOptions.onlyFirst(), listener);
  }

  @Override
  public CompletableFuture<Metainfo> fetchMetainfo(
      SwarmId id,
      InfoHash infoHash,
      Collection<InetSocketAddress> neighbours,
      MetainfoKeeper keeper) {
    var fetched = new CompletableFuture<Metainfo>();
    time.after(pause(5000), () -> fetch(infoHash, keeper, fetched));
    return fetched;
  }

  @Override
  public void addNeighbours(SwarmId id, Collection<InetSocketAddress> neighbours) {}

  @Override
  public void zone(String name) {}

  private void fetch(
      InfoHash infoHash, MetainfoKeeper keeper, CompletableFuture<Metainfo> fetched) {
    if (closed || fetched.isDone()) {
      return;
    }
    if (online) {
      try {
        keeper.keep(List.of(published.get(infoHash).metainfo.infoBytes()));
        fetched.complete(published.get(infoHash).metainfo);
        return;
      } catch (IOException e) {
        fetched.completeExceptionally(e);
        return;
      }
    }
    time.after(pause(5000), () -> fetch(infoHash, keeper, fetched));
  }

  private Duration pause(int atMostMillis) {
    return Duration.ofMillis(1 + random.nextInt(atMostMillis));
  }

  private final class SimulatedTorrent implements JoinedTorrent {
    private final SwarmId id;
    private final Metainfo metainfo;
    private final Storage storage;
    private final int end;
    private final TorrentListener listener;
    private final BitSet verified;
    private long downloaded;
    private long corrupt;
    private boolean left;

    SimulatedTorrent(
        SwarmId id, Metainfo metainfo, Storage storage, int onlyFirst, TorrentListener listener) {
      this.id = id;
      this.metainfo = metainfo;
      this.storage = storage;
      this.end = onlyFirst == 0 ? metainfo.pieceCount() : onlyFirst;
      this.listener = listener;
      this.verified = storage.verified();
      time.after(pause(20), this::tick);
    }

    private void tick() {
      if (closed || left) {
        return;
      }
      int missing = verified.nextClearBit(0);
      if (missing >= metainfo.pieceCount()) {
        listener.completed();
        return;
      }
      if (online && missing < end) {
        int luck = random.nextInt(40);
        if (luck == 0) {
          corrupt++;
          listener.pieceCorrupt(missing, List.of("10.0.0.9:6881"));
        } else if (!receive(missing)) {
          return;
        }
      } else {
        listener.needNeighbours();
      }
      time.after(pause(online ? 4000 : 20_000), this::tick);
    }

    /** Whether the disk took it. */
    private boolean receive(int piece) {
      int length = metainfo.pieceLength(piece);
      var bytes = ByteBuffer.allocate(length);
      try {
        published.get(metainfo.infoHash()).whole().read(metainfo.pieceOffset(piece), bytes);
        storage.write(metainfo.pieceOffset(piece), bytes.flip());
        storage.pieceVerified(piece);
      } catch (IOException e) {
        left = true;
        listener.storageFailed(e);
        return false;
      }
      downloaded += length;
      verified.set(piece);
      listener.pieceVerified(piece);
      return true;
    }

    @Override
    public void addNeighbours(Collection<InetSocketAddress> addresses) {}

    @Override
    public void seeder(InetSocketAddress address) {}

    @Override
    public void prioritize(int fromPiece, int toPiece) {}

    @Override
    public void limits(long download, long upload) {}

    @Override
    public TorrentStats stats() {
      int pieces = metainfo.pieceCount();
      return new TorrentStats(
          downloaded, 0, 0, 0, 0, 0, verified.cardinality(), pieces, 1, corrupt, 0);
    }

    @Override
    public void close() {
      left = true;
      joined.remove(id);
    }
  }
}
