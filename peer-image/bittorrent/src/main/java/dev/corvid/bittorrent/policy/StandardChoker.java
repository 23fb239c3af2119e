package dev.corvid.bittorrent.policy;

import java.util.ArrayDeque;

/**
 * The choker for foreign peers: as BEP 3 asks, an unchoked one stays so for at least ten seconds.
 * While Corvid peers are served one slot rotates among the foreign ones, otherwise four do.
 */
final class StandardChoker {
  static final long TURN = 10_000_000_000L;
  private static final int SLOTS_WITHOUT_CORVID_PEERS = 4;

  private final PolicyActions actions;
  private final ArrayDeque<PeerState> waiting = new ArrayDeque<>();
  private final ArrayDeque<PeerState> served = new ArrayDeque<>();

  StandardChoker(PolicyActions actions) {
    this.actions = actions;
  }

  boolean active() {
    return !served.isEmpty();
  }

  void interested(PeerState n, boolean corvidPeersServed, long now) {
    if (!n.unchoked && !waiting.contains(n)) {
      waiting.add(n);
    }
    tick(corvidPeersServed, now);
  }

  void notInterested(PeerState n) {
    waiting.remove(n);
    if (served.remove(n)) {
      choke(n);
    }
  }

  void gone(PeerState n) {
    waiting.remove(n);
    served.remove(n);
  }

  void tick(boolean corvidPeersServed, long now) {
    var most = corvidPeersServed ? 1 : SLOTS_WITHOUT_CORVID_PEERS;
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

  private void choke(PeerState n) {
    n.unchoked = false;
    actions.choke(n.id);
  }
}
