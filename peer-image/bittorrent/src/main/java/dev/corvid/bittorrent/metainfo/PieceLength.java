package dev.corvid.bittorrent.metainfo;

/**
 * The piece length for a content of a given size: about a thousand pieces where the bounds allow,
 * enough for many peers to hold different ones, few enough that announcing them costs little.
 */
public final class PieceLength {
  public static final int MIN = 256 << 10;
  public static final int MAX = 4 << 20;
  private static final int PIECES = 1_000;

  private PieceLength() {}

  /** The largest power of two between the bounds that still gives a thousand pieces. */
  public static int forSize(long totalLength) {
    var length = MIN;
    while (length < MAX && totalLength / (length * 2L) >= PIECES) {
      length *= 2;
    }
    return length;
  }
}
