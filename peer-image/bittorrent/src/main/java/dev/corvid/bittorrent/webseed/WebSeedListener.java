package dev.corvid.bittorrent.webseed;

import dev.corvid.bittorrent.pieces.PieceSource;
import dev.corvid.bittorrent.pieces.StorageException;
import dev.corvid.bittorrent.wire.Message;
import dev.corvid.bittorrent.wire.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What a {@link WebSeedPeer} reports to its torrent. Called on the torrent's loop. */
public interface WebSeedListener {
  /** Whether nothing is left to fetch. */
  boolean complete();

  /** It has every piece, and sends whenever it is asked. */
  void joined(WebSeedPeer seed);

  /** Nothing comes from it any more, for now. */
  void left(PieceSource seed);

  /** It can be asked for more pieces. */
  void wantsMore(WebSeedPeer seed);

  /** It is asked for a block, whose bytes are the next that it brings. */
  void requested(WebSeedPeer seed, Message.Request block) throws ProtocolException;

  /** Bytes of the block; consumed whole. */
  void received(PieceSource seed, int piece, ByteBuffer bytes) throws IOException;

  /** Nothing more of the piece comes from it, not even the rest of a block. */
  void dropped(WebSeedPeer seed, int piece);

  void storageFailed(StorageException cause);
}
