package dev.corvid.bittorrent.policy;

import java.util.BitSet;
import java.util.random.RandomGenerator;

/**
 * The pieces that are neither here nor on their way, in order of how few neighbours announced them.
 *
 * <p>{@code order} holds the wanted pieces sorted by availability; level {@code a} begins at {@code
 * start[a]}. A piece moves between neighbouring levels by one swap, so an announcement costs O(1),
 * and choosing scans from the rarest up.
 */
final class PiecePicker {
  private final int levels;
  private final int[] order;
  private final int[] position;
  private final int[] start;
  private final int[] available;
  private final BitSet pieces = new BitSet();
  private final BitSet begun = new BitSet();
  private final BitSet urgent = new BitSet();

  PiecePicker(int pieceCount, int maxPeers) {
    levels = maxPeers + 1;
    order = new int[pieceCount];
    position = new int[pieceCount];
    start = new int[levels + 1];
    available = new int[pieceCount];
  }

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  boolean contains(int piece) {
    return pieces.get(piece);
  }

  boolean intersects(BitSet has) {
    return pieces.intersects(has);
  }

  /** How many neighbours announced the piece. */
  int available(int piece) {
    return available[piece];
  }

  /** Whether there is one that no neighbour announced. */
  boolean anyUnavailable() {
    return start[1] > start[0];
  }

  void urgent(int from, int to) {
    urgent.set(from, to);
  }

  void add(int piece) {
    if (pieces.get(piece)) {
      return;
    }
    pieces.set(piece);
    var at = start[levels]++;
    put(piece, at);
    for (var level = levels - 1; level > level(piece); level--) {
      swap(piece, start[level]++);
    }
  }

  /**
   * Wanted again after parts of it arrived: such pieces are finished first, to bound what is open.
   */
  void addBegun(int piece) {
    begun.set(piece);
    add(piece);
  }

  void remove(int piece) {
    if (!pieces.get(piece)) {
      return;
    }
    for (var level = level(piece); level < levels; level++) {
      swap(piece, --start[level + 1]);
    }
    pieces.clear(piece);
    begun.clear(piece);
  }

  void announced(int piece) {
    if (pieces.get(piece) && available[piece] < levels - 1) {
      swap(piece, --start[available[piece] + 1]);
    }
    available[piece]++;
  }

  void withdrawn(int piece) {
    available[piece]--;
    if (pieces.get(piece) && available[piece] < levels - 1) {
      swap(piece, start[available[piece] + 1]++);
    }
  }

  /** The piece to fetch next from a neighbour that has {@code has}, or -1. */
  int choose(BitSet has, RandomGenerator random) {
    if (!pieces.intersects(has)) {
      return -1;
    }
    for (var p = begun.nextSetBit(0); p >= 0; p = begun.nextSetBit(p + 1)) {
      if (has.get(p)) {
        return p;
      }
    }
    for (var p = urgent.nextSetBit(0); p >= 0; p = urgent.nextSetBit(p + 1)) {
      if (pieces.get(p) && has.get(p)) {
        return p;
      }
    }
    for (var level = 0; level < levels; level++) {
      var size = start[level + 1] - start[level];
      if (size == 0) {
        continue;
      }
      var first = random.nextInt(size);
      for (var i = 0; i < size; i++) {
        var piece = order[start[level] + (first + i) % size];
        if (has.get(piece)) {
          return piece;
        }
      }
    }
    return -1;
  }

  private int level(int piece) {
    return Math.min(available[piece], levels - 1);
  }

  private void swap(int piece, int at) {
    var other = order[at];
    var from = position[piece];
    put(piece, at);
    if (other != piece) {
      put(other, from);
    }
  }

  private void put(int piece, int at) {
    order[at] = piece;
    position[piece] = at;
  }
}
