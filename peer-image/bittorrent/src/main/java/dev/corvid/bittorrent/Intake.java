package dev.corvid.bittorrent;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * What this side fetches from whom. At most {@code width} pieces are in flight over all of our own
 * kind: an invitation is taken while there is free intake and declined at once otherwise, so that
 * the other side invites somebody else. The next piece is reserved when one is about to end.
 * Strangers give at their own pace and do not count. While {@code yields}, our own are asked for
 * nothing.
 *
 * <pre>
 * wanted    -- invitation and free intake --> in flight
 * in flight -- good                       --> have
 * in flight -- bad                        --> wanted
 * in flight -- gone, choked, rejected, no progress, far slower than others, forsaken --> wanted, begun
 * </pre>
 */
final class Intake {
  static final long STALL = 2_000_000_000L;
  static final long STRANGER_STALL = 20_000_000_000L;
  static final long SNUB = 10_000_000_000L;
  private static final long SLOW_AT_LEAST = 1_000_000_000L;
  private static final int MOST_SOURCES = 3;

  /** Bytes that a piece still lacks; the policy does not know blocks. */
  interface Remaining {
    long of(int piece);
  }

  private final int width;
  private final Wanted wanted;
  private final BitSet missing;
  private final RandomGenerator random;
  private final Remaining remaining;
  private final Actions actions;
  private final BooleanSupplier yields;
  private final Pace pace = new Pace();
  private final List<Fetch> fetches = new ArrayList<>();

  Intake(
      int width,
      Wanted wanted,
      BitSet missing,
      RandomGenerator random,
      Remaining remaining,
      Actions actions,
      BooleanSupplier yields) {
    this.width = width;
    this.wanted = wanted;
    this.missing = missing;
    this.random = random;
    this.remaining = remaining;
    this.actions = actions;
    this.yields = yields;
    missing.stream().forEach(wanted::add);
  }

  int inFlight() {
    return fetches.size();
  }

  /** One of our own invites us to one piece, or a stranger unchokes us for as long as it likes. */
  void unchoked(Neighbour n, long now) {
    n.unchokesUs = true;
    if (n.own) {
      n.invitations++;
      accept(n, now);
    } else {
      roomFor(n, now);
    }
  }

  /** The stranger can be asked for more than it has been. */
  void roomFor(Neighbour n, long now) {
    if (n.own || !n.unchokesUs || n.snubbed(now)) return;
    var piece = choose(n, now);
    if (piece >= 0) begin(n, piece, now);
  }

  void choked(Neighbour n, long now) {
    n.unchokesUs = false;
    n.invitations = 0;
    release(n, now);
  }

  void gone(Neighbour n, long now) {
    release(n, now);
  }

  void rejected(Neighbour n, int piece, long now) {
    var fetch = find(n, piece);
    if (fetch != null) end(fetch, now);
  }

  void asked(Neighbour n, int piece, int bytes, long now) {
    var fetch = find(n, piece);
    if (fetch != null) fetch.asked(bytes, now);
  }

  /**
   * @return whether the intake became free, so that all neighbours are to be considered again
   */
  boolean received(Neighbour n, int piece, int bytes, long now) {
    n.proven = true;
    n.sentAt = now;
    var fetch = find(n, piece);
    if (fetch == null) return false;
    if (fetch.received == 0 && fetch.first) pace.firstByte(now - fetch.began);
    fetch.arrived(bytes, now);
    if (fetch.ending || !n.own) return false;
    // An invitation has to be asked for, and then the piece: two round trips.
    fetch.ending = fetch.expected(remaining.of(piece), now) < 2 * pace.roundTrip();
    return fetch.ending;
  }

  void good(int piece, long now) {
    missing.clear(piece);
    for (var fetch : fetchesOf(piece)) {
      if (fetch.from.own && fetch.received > 0) pace.piece(now - fetch.began);
      remove(fetch);
      actions.cancel(fetch.from.id, piece);
    }
    wanted.remove(piece);
  }

  void forsaken(int piece, long now) {
    for (var fetch : fetchesOf(piece)) end(fetch, now);
  }

  void bad(int piece) {
    for (var fetch : fetchesOf(piece)) {
      remove(fetch);
      actions.cancel(fetch.from.id, piece);
    }
    wanted.add(piece);
  }

  /** Says whether we are interested, if that has changed. */
  void reconsider(Neighbour n, long now) {
    if (n.weAreInterested) {
      if (!useful(n)) decline(n);
    } else if (useful(n) && (n.own ? free() && trusted(n, now) : !n.snubbed(now))) {
      n.weAreInterested = true;
      actions.interested(n.id);
    }
    if (n.fetches == 0) roomFor(n, now);
  }

  /** Gives up on pieces that do not come: a slow or frozen neighbour never holds the others. */
  void tick(Iterable<Neighbour> neighbours, long now) {
    for (var fetch : List.copyOf(fetches)) {
      if (fetch.stalled(now)) {
        fetch.from.snubbedUntil = now + SNUB;
        fetch.from.proven = false;
        actions.cancel(fetch.from.id, fetch.piece);
        end(fetch, now);
      } else if (tooSlow(fetch, now) && elsewhere(fetch, neighbours, now)) {
        actions.cancel(fetch.from.id, fetch.piece);
        end(fetch, now);
      }
    }
    for (var n : neighbours) reconsider(n, now);
  }

  private void accept(Neighbour n, long now) {
    while (n.invitations > 0) {
      var piece = free() && trusted(n, now) ? choose(n, now) : -1;
      if (piece < 0) {
        decline(n);
        return;
      }
      n.invitations--;
      begin(n, piece, now);
    }
  }

  private boolean trusted(Neighbour n, long now) {
    return !n.snubbed(now) && (n.proven || n.fetches == 0);
  }

  private void decline(Neighbour n) {
    n.invitations = 0;
    n.weAreInterested = false;
    actions.notInterested(n.id);
  }

  private void begin(Neighbour n, int piece, long now) {
    wanted.remove(piece);
    fetches.add(new Fetch(n, piece, now));
    n.fetches++;
    actions.fetch(n.id, piece);
  }

  private boolean free() {
    if (yields.getAsBoolean()) return false;
    var busy = 0;
    for (var fetch : fetches) if (fetch.from.own && !fetch.ending) busy++;
    return busy < width;
  }

  private boolean useful(Neighbour n) {
    return wanted.intersects(n.has) || (wanted.isEmpty() && missing.intersects(n.has));
  }

  /**
   * The rarest wanted piece; at the very end the one that has been on its way for longest, from
   * somebody else.
   */
  private int choose(Neighbour n, long now) {
    if (!wanted.isEmpty()) return wanted.choose(n.has, random);
    Fetch oldest = null;
    for (var fetch : fetches) {
      var late = now - fetch.began > pace.median();
      if (late
          && n.has.get(fetch.piece)
          && fetchesOf(fetch.piece).size() < MOST_SOURCES
          && find(n, fetch.piece) == null) {
        if (oldest == null || fetch.began < oldest.began) oldest = fetch;
      }
    }
    return oldest == null ? -1 : oldest.piece;
  }

  private boolean tooSlow(Fetch fetch, long now) {
    var limit = Math.max(SLOW_AT_LEAST, 3 * pace.median());
    return fetch.due > 0
        && now - fetch.began > limit
        && fetch.expected(remaining.of(fetch.piece), now) > pace.median();
  }

  private boolean elsewhere(Fetch fetch, Iterable<Neighbour> neighbours, long now) {
    for (var n : neighbours)
      if (n != fetch.from && n.fetches == 0 && n.has.get(fetch.piece) && !n.snubbed(now))
        return true;
    return false;
  }

  private void release(Neighbour n, long now) {
    for (var fetch : List.copyOf(fetches)) if (fetch.from == n) end(fetch, now);
  }

  /**
   * The piece does not come from there: it is wanted again, unless somebody else is sending it too.
   */
  private void end(Fetch fetch, long now) {
    remove(fetch);
    if (fetchesOf(fetch.piece).isEmpty() && missing.get(fetch.piece)) wanted.addBegun(fetch.piece);
  }

  private void remove(Fetch fetch) {
    fetches.remove(fetch);
    fetch.from.fetches--;
  }

  private Fetch find(Neighbour n, int piece) {
    for (var fetch : fetches) if (fetch.from == n && fetch.piece == piece) return fetch;
    return null;
  }

  private List<Fetch> fetchesOf(int piece) {
    var found = new ArrayList<Fetch>(1);
    for (var fetch : fetches) if (fetch.piece == piece) found.add(fetch);
    return found;
  }
}
