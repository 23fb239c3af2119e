package dev.corvid.bittorrent.policy;

import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;

/**
 * Decides which peers are served. Between Corvid peers an unchoke is for one piece. They are
 * unchoked in the order in which they asked, while fewer than {@code slots} pieces are unchoked or
 * under way; the receiver uses the unchoke by requesting, or declines it by not being interested.
 * It reports a piece as arrived by HAVE. So hardly more receivers are served than they have pieces
 * in flight, which is what keeps every link busy. Whoever has just taken a piece comes before all
 * others, for a long turn: its connection carries data, and one that has idled for a while begins
 * slowly again (RFC 5681, section 4.1). With twenty receivers in order, each waiting for two
 * seconds, links at 25 Mbit/s were busy for 88 % of the time; with turns, for 92 %. Foreign peers
 * know nothing of that: a few are unchoked for at least ten seconds, in turns ({@link
 * StandardChoker}).
 *
 * <p>How many slots is a matter of round trips, not of the upload rate ({@link SlotEstimator}): a
 * controller that adds a receiver while the rate rises by 5 % needs seconds to see a rise above the
 * noise of whole pieces, and a swarm at 100 Mbit/s is done in 22; the first samples of unchokes and
 * pieces tell the same within one second, on a local network as 20 ms away.
 *
 * <pre>
 * idle      -- interested, or request done --> queued
 * queued    -- a slot is free: unchoke     --> unchoked
 * unchoked  -- request                     --> served (and queued again)     -- not interested, 2 s --> idle
 * served    -- HAVE, cancel                --> queued before all others, its turn over: behind them
 * served    -- no progress                 --> idle, from now on behind those that do take theirs
 * </pre>
 */
final class Choker {
  static final long UNANSWERED = 2_000_000_000L;
  static final long NO_PROGRESS = 4_000_000_000L;

  private static final int MAX_SLOTS = 16;

  /** Pieces that one neighbour takes while others wait: of 256 KiB, 5.4 s of 25 Mbit/s. */
  private static final int MAX_TURN = 64;

  private final int slots;
  private final PolicyActions actions;
  private final BooleanSupplier holdsBack;
  private final StandardChoker standardChoker;
  private final SlotEstimator slotEstimator = new SlotEstimator();
  private final ArrayDeque<PeerState> queue = new ArrayDeque<>();

  /**
   * Those that did not use their last unchoke: they come after all others, or many that take a
   * block and no more would hold every slot, each for as long as is waited for it.
   */
  private final ArrayDeque<PeerState> unreliable = new ArrayDeque<>();

  private int used;

  Choker(int slots, PolicyActions actions, BooleanSupplier holdsBack) {
    this.slots = slots;
    this.actions = actions;
    this.holdsBack = holdsBack;
    this.standardChoker = new StandardChoker(actions);
  }

  boolean active() {
    return isAsked() || standardChoker.active();
  }

  /** Whether a Corvid peer is served, or waits for it. */
  boolean isAsked() {
    return used > 0 || !queue.isEmpty() || !unreliable.isEmpty();
  }

  int used() {
    return used;
  }

  void interested(PeerState n, long now) {
    n.interestedInUs = true;
    if (n.corvidPeer) {
      enqueue(n);
      unchokeNext(now);
    } else {
      standardChoker.interested(n, !queue.isEmpty() || used > 0, now);
    }
  }

  void notInterested(PeerState n, long now) {
    n.interestedInUs = false;
    if (!n.corvidPeer) {
      standardChoker.notInterested(n);
    }
    used -= n.grantedUnchokes;
    n.grantedUnchokes = 0;
    n.piecesInTurn = 0;
    unqueue(n);
    unchokeNext(now);
  }

  /**
   * The neighbour asked for a block of the piece. If it was not unchoked for it, it is served, and
   * holds no slot: a peer that asks for many pieces at once would else keep all others waiting.
   */
  void requested(PeerState n, int piece, long now) {
    if (!n.corvidPeer || n.serving.get(piece)) {
      return;
    }
    if (n.grantedUnchokes > 0) {
      n.grantedUnchokes--;
      n.serving.set(piece);
      n.requestedAt = now;
      n.servedAt = now;
      if (!n.sameHost) {
        slotEstimator.answered(now - n.unchokedAt);
      }
    }
    enqueue(n);
    unchokeNext(now);
  }

  /** Bytes went out to the neighbour. */
  void sent(PeerState n, long now) {
    n.servedAt = now;
  }

  /** The neighbour announced the piece as its own, or cancelled what it had asked of it. */
  void done(PeerState n, int piece, long now) {
    if (!n.serving.get(piece)) {
      return;
    }
    n.servedAt = now;
    n.serving.clear(piece);
    n.unreliable = false;
    used--;
    if (!n.sameHost) {
      slotEstimator.delivered(now - n.requestedAt);
    }
    requeueFirst(n);
    unchokeNext(now);
  }

  void gone(PeerState n, long now) {
    unqueue(n);
    standardChoker.gone(n);
    release(n);
    unchokeNext(now);
  }

  /** Takes back the slots of peers that do not answer or do not receive what they requested. */
  void tick(Iterable<PeerState> neighbours, long now) {
    for (var n : neighbours) {
      var unanswered =
          n.grantedUnchokes > 0 && n.serving.isEmpty() && now - n.servedAt > UNANSWERED;
      var stuck = !n.serving.isEmpty() && now - n.servedAt > NO_PROGRESS;
      if (unanswered || stuck) {
        release(n);
        unqueue(n);
        n.unreliable = true;
      }
    }
    unchokeNext(now);
    standardChoker.tick(!queue.isEmpty() || used > 0, now);
  }

  private void release(PeerState n) {
    used -= n.grantedUnchokes + n.serving.cardinality();
    n.grantedUnchokes = 0;
    n.serving.clear();
  }

  private void enqueue(PeerState n) {
    if (!mayQueue(n)) {
      return;
    }
    n.queued = true;
    (n.unreliable ? unreliable : queue).addLast(n);
  }

  /** Before all others, unless it has come before them for long enough. */
  private void requeueFirst(PeerState n) {
    unqueue(n);
    if (++n.piecesInTurn >= MAX_TURN) {
      n.piecesInTurn = 0;
      enqueue(n);
    } else if (mayQueue(n)) {
      n.queued = true;
      queue.addFirst(n);
    }
  }

  private static boolean mayQueue(PeerState n) {
    return n.corvidPeer && n.interestedInUs && !n.queued;
  }

  private void unqueue(PeerState n) {
    if (n.queued && !queue.remove(n)) {
      unreliable.remove(n);
    }
    n.queued = false;
  }

  private void unchokeNext(long now) {
    if (holdsBack.getAsBoolean()) {
      return;
    }
    var most = (int) Math.min(MAX_SLOTS, slotEstimator.width(slots) + 0.5);
    while (used < most && (!queue.isEmpty() || !unreliable.isEmpty())) {
      var n = queue.isEmpty() ? unreliable.poll() : queue.poll();
      n.queued = false;
      if (n.grantedUnchokes == 0 && n.serving.isEmpty()) {
        n.servedAt = now;
      }
      n.grantedUnchokes++;
      n.unchokedAt = now;
      used++;
      n.unchoked = true;
      actions.unchoke(n.id);
    }
  }
}
