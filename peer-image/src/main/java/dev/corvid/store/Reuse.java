package dev.corvid.store;

import dev.corvid.metainfo.Metainfo;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Takes from a revision that is here already what a new one has in common with it: each piece is
 * put together from the files of the same paths and counts if it has the SHA-1 of the new one. So
 * files that are unchanged at their place are found, and unchanged parts of large ones; what was
 * moved or has shifted is not.
 *
 * <p>Where nothing fits it soon gives up: at most {@value #PATIENCE} pieces more than were found
 * are read in vain.
 */
final class Reuse {
  private static final int PATIENCE = 64;
  private static final int TRIES_IN_A_FILE = 4;
  private static final int BUFFER_BYTES = 256 << 10;

  private final TorrentFiles held;
  private final Metainfo wanted;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

  /**
   * @param held the files of the held revision, under the metainfo of the wanted one
   */
  Reuse(TorrentFiles held) {
    this.held = held;
    this.wanted = held.metainfo();
  }

  /** Copies what fits, and tells the download piece by piece. */
  void into(Download download) throws IOException {
    var patience = PATIENCE;
    var missedInARow = 0;
    for (var piece = 0; piece < wanted.pieceCount() && patience > 0; piece++) {
      if (held.matches(piece, buffer)) {
        copy(piece, download);
        patience++;
        missedInARow = 0;
      } else {
        patience--;
        missedInARow++;
      }
      if (missedInARow == TRIES_IN_A_FILE) {
        piece = Math.max(piece, held.lastPiece(wanted.fileAt(wanted.pieceOffset(piece))));
        missedInARow = 0;
      }
    }
  }

  private void copy(int piece, Download download) throws IOException {
    var end = wanted.pieceOffset(piece) + wanted.pieceLength(piece);
    for (var at = wanted.pieceOffset(piece); at < end; ) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
      held.read(at, buffer);
      download.write(at, buffer.flip());
      at += buffer.limit();
    }
    download.reused(piece);
  }
}
