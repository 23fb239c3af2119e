package dev.corvid.bittorrent.pieces;

import dev.corvid.bittorrent.wire.Message;

/**
 * Where pieces come from: a peer's connection or a web seed. The policy knows it by a number.
 * Confined to its torrent's loop.
 */
public interface PieceSource {
  int id();

  void assignId(int number);

  /** Who this is, also when it is closed. */
  Sender sender();

  /** Asks for what the piece lacks. */
  void fetch(PartialPiece piece);

  /** Whether more of the piece is to come from here. */
  boolean expects(int piece);

  /** Nothing of the piece is wanted from here any more. */
  void cancel(int piece);

  /** It may be asked for more again. */
  void askAgain();

  /** Says something to a peer; a web seed has no use for it. */
  void send(Message message);

  /** What a peer asked for is not served. */
  void refuseAll();

  void close();
}
