package dev.corvid.bittorrent.policy;

import java.util.List;

/**
 * A peer on the seeder's machine shares its uplink: what it sends before one copy is out delays
 * that copy, and with it all others. So it serves no Corvid peer until its neighbours on other
 * machines together have every piece.
 *
 * <pre>
 * waiting      -- a whole neighbour on this machine --> holding back
 * holding back -- that neighbour leaves             --> waiting
 * both         -- every piece is elsewhere          --> over
 * both         -- uploads are limited               --> over
 * holding back -- others ask, and no first copy comes out for {@value #STALLED_SECONDS} s: they may
 *                 not reach the seeder              --> over
 * </pre>
 */
final class SharedUplink {
  /** Ten pieces of 4 MiB that are sent at the same time take as long at 25 Mbit/s. */
  private static final long STALLED_SECONDS = 15;

  private static final long STALLED = STALLED_SECONDS * 1_000_000_000L;

  private final int pieces;
  private final CopiesElsewhere elsewhere;
  private final List<PeerState> neighbours;
  private boolean over;
  private long progressAt;

  SharedUplink(int pieces, CopiesElsewhere elsewhere, List<PeerState> neighbours) {
    this.pieces = pieces;
    this.elsewhere = elsewhere;
    this.neighbours = neighbours;
  }

  /** Restarts the time without progress: a first copy is elsewhere, or the first peer asks. */
  void progress(long now) {
    progressAt = now;
  }

  /** From now on every peer is served. */
  void end() {
    over = true;
  }

  boolean holdsBack() {
    return !over && !elsewhere.isWhole() && neighbours.stream().anyMatch(this::isSeeder);
  }

  /**
   * @param asked whether a Corvid peer waits to be served
   */
  void tick(boolean asked, long now) {
    over |= elsewhere.isWhole() || (asked && holdsBack() && now - progressAt > STALLED);
  }

  private boolean isSeeder(PeerState n) {
    return n.sameHost && n.has.nextClearBit(0) >= pieces;
  }
}
