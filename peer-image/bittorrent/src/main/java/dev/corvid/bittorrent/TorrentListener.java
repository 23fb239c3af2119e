package dev.corvid.bittorrent;

import java.io.IOException;
import java.util.List;

/**
 * What a torrent reports to its owner. Called on an engine thread that moves data for many peers:
 * hand longer work to a thread of your own. Calls for one torrent never overlap.
 */
public interface TorrentListener {
  /**
   * A piece was verified and is in the storage. Not called for pieces verified before the torrent
   * was added.
   */
  default void pieceVerified(int piece) {}

  /**
   * A piece came whole and is not what was published: it was thrown away, and is fetched again.
   *
   * @param senders of its bytes, addresses or URLs
   */
  default void pieceCorrupt(int piece, List<String> senders) {}

  /** Every piece is verified. Called once; for a torrent added whole, right after it was added. */
  default void completed() {}

  /**
   * The storage failed and the torrent has stopped: its connections are closed. Close it, and add
   * it again when cured.
   */
  default void storageFailed(IOException cause) {}

  /**
   * Fewer than eight neighbours are live and the torrent is not complete. Asked again no sooner
   * than after ten seconds.
   */
  default void needNeighbours() {}
}
