package dev.corvid.bittorrent.policy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Super-seeding, in the spirit of BEP 16: the seeder hides what it has and reveals pieces one by
 * one, each to one neighbour, so that its first copy goes out once and not one and a half times. A
 * few are revealed ahead, or its uplink would idle: the fewer neighbours, the more to each. When
 * every piece has been announced by some peer, it is an ordinary peer: if it showed everything as
 * soon as the last piece was revealed, copies of common pieces would delay the pieces that no peer
 * has.
 *
 * <pre>
 * hidden   -- a neighbour has room                 --> revealed (to that one alone)
 * revealed -- anybody announces it                 --> out
 * out      -- a second neighbour announces it      --> spread
 * revealed -- its holder leaves, or takes long     --> hidden, the next to be revealed
 * out      -- its holder leaves, or spreads none   --> hidden, the next to be revealed
 * </pre>
 *
 * What is not here yet is revealed when it has come, to the peer that has least to spread. A peer
 * that fetches only the first pieces is shown these in addition: it leaves before it spreads any.
 * One that spreads none of its first copies, as one that all others have banned, is shown no more.
 *
 * <p>Hiding must not keep from a neighbour what no other one takes and passes on. Foreign peers
 * among themselves are shown everything: many a client checks only every ten seconds whether it is
 * interested, and whether another one passes pieces on, or trickles, is not known. And when no
 * Corvid peer that takes pieces was sent bytes for a while, foreign peers are shown everything, and
 * so are Corvid peers that were to be shown no more: they are cut off, or the others take nothing.
 */
final class SuperSeeding {
  private static final long NEVER = Long.MIN_VALUE;
  private static final int AHEAD = 3;
  private static final int MAX_AHEAD = 12;
  private static final int AHEAD_FOREIGN = 1;

  /**
   * Run after run is revealed, so that what peers have grows from its beginning: they hash a large
   * file while it arrives. The order within a run is random, so that two seeders seldom reveal the
   * same piece at the same time.
   */
  private static final int RUN = 64;

  private static final long LEAST_PATIENCE = 1_000_000_000L;
  private static final int PATIENCE = 3;
  private static final long SPREADS_WITHIN = 2_000_000_000L;

  /** Less than the ten seconds after which clients look again whether they are interested. */
  private static final long IDLE = 3_000_000_000L;

  /**
   * A Corvid peer that has got no piece for so long only trickles: others are not to wait for it.
   */
  private static final long TAKES_WITHIN = 10_000_000_000L;

  private final PolicyActions actions;
  private final CopiesElsewhere elsewhere;
  private final int served;
  private final ArrayDeque<Integer> hidden = new ArrayDeque<>();
  private final @Nullable PeerState[] holder;
  private final @Nullable PeerState[] first;
  private final long[] since;
  private final long[] shownAt;
  private final BitSet alone = new BitSet();
  private final BitSet here;
  private int revealed;
  private int ahead = AHEAD;
  private long usual;
  private long busyAt; // with one of ours that takes pieces
  private boolean over;

  /**
   * @param served pieces that are served at once
   * @param have pieces that are here already
   */
  SuperSeeding(
      int pieceCount,
      int served,
      BitSet have,
      CopiesElsewhere elsewhere,
      RandomGenerator random,
      PolicyActions actions) {
    this.actions = actions;
    this.elsewhere = elsewhere;
    this.served = served;
    holder = new PeerState[pieceCount];
    first = new PeerState[pieceCount];
    since = new long[pieceCount];
    shownAt = new long[pieceCount];
    Arrays.fill(shownAt, NEVER);
    here = (BitSet) have.clone();
    List<Integer> pieces = have.stream().boxed().collect(Collectors.toCollection(ArrayList::new));
    var order = new java.util.Random(random.nextLong());
    for (var from = 0; from < pieces.size(); from += RUN) {
      Collections.shuffle(pieces.subList(from, Math.min(pieces.size(), from + RUN)), order);
    }
    hidden.addAll(pieces);
  }

  boolean over() {
    return over;
  }

  /** Whether some other peer has a copy of every piece. */
  boolean out() {
    return revealed == 0 && hidden.stream().allMatch(this::isSpread);
  }

  /**
   * Whether time may change what is revealed: some piece is and no peer has announced it yet, or a
   * peer is kept from one that no other takes.
   */
  boolean waits(List<PeerState> all) {
    return !over && (revealed > 0 || all.stream().anyMatch(this::isKeptWaiting));
  }

  void connected(PeerState n, List<PeerState> all, long now) {
    n.tookAt = now;
    if (all.size() == 1) {
      busyAt = now;
    }
    if (n.sameHost) {
      showAll(n);
      return;
    }
    share(all);
    n.has.stream().forEach(this::out);
    for (var piece = 0; piece < Math.min(n.onlyFirst, holder.length); piece++) {
      show(n, piece);
    }
    showToForeignPeers(all);
    topUp(n, now);
    finishIfOut(all);
  }

  /** A piece is here that was not. */
  void arrived(int piece, List<PeerState> all, long now) {
    here.set(piece);
    hidden.addLast(piece);
    PeerState least = null;
    for (var n : all) {
      if (n.seesAll || piece < n.onlyFirst) {
        show(n, piece);
      }
      if (hasRoom(n) && (least == null || burden(n) < burden(least))) {
        least = n;
      }
    }
    if (least != null) {
      topUp(least, now);
    }
    finishIfOut(all);
  }

  void announced(PeerState n, int piece, List<PeerState> all, long now) {
    if (over) {
      return;
    }
    n.tookAt = now;
    n.shown.clear(piece);
    if (n.sameHost) {
      return;
    }
    var held = holder[piece];
    if (held != null) {
      took(now - shownAt[piece]);
      out(piece);
      if (n.firsts++ == 0) {
        n.spreadAt = now;
      }
      first[piece] = n;
    } else {
      var before = first[piece];
      if (before != null && before != n) {
        spread(before, piece, now);
      }
    }
    if (held != null && held != n) {
      topUp(held, now);
    }
    topUp(n, now);
    finishIfOut(all);
  }

  void gone(PeerState n, List<PeerState> all, long now) {
    if (over) {
      return;
    }
    share(all);
    for (var piece = 0; piece < holder.length; piece++) {
      if (first[piece] == n) {
        first[piece] = null;
      }
      if (holder[piece] == n) {
        takeBack(piece);
      } else if (holder[piece] == null && n.has.get(piece) && elsewhere.of(piece) == 0) {
        hide(piece);
      }
    }
    showToForeignPeers(all);
    for (var other : all) {
      topUp(other, now);
    }
  }

  /** Bytes went out to it. */
  void sent(PeerState n, long now) {
    if (n.corvidPeer && !n.sameHost && now - n.tookAt <= TAKES_WITHIN) {
      busyAt = now;
    }
  }

  /**
   * A holder that takes long keeps what it was shown, and gets no more; another is shown it too.
   */
  void tick(List<PeerState> all, long now) {
    if (over) {
      return;
    }
    var patience = Math.max(LEAST_PATIENCE, PATIENCE * usual);
    for (var piece = 0; piece < holder.length; piece++) {
      if (holder[piece] != null && now - since[piece] > patience) {
        takeBack(piece);
      }
    }
    var isAlone = all.stream().filter(n -> !n.sameHost).count() < 2;
    for (var n : all) {
      if (isAlone) {
        n.spreadAt = now; // there is no other peer
      }
      if (n.firsts > 0 && now - n.spreadAt > SPREADS_WITHIN + patience) {
        keepsAll(n);
      }
    }
    for (var n : all) {
      topUp(n, now);
    }
    if (now - busyAt > IDLE) {
      for (var n : all) {
        if (isKeptWaiting(n)) {
          showAll(n);
        }
      }
    }
  }

  /**
   * From the first time that it was shown, or a patience that is too short would never be learnt.
   */
  private void took(long nanos) {
    usual = usual == 0 ? nanos : usual + (nanos - usual) / 8;
  }

  private void spread(PeerState n, int piece, long now) {
    first[piece] = null;
    n.firsts--;
    n.spreadAt = now;
    n.spreadsNone = false;
  }

  private void keepsAll(PeerState n) {
    n.spreadsNone = true;
    n.firsts = 0;
    for (var piece = 0; piece < first.length; piece++) {
      if (first[piece] != n) {
        continue;
      }
      first[piece] = null;
      alone.set(piece);
      hide(piece);
    }
  }

  private void out(int piece) {
    if (holder[piece] == null) {
      return;
    }
    holder[piece] = null;
    revealed--;
  }

  private void takeBack(int piece) {
    out(piece);
    hide(piece);
  }

  private void hide(int piece) {
    if (here.get(piece) && !hidden.contains(piece)) {
      hidden.addFirst(piece);
    }
  }

  private void show(PeerState n, int piece) {
    if (n.has.get(piece) || !here.get(piece)) {
      return;
    }
    n.shown.set(piece);
    actions.reveal(n.id, piece);
  }

  private void topUp(PeerState n, long now) {
    while (hasRoom(n)) {
      var piece = next(n);
      if (piece < 0) {
        return;
      }
      holder[piece] = n;
      since[piece] = now;
      if (shownAt[piece] == NEVER) {
        shownAt[piece] = now;
      }
      revealed++;
      show(n, piece);
    }
  }

  private boolean hasRoom(PeerState n) {
    return isShownFirsts(n) && n.shown.cardinality() < mostShown(n);
  }

  private int mostShown(PeerState n) {
    if (!n.corvidPeer) {
      return AHEAD_FOREIGN;
    }
    return n.has.isEmpty() ? AHEAD : ahead;
  }

  private static boolean isShownFirsts(PeerState n) {
    return !n.spreadsNone && !n.seesAll && n.onlyFirst == 0;
  }

  /**
   * All neighbours together are shown twice as many as are served at once: while those are sent, as
   * many must be on their way as reveal, interest, unchoke and request. Simulated, a number that
   * follows the measured round trip and rate was no better, and this one trusts neither.
   */
  private void share(List<PeerState> all) {
    var takers = (int) all.stream().filter(n -> n.corvidPeer && isShownFirsts(n)).count();
    ahead = Math.clamp(Math.ceilDiv(2 * served, Math.max(1, takers)), AHEAD, MAX_AHEAD);
  }

  /** Unless a Corvid peer is there to take pieces and pass them on. */
  private void showToForeignPeers(List<PeerState> all) {
    if (all.stream().anyMatch(n -> n.corvidPeer && isTaker(n))) {
      return;
    }
    for (var n : all) {
      if (isTaker(n)) {
        showAll(n);
      }
    }
  }

  /** Whether it may fetch a copy of any piece from others and pass it on. */
  private boolean isTaker(PeerState n) {
    return !n.sameHost && n.onlyFirst == 0 && n.has.cardinality() < holder.length;
  }

  private void showAll(PeerState n) {
    if (n.seesAll) {
      return;
    }
    n.seesAll = true;
    here.stream().filter(piece -> !n.shown.get(piece)).forEach(piece -> show(n, piece));
  }

  /** A Corvid peer that was shown pieces and takes them late is not kept waiting. */
  private boolean isKeptWaiting(PeerState n) {
    return (!n.corvidPeer || (n.spreadsNone && n.shown.isEmpty()))
        && n.onlyFirst == 0
        && !n.seesAll
        && hidden.stream()
            .anyMatch(piece -> !isSpread(piece) && !n.has.get(piece) && !n.shown.get(piece));
  }

  /** First copies that it fetches or has still to spread. */
  private static int burden(PeerState n) {
    return n.shown.cardinality() + n.firsts;
  }

  /** The next piece that no neighbour has, others need no first copy, and that it was not shown. */
  private int next(PeerState n) {
    for (var each = hidden.iterator(); each.hasNext(); ) {
      var piece = each.next();
      if (isSpread(piece)) {
        each.remove();
      } else if (!n.shown.get(piece) && !n.has.get(piece)) {
        each.remove();
        return piece;
      }
    }
    return -1;
  }

  private boolean isSpread(int piece) {
    return elsewhere.of(piece) > (alone.get(piece) ? 1 : 0);
  }

  private void finishIfOut(List<PeerState> all) {
    if (here.cardinality() < holder.length || !out()) {
      return;
    }
    over = true;
    for (var n : all) {
      for (var piece = 0; piece < holder.length; piece++) {
        if (!n.has.get(piece) && !n.shown.get(piece)) {
          actions.reveal(n.id, piece);
        }
      }
    }
  }
}
