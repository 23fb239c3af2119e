package dev.corvid.bittorrent.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Neighbours that say whatever comes to their mind, in any order: the policy never fails, speaks to
 * nobody who is gone, and treats an honest peer well once they are gone.
 */
class PolicyFuzzTest {
  private static final long SEED = Long.getLong("corvid.fuzz.seed", 20260701);
  private static final int ROUNDS = 400 * Integer.getInteger("corvid.fuzz.times", 1);
  private static final int EVENTS = 500;
  private static final int PIECES = 40;
  private static final int PEERS = 8;
  private static final int SERVER = PEERS - 1;
  private static final int BLOCK = 16 << 10;
  private static final long SECOND = 1_000_000_000L;

  @Test
  void survivesAndServesTheHonest() {
    for (var round = 0; round < ROUNDS; round++) {
      var seed = SEED + round;
      try {
        new Mob(seed).run();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + " (-Dcorvid.fuzz.seed): " + e.getMessage(), e);
      }
    }
  }

  /** One policy among hostile neighbours. */
  private static final class Mob implements PolicyActions {
    private final SplittableRandom random;
    private final BitSet have = new BitSet();
    private final Policy policy;
    private final boolean[] connected = new boolean[PEERS];
    private final List<String> done = new ArrayList<>();
    private long now = 5 * SECOND;

    Mob(long seed) {
      random = new SplittableRandom(seed);
      if (random.nextInt(3) == 0) {
        have.set(0, PIECES);
      }
      for (var i = random.nextInt(PIECES); i > 0; i--) {
        have.set(random.nextInt(PIECES));
      }
      var settings = new Policy.Settings(PIECES, PIECES, 2, PEERS, random.nextInt(3) == 0);
      policy = new Policy(settings, have, random.split(), _ -> BLOCK, this);
    }

    void run() {
      for (var i = 0; i < EVENTS; i++) {
        now += random.nextInt(4) == 0 ? random.nextLong(3 * SECOND) : random.nextLong(SECOND / 50);
        event(random.nextInt(PEERS), random.nextInt(PIECES));
      }
      for (var peer = 0; peer < PEERS; peer++) {
        if (connected[peer]) {
          leave(peer);
        }
      }
      now += 60 * SECOND;
      policy.tick(now);
      anHonestPeerIsServed();
      if (!policy.complete()) {
        anHonestPeerIsAsked();
      }
    }

    private void event(int peer, int piece) {
      if (peer == SERVER) {
        server(piece);
        return;
      }
      if (!connected[peer]) {
        connected[peer] = true;
        policy.connected(peer, kind(), some(), now);
        return;
      }
      switch (random.nextInt(18)) {
        case 0 -> leave(peer);
        case 1, 2 -> policy.unchoked(peer, now);
        case 3 -> policy.choked(peer, now);
        case 4, 5 -> policy.interested(peer, now);
        case 6 -> policy.notInterested(peer, now);
        case 7, 8 -> policy.have(peer, piece, now);
        case 9, 10 -> {
          if (policy.serves(peer)) {
            policy.requested(peer, piece, now);
          }
        }
        case 11 -> policy.withdrawn(peer, piece, now);
        case 12 -> policy.sent(peer, now);
        case 13 -> policy.received(peer, piece, random.nextInt(BLOCK), now);
        case 14 -> policy.rejected(peer, piece, now);
        case 15 -> {
          if (policy.misses(piece)) {
            policy.good(piece, now);
          }
        }
        case 16 -> {
          if (policy.misses(piece)) {
            policy.bad(piece, now);
          }
        }
        default -> policy.tick(now);
      }
    }

    private void server(int piece) {
      if (!connected[SERVER]) {
        connected[SERVER] = true;
        policy.server(SERVER, now);
      } else if (random.nextInt(6) == 0) {
        leave(SERVER);
      } else {
        policy.received(SERVER, piece, random.nextInt(BLOCK), now);
        policy.wantsMore(SERVER, now);
      }
    }

    private void leave(int peer) {
      connected[peer] = false;
      policy.gone(peer, now);
    }

    private void anHonestPeerIsServed() {
      connected[0] = true;
      policy.connected(0, Policy.Kind.CORVID, new BitSet(), now);
      done.clear();
      policy.interested(0, now);
      assertThat(done).contains("unchoke 0");
      leave(0);
    }

    private void anHonestPeerIsAsked() {
      var all = new BitSet();
      all.set(0, PIECES);
      connected[1] = true;
      done.clear();
      policy.connected(1, Policy.Kind.CORVID, all, now);
      assertThat(done).contains("interested 1");
      policy.unchoked(1, now);
      assertThat(done).anyMatch(action -> action.startsWith("fetch 1 "));
    }

    private BitSet some() {
      var pieces = new BitSet();
      for (var i = random.nextInt(2 * PIECES); i > 0; i--) {
        pieces.set(random.nextInt(PIECES));
      }
      return pieces;
    }

    private Policy.Kind kind() {
      var corvid = random.nextBoolean();
      return new Policy.Kind(corvid, corvid && random.nextInt(4) == 0, 0);
    }

    private void did(String what, int peer) {
      assertThat(connected[peer]).as("%s %d, who is connected", what, peer).isTrue();
      done.add(what + " " + peer);
    }

    @Override
    public void fetch(int peer, int piece) {
      assertThat(policy.misses(piece)).as("fetches only what is missing").isTrue();
      did("fetch", peer);
      done.set(done.size() - 1, "fetch " + peer + " " + piece);
      policy.asked(peer, piece, BLOCK, now);
    }

    @Override
    public void cancel(int peer, int piece) {
      done.add("cancel " + peer); // who is gone has nothing to cancel, and TorrentSession knows
    }

    @Override
    public void interested(int peer) {
      did("interested", peer);
    }

    @Override
    public void notInterested(int peer) {
      did("not interested", peer);
    }

    @Override
    public void unchoke(int peer) {
      did("unchoke", peer);
    }

    @Override
    public void choke(int peer) {
      did("choke", peer);
    }

    @Override
    public void reveal(int peer, int piece) {
      did("reveal", peer);
    }
  }
}
