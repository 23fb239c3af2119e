package dev.corvid.bittorrent.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A foreign peer that rejects requests while it unchokes this side (BEP 6). */
class RejectTest {
  private static final int PIECES = 32;
  private static final long SECOND = 1_000_000_000L;

  private final Decisions decisions = new Decisions();
  private final Policy policy =
      new Policy(
          new Policy.Settings(PIECES, PIECES, 2, 10, false),
          new BitSet(),
          new Random(1),
          _ -> 1 << 20,
          decisions);

  @BeforeEach
  void isUnchoked() {
    var all = new BitSet();
    all.set(0, PIECES);
    policy.connected(0, Policy.Kind.FOREIGN, all, 0);
    policy.unchoked(0, 0);
  }

  @Test
  void isAskedAgainAfterPausesThatGrow() {
    policy.rejected(0, asked(), 0);

    assertThat(pauses(0, 8)).containsExactly(1, 2, 4, 8, 16, 32, 60, 60);
  }

  @Test
  void answersWithSeveralRejectsWhatItWasAskedForAtOnce() {
    var first = asked();
    policy.wantsMore(0, 0);
    var second = asked();

    policy.rejected(0, first, 0);
    policy.rejected(0, second, SECOND / 2);

    assertThat(pauses(0, 2)).containsExactly(1, 2);
  }

  @Test
  void isAskedAtOnceWhenItUnchokesAgain() {
    policy.rejected(0, asked(), 0);
    assertThat(pauses(0, 3)).containsExactly(1, 2, 4);

    policy.choked(0, 8 * SECOND);
    policy.unchoked(0, 8 * SECOND);

    policy.rejected(0, asked(), 8 * SECOND);
    assertThat(pauses(8, 1)).containsExactly(1);
  }

  @Test
  void isNotAskedAtOnceForUnchokesThatChangeNothing() {
    policy.rejected(0, asked(), 0);

    policy.unchoked(0, 0);

    assertThat(decisions.take()).isEmpty();
    assertThat(pauses(0, 2)).containsExactly(1, 2);
  }

  @Test
  void isAskedForMoreWhenItSends() {
    var rejected = asked();
    policy.wantsMore(0, 0);
    var sent = asked();
    policy.rejected(0, rejected, 0);

    policy.received(0, sent, 1 << 14, SECOND / 2);
    policy.wantsMore(0, SECOND / 2);

    assertThat(decisions.take()).containsExactly("fetch 0 " + rejected);
  }

  /** Seconds until it is asked again; each time it rejects again. */
  private int[] pauses(int second, int count) {
    var pauses = new int[count];
    for (var i = 0; i < count; i++) {
      assertThat(decisions.take()).isEmpty();
      var piece = -1;
      while (piece < 0) {
        policy.tick(++second * SECOND);
        pauses[i]++;
        var taken = decisions.take();
        piece = taken.isEmpty() ? -1 : piece(taken.getLast());
      }
      policy.rejected(0, piece, second * SECOND);
    }
    return pauses;
  }

  private int asked() {
    return piece(decisions.take().getLast());
  }

  private static int piece(String fetch) {
    assertThat(fetch).startsWith("fetch 0 ");
    return Integer.parseInt(fetch.substring("fetch 0 ".length()));
  }
}
