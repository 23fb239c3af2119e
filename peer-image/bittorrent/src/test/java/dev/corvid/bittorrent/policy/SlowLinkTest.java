package dev.corvid.bittorrent.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** One holder behind a slow link sends, in order, what it was asked for. */
class SlowLinkTest {
  private static final int PIECES = 32;
  private static final int PIECE = 4 << 20;
  private static final long SECOND = 1_000_000_000L;
  private static final int SECONDS_A_PIECE = 8;

  private final Decisions decisions = new Decisions();
  private final Deque<Integer> asked = new ArrayDeque<>();
  private final Policy policy =
      new Policy(
          new Policy.Settings(PIECES, PIECES, 8, 10, false),
          new BitSet(),
          new Random(1),
          _ -> PIECE,
          decisions);

  @Test
  void aPieceThatWaitsBehindSevenIsNotStalled() {
    var all = new BitSet();
    all.set(0, PIECES);
    policy.connected(0, Policy.Kind.FOREIGN, all, 0);
    policy.unchoked(0, 0);
    ask(0);

    for (int second = 1; second <= PIECES * SECONDS_A_PIECE; second++) {
      long now = second * SECOND;
      policy.received(0, asked.peek(), PIECE / SECONDS_A_PIECE, now);
      if (second % SECONDS_A_PIECE == 0) {
        policy.good(asked.poll(), now);
      }
      ask(now);
      policy.tick(now);
      ask(now);
    }

    assertThat(policy.complete()).isTrue();
  }

  /** Asks for whole pieces while fewer than eight are under way, as a window does. */
  private void ask(long now) {
    wantMore(now);
    for (var taken = decisions.take(); !taken.isEmpty(); taken = decisions.take()) {
      for (var decision : taken) {
        if (decision.startsWith("cancel")) { // one that is there needs no other sender
          int piece = Integer.parseInt(decision.substring("cancel 0 ".length()));
          assertThat(asked).as("cancelled after %d s", now / SECOND).doesNotContain(piece);
        }
        if (decision.startsWith("fetch")) {
          int piece = Integer.parseInt(decision.substring("fetch 0 ".length()));
          asked.add(piece);
          policy.asked(0, piece, PIECE, now);
        }
      }
      wantMore(now);
    }
  }

  private void wantMore(long now) {
    if (asked.size() < 8) {
      policy.wantsMore(0, now);
    }
  }
}
