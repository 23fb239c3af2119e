package dev.corvid.bittorrent.swarm;

import dev.corvid.bittorrent.TorrentStats;
import java.net.InetSocketAddress;
import java.util.Collection;

/**
 * What the owner of a torrent does with it: with {@link SwarmEngine} the boundary at which a test
 * plays the network. Thread-safe; every call returns at once, except {@link #close}.
 */
public interface JoinedTorrent extends AutoCloseable {
  /**
   * Peers that may have what this torrent lacks; known ones are ignored. Dialled with back-off
   * until the torrent is complete; a complete one dials them once, when they are added.
   */
  void addNeighbours(Collection<InetSocketAddress> addresses);

  /**
   * The listening address whose bytes count as {@link TorrentStats#downloadedFromSeeder} from now
   * on; also a neighbour.
   */
  void seeder(InetSocketAddress address);

  /** Pieces from {@code fromPiece} to before {@code toPiece} are fetched before all others. */
  void prioritize(int fromPiece, int toPiece);

  /** Bytes per second, 0 is unlimited; from now on. */
  void limits(long download, long upload);

  TorrentStats stats();

  /**
   * Leaves the swarm. When it returns, the storage is no longer used and the listener no longer
   * called; called by the listener itself, that is so when the listener's call returns.
   */
  @Override
  void close();
}
