package dev.corvid.bittorrent.net;

import dev.corvid.bittorrent.pieces.PieceSource;
import dev.corvid.bittorrent.pieces.StorageException;
import dev.corvid.bittorrent.wire.Message;
import dev.corvid.bittorrent.wire.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Optional;

/** What a {@link Connection} reports to its torrent. Called on the torrent's loop. */
public interface ConnectionListener {
  /**
   * The handshakes are done: sends the first messages.
   *
   * @return the pieces that were announced to the peer
   */
  BitSet opened(Connection connection);

  /**
   * The peer has introduced itself, and may be asked and served from now on.
   *
   * @param has its pieces
   * @param announced what {@link #opened} returned
   * @return false if there is no room or no use for it, and it is to be closed
   */
  boolean joined(Connection connection, BitSet has, BitSet announced);

  void have(Connection connection, BitSet pieces);

  void have(Connection connection, int piece);

  void choked(Connection connection);

  void unchoked(Connection connection);

  void interested(Connection connection);

  void notInterested(Connection connection);

  /** Whether a request for a block of the piece is answered with it. */
  boolean serves(Connection connection, int piece);

  void requested(Connection connection, int piece);

  /** The peer cancelled all that it had requested of the piece. */
  void withdrawn(Connection connection, int piece);

  void rejected(Connection connection, Message.Request block);

  void blockBegins(Connection connection, int piece, int begin, int length)
      throws ProtocolException;

  /** Bytes of the block that began last; consumed whole. */
  void received(PieceSource source, int piece, ByteBuffer bytes) throws IOException;

  /** There may be room for more requests. */
  void wantsRequests(Connection connection);

  /** The answer to a message of ut_metadata (BEP 9). */
  Optional<byte[]> metadata(byte[] payload, boolean busy) throws IOException;

  /** Payload was written. */
  void sent(Connection connection, int bytes);

  void storageFailed(StorageException cause);

  /**
   * @param wasJoined whether {@link #joined} was called
   */
  void closed(Connection connection, boolean wasJoined);
}
