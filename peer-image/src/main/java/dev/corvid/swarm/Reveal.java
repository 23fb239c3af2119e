package dev.corvid.swarm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Super-seeding, in the spirit of BEP 16: the seeder hides what it has and reveals pieces one by
 * one, each to one neighbour, so that its first copy goes out once and not one and a half times. A
 * few are revealed ahead, or its uplink would idle. A first copy whose holder leaves goes back to
 * the head of the queue. When all are given out it is an ordinary peer.
 */
final class Reveal {
  private static final int AHEAD = 3;
  private static final int AHEAD_STRANGER = 1;

  private final Actions actions;
  private final Wanted availability;
  private final ArrayDeque<Integer> unrevealed = new ArrayDeque<>();
  private final Neighbour[] holder;
  private boolean over;

  Reveal(int pieceCount, Wanted availability, RandomGenerator random, Actions actions) {
    this.actions = actions;
    this.availability = availability;
    holder = new Neighbour[pieceCount];
    List<Integer> pieces = new ArrayList<>();
    for (var piece = 0; piece < pieceCount; piece++) pieces.add(piece);
    Collections.shuffle(pieces, new java.util.Random(random.nextLong()));
    unrevealed.addAll(pieces);
  }

  boolean over() {
    return over;
  }

  void connected(Neighbour n, Iterable<Neighbour> all) {
    topUp(n, all);
  }

  /** The neighbour announced a piece: one outstanding less, if it was that one. */
  void announced(Neighbour n, int piece, Iterable<Neighbour> all) {
    if (over) return;
    if (holder[piece] == n) {
      holder[piece] = null;
      n.revealed--;
    }
    topUp(n, all);
  }

  void gone(Neighbour n, Iterable<Neighbour> all) {
    if (over) return;
    for (var piece = 0; piece < holder.length; piece++) {
      var lost = holder[piece] == n || (n.has.get(piece) && availability.available(piece) == 0);
      if (!lost) continue;
      if (holder[piece] == n) holder[piece] = null;
      if (!unrevealed.contains(piece)) unrevealed.addFirst(piece);
    }
    for (var other : all) if (other != n) topUp(other, all);
  }

  private void topUp(Neighbour n, Iterable<Neighbour> all) {
    while (!over && n.revealed < (n.own ? AHEAD : AHEAD_STRANGER)) {
      var piece = next();
      if (piece < 0) {
        finish(all);
        return;
      }
      holder[piece] = n;
      n.revealed++;
      actions.reveal(n.id, piece);
    }
  }

  /** The next piece that no neighbour has; others need no first copy. */
  private int next() {
    while (!unrevealed.isEmpty()) {
      var piece = unrevealed.poll();
      if (availability.available(piece) == 0) return piece;
    }
    return -1;
  }

  private void finish(Iterable<Neighbour> all) {
    over = true;
    for (var n : all) {
      for (var piece = 0; piece < holder.length; piece++)
        if (!n.has.get(piece)) actions.reveal(n.id, piece);
    }
  }
}
