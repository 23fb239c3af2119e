package dev.corvid.bittorrent.swarm;

import dev.corvid.bittorrent.TorrentStats;
import dev.corvid.bittorrent.metainfo.Metainfo;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One torrent that takes part in a swarm. Thread-safe; every call returns at once, except {@link
 * #close}.
 */
public final class Torrent implements JoinedTorrent {
  private final Metainfo metainfo;
  private final TorrentSession session;
  private final Counters counters;
  private final Runnable closed;

  Torrent(Metainfo metainfo, TorrentSession session, Counters counters, Runnable closed) {
    this.metainfo = metainfo;
    this.session = session;
    this.counters = counters;
    this.closed = closed;
  }

  public Metainfo metainfo() {
    return metainfo;
  }

  @Override
  public void addNeighbours(Collection<InetSocketAddress> addresses) {
    var copy = List.copyOf(addresses);
    session.loop().execute(() -> session.addNeighbours(copy));
  }

  @Override
  public void seeder(InetSocketAddress address) {
    session.loop().execute(() -> session.seeder(address));
  }

  @Override
  public void prioritize(int fromPiece, int toPiece) {
    session.loop().execute(() -> session.prioritize(fromPiece, toPiece));
  }

  @Override
  public void limits(long download, long upload) {
    session.loop().execute(() -> session.limits(download, upload));
  }

  @Override
  public TorrentStats stats() {
    return counters.snapshot(metainfo.pieceCount());
  }

  @Override
  public void close() {
    closed.run();
    if (session.loop().isOwnThread()) {
      session.close();
      return;
    }
    var done = new CompletableFuture<Void>();
    session
        .loop()
        .executeOrDrop(
            () -> {
              session.close();
              done.complete(null);
            },
            () -> done.complete(null));
    done.join();
  }

  TorrentSession session() {
    return session;
  }

  /** The limits of the whole swarm have changed: those that wait look again. */
  void limitsChanged() {
    session.loop().execute(session::limitsChanged);
  }
}
