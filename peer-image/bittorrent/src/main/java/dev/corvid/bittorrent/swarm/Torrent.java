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
public final class Torrent implements AutoCloseable {
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

  /**
   * Peers that may have what this torrent lacks; known ones are ignored. Dialled with back-off
   * until the torrent is complete; a complete one dials them once, when they are added.
   */
  public void addNeighbours(Collection<InetSocketAddress> addresses) {
    var copy = List.copyOf(addresses);
    session.loop().execute(() -> session.addNeighbours(copy));
  }

  /**
   * The listening address whose bytes count as {@link TorrentStats#downloadedFromSeeder} from now
   * on; also a neighbour.
   */
  public void seeder(InetSocketAddress address) {
    session.loop().execute(() -> session.seeder(address));
  }

  /** Pieces from {@code fromPiece} to before {@code toPiece} are fetched before all others. */
  public void prioritise(int fromPiece, int toPiece) {
    session.loop().execute(() -> session.prioritise(fromPiece, toPiece));
  }

  /** Bytes per second, 0 is unlimited; from now on. */
  public void limits(long download, long upload) {
    session.loop().execute(() -> session.limits(download, upload));
  }

  public TorrentStats stats() {
    return counters.snapshot(metainfo.pieceCount());
  }

  /**
   * Leaves the swarm. When it returns, the storage is no longer used and the listener no longer
   * called; called by the listener itself, that is so when the listener's call returns.
   */
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
