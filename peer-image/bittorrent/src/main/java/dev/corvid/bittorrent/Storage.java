package dev.corvid.bittorrent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.BitSet;

/**
 * Where the bytes of one torrent live. Offsets are torrent offsets: files one after the other in
 * metainfo order, padding included. Padding is never stored: writes into it are dropped, reads
 * yield zeros.
 *
 * <p>One engine thread at a time calls the reading and writing methods of a storage, always the
 * same one while the torrent is open; a call should not take longer than the disk does. An {@link
 * IOException} stops the torrent and is handed to {@link TorrentListener#storageFailed}.
 */
public interface Storage {
  /** Bytes of what {@link #present} counts in. */
  int UNIT = 4 << 10;

  /**
   * Pieces that are whole and verified when the torrent is added; the engine takes the set over and
   * asks once.
   */
  BitSet verified();

  /**
   * Units of an unverified piece that are in the storage nevertheless, because they were found on
   * this machine; never all of them. Only the others are fetched; the piece is hashed with both,
   * and if it is wrong, all of it is fetched.
   */
  default BitSet present(int piece) {
    return new BitSet();
  }

  /**
   * Writes all remaining bytes of {@code data} at {@code offset}; they are not verified yet and may
   * be written again.
   */
  void write(long offset, ByteBuffer data) throws IOException;

  /**
   * Fills {@code target} from {@code offset}. The range was written before, though perhaps not
   * verified.
   */
  void read(long offset, ByteBuffer target) throws IOException;

  /**
   * Sends up to {@code count} bytes of verified pieces to a non-blocking {@code target}, without
   * copying where the range lies in one file. May send less, and sends 0 when the target takes
   * nothing now; never blocks on the target.
   */
  long transferTo(long offset, long count, WritableByteChannel target) throws IOException;

  /** The SHA-1 of {@code piece} matched; every byte of it was handed to {@link #write} before. */
  void pieceVerified(int piece) throws IOException;
}
