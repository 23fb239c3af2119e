package dev.corvid.bittorrent.policy;

/**
 * How many neighbours on other machines announced each piece. What is on this machine shares its
 * link, and is no copy that others could get faster.
 */
final class CopiesElsewhere {
  private final int[] copies;
  private int missing;

  CopiesElsewhere(int pieceCount) {
    copies = new int[pieceCount];
    missing = pieceCount;
  }

  int of(int piece) {
    return copies[piece];
  }

  boolean isWhole() {
    return missing == 0;
  }

  void came(PeerState n) {
    if (!n.sameHost) {
      n.has.stream().forEach(this::add);
    }
  }

  void left(PeerState n) {
    if (!n.sameHost) {
      n.has.stream().forEach(this::remove);
    }
  }

  /**
   * @return whether it is the first copy
   */
  boolean announced(PeerState n, int piece) {
    return !n.sameHost && add(piece);
  }

  private boolean add(int piece) {
    if (copies[piece]++ > 0) {
      return false;
    }
    missing--;
    return true;
  }

  private void remove(int piece) {
    if (--copies[piece] == 0) {
      missing++;
    }
  }
}
