package dev.corvid.bittorrent.pieces;

/** Receives how pieces ended. Called on the torrent's loop. */
public interface PieceListener {
  /** Bytes came that are of no use. */
  void wasted(int bytes);

  /** The piece matches its SHA-1 and is in the storage. */
  void verified(int piece) throws StorageException;

  /** The piece is complete and does not match its SHA-1. */
  void corrupt(PartialPiece piece);

  /** Bytes came from there that are not in the piece; it may be gone by now. */
  void sentCorrupt(Sender sender);

  void storageFailed(StorageException cause);
}
