package dev.corvid.bittorrent.policy;

/** One piece on its way from one neighbour, as the policy sees it. */
final class PieceDownload {
  final PeerState from;
  final int piece;
  final long began;

  /**
   * Whether the neighbour had nothing else to send when it was asked: its first byte then tells the
   * round trip.
   */
  final boolean first;

  long firstByteAt;
  long received;
  private int firstBytes;

  /** Bytes asked for that have not come yet; no progress counts only while there are some. */
  long due;

  /**
   * When bytes came last, or when they became due: not before those that were asked for earlier.
   */
  long progressedAt;

  /** So close to its end that the next piece is reserved already. */
  boolean ending;

  PieceDownload(PeerState from, int piece, long now) {
    this.from = from;
    this.piece = piece;
    this.began = now;
    this.first = from.downloads == 0;
    this.progressedAt = now;
  }

  void asked(int bytes, long now) {
    if (due <= 0) {
      progressedAt = now;
    }
    due += bytes;
  }

  void arrived(int bytes, long now) {
    if (received == 0) {
      firstByteAt = now;
      firstBytes = bytes;
    }
    received += bytes;
    due -= bytes;
    progressedAt = now;
  }

  /**
   * Whether nothing comes any more: from the neighbour, whose other pieces may come before this one
   * (on a link of 15 Mbit/s eight of 256 KiB take more than a second), or of this one for very
   * long.
   */
  boolean stalled(long now) {
    if (due <= 0) {
      return false;
    }
    var silent = now - Math.max(progressedAt, from.sentAt);
    return silent > (from.corvidPeer ? PieceRequester.STALL : PieceRequester.FOREIGN_STALL)
        || now - progressedAt > PieceRequester.FOREIGN_STALL;
  }

  /** Nanoseconds until {@code remaining} bytes have come at the rate seen so far. */
  long expected(long remaining, long now) {
    // What came with the first byte took no time that could be seen.
    var timed = received - firstBytes;
    return timed <= 0 ? Long.MAX_VALUE : (long) ((double) remaining * (now - firstByteAt) / timed);
  }
}
