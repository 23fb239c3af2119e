package dev.corvid.bittorrent.peers;

/**
 * What happens to two connections with the same peer id. A peer id proves nothing: it is sent in
 * clear, and another process may show it. So two connections are those of one peer only if they
 * come from the same IP address, and if one was opened by each side: a peer listens on one port and
 * dials an address once, so of two in the same direction one belongs to another process, or is
 * dead.
 *
 * <p>Two that dial each other agree without a word on the one to keep: it is for the side with the
 * lesser peer id to decide, which keeps the connection that it has opened. The other side keeps
 * both until one is closed. Payload comes before that rule, since what carries some is a peer and
 * the newcomer may be none: the side that has opened such a connection refuses the newcomer. What
 * has come in is never a reason to hang up on an address that was dialled.
 */
public enum DuplicateConnection {
  KEEP_BOTH,
  KEEP_OLD,
  KEEP_NEW;

  /** How long payload tells that a connection is a peer's. */
  public static final long OF_USE_FOR = 10_000_000_000L;

  /**
   * @param weDecide whether this side has the lesser peer id
   * @param newDialled whether this side has opened the newcomer, and the other side the old one; if
   *     not it is the other way round
   * @param oldInUse whether the old one has carried payload lately
   */
  public static DuplicateConnection verdict(
      boolean weDecide, boolean newDialled, boolean oldInUse) {
    if (newDialled) {
      return weDecide && !oldInUse ? KEEP_NEW : KEEP_BOTH;
    }
    return weDecide || oldInUse ? KEEP_OLD : KEEP_BOTH;
  }
}
