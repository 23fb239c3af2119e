package dev.corvid.bittorrent;

import java.util.ArrayDeque;

/**
 * Serving peers that are not Corvid: as BEP 3 asks, an unchoked one stays so for at least ten
 * seconds. While our own are being served one slot rotates among the strangers, otherwise four do.
 */
final class Strangers {
  static final long TURN = 10_000_000_000L;
  private static final int ALONE = 4;

  private final Actions actions;
  private final ArrayDeque<Neighbour> waiting = new ArrayDeque<>();
  private final ArrayDeque<Neighbour> served = new ArrayDeque<>();

  Strangers(Actions actions) {
    this.actions = actions;
  }

  boolean active() {
    return !served.isEmpty();
  }

  void interested(Neighbour n, boolean oursAreServed, long now) {
    if (!n.unchoked && !waiting.contains(n)) waiting.add(n);
    tick(oursAreServed, now);
  }

  void notInterested(Neighbour n) {
    waiting.remove(n);
    if (served.remove(n)) choke(n);
  }

  void gone(Neighbour n) {
    waiting.remove(n);
    served.remove(n);
  }

  void tick(boolean oursAreServed, long now) {
    var most = oursAreServed ? 1 : ALONE;
    while (!served.isEmpty() && now - served.peek().turnBegan >= TURN && mustYield(most)) {
      var n = served.poll();
      choke(n);
      waiting.add(n);
    }
    while (served.size() < most && !waiting.isEmpty()) {
      var n = waiting.poll();
      n.turnBegan = now;
      n.unchoked = true;
      served.add(n);
      actions.unchoke(n.id);
    }
  }

  private boolean mustYield(int most) {
    return served.size() > most || (served.size() == most && !waiting.isEmpty());
  }

  private void choke(Neighbour n) {
    n.unchoked = false;
    actions.choke(n.id);
  }
}
