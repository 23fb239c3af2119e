package dev.corvid.swarm;

import java.io.IOException;

/**
 * What a torrent tells its owner. Called on an engine thread that moves data for many peers: hand
 * longer work to a thread of your own. Calls for one torrent never overlap.
 */
public interface TorrentListener {
  /**
   * A piece was verified and is in the storage. Not called for pieces verified before the torrent
   * was added.
   */
  default void pieceVerified(int piece) {}

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
