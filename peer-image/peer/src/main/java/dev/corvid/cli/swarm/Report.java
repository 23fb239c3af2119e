package dev.corvid.cli.swarm;

import dev.corvid.bittorrent.TorrentStats;
import dev.corvid.bittorrent.metainfo.InfoHash;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/** What a running {@code seed} or {@code get} tells its user. Thread-safe. */
interface Report extends AutoCloseable {
  void listening(InetSocketAddress address, InfoHash infoHash);

  /** The first piece was verified. */
  void firstPiece();

  /**
   * @param verifiedBytes of the content so far
   */
  void progress(long verifiedBytes, TorrentStats stats);

  /** All is verified and synced to disk. */
  void complete(Path path, long bytes, Duration taken);

  /** Something that mends itself, such as a tracker that is down. */
  void trouble(String what);

  void totals(TorrentStats stats);

  @Override
  void close();
}
