package dev.corvid.bittorrent.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Peer 0 is the seeder on this machine; 1 and 2 are elsewhere. */
class SharedUplinkTest {
  private static final int PIECES = 32;
  private static final long SECOND = 1_000_000_000L;
  private static final Policy.Kind SAME_HOST = new Policy.Kind(true, true, 0);

  private final Decisions decisions = new Decisions();

  private Policy policy(BitSet have, boolean superSeed) {
    var settings = new Policy.Settings(PIECES, PIECES, 2, 10, superSeed);
    return new Policy(settings, have, new Random(1), _ -> 1 << 20, decisions);
  }

  /** A peer that has half of it, and two neighbours that ask for it. */
  private Policy besideTheSeeder() {
    var policy = policy(pieces(0, PIECES / 2), false);
    policy.connected(0, SAME_HOST, pieces(0, PIECES), SECOND);
    for (var peer = 1; peer <= 2; peer++) {
      policy.connected(peer, Policy.Kind.CORVID, new BitSet(), SECOND);
      policy.interested(peer, SECOND);
    }
    return policy;
  }

  private static BitSet pieces(int from, int to) {
    var set = new BitSet();
    set.set(from, to);
    return set;
  }

  @Test
  void servesNoneUntilTheOthersTogetherHaveEveryPiece() {
    var policy = besideTheSeeder();
    for (var piece = 0; piece < PIECES; piece++) {
      policy.tick((2 + piece) * SECOND);
      assertThat(decisions.take()).as("%d", piece).noneMatch(what -> what.startsWith("unchoke"));
      policy.have(1 + piece % 2, piece, (2 + piece) * SECOND);
    }

    assertThat(policy.active()).as("somebody waits").isTrue();
    policy.tick((2 + PIECES) * SECOND);
    assertThat(decisions.take()).contains("unchoke 1", "unchoke 2");
  }

  @Test
  void doesNotHoldBackAgainWhenWhoHadTheOnlyOtherCopyLeaves() {
    var policy = besideTheSeeder();
    pieces(0, PIECES).stream().forEach(piece -> policy.have(2, piece, SECOND));
    policy.tick(2 * SECOND);
    policy.gone(2, 2 * SECOND);
    policy.notInterested(1, 2 * SECOND);
    decisions.take();

    policy.interested(1, 2 * SECOND);
    assertThat(decisions.take()).contains("unchoke 1");
  }

  @Test
  void servesWhenTheSeederLeaves() {
    var policy = besideTheSeeder();
    decisions.take();

    policy.gone(0, 2 * SECOND);
    assertThat(decisions.take()).contains("unchoke 1", "unchoke 2");
  }

  @Test
  void servesWhenNothingComesOutAsIfOthersDidNotReachTheSeeder() {
    var policy = besideTheSeeder();
    policy.have(1, 0, 10 * SECOND);
    policy.tick(24 * SECOND);
    assertThat(decisions.take()).noneMatch(what -> what.startsWith("unchoke"));

    policy.tick(26 * SECOND);
    assertThat(decisions.take()).contains("unchoke 1", "unchoke 2");
  }

  @Test
  void waitsForAsLongAsNobodyAsks() {
    var policy = policy(pieces(0, PIECES), false);
    policy.connected(0, SAME_HOST, pieces(0, PIECES), SECOND);
    policy.tick(100 * SECOND);
    policy.connected(1, Policy.Kind.CORVID, new BitSet(), 200 * SECOND);
    policy.interested(1, 200 * SECOND);
    policy.tick(201 * SECOND);
    assertThat(decisions.take()).noneMatch(what -> what.startsWith("unchoke"));
  }

  @Test
  void servesWhenUploadsAreLimited() {
    var policy = besideTheSeeder();
    policy.uploadsLimited();
    policy.tick(2 * SECOND);
    assertThat(decisions.take()).contains("unchoke 1", "unchoke 2");
  }

  @Test
  void theSeederEndsSuperSeedingThoughItLeftMeanwhile() {
    var policy = policy(pieces(0, PIECES), true);
    policy.connected(0, SAME_HOST, new BitSet(), SECOND);
    pieces(0, PIECES).stream().forEach(piece -> policy.have(0, piece, SECOND));
    decisions.take();
    policy.connected(1, Policy.Kind.CORVID, new BitSet(), SECOND);
    var first = decisions.revealed(1);
    policy.connected(2, Policy.Kind.CORVID, new BitSet(), SECOND);
    var second = decisions.revealed(2);

    policy.gone(0, SECOND);
    assertThat(decisions.take()).as("both have what they are to fetch").isEmpty();
    for (var given = first; !given.isEmpty(); given = decisions.revealed(1)) {
      assertThat(given).doesNotContainAnyElementsOf(second);
      given.forEach(piece -> policy.have(1, piece, SECOND));
    }
    second.forEach(piece -> policy.have(2, piece, SECOND));
    assertThat(policy.superSeeding()).isFalse();
  }

  @Test
  void theSeederShowsItEverythingAndCountsOnNoneOfIt() {
    var policy = policy(pieces(0, PIECES), true);
    policy.connected(0, SAME_HOST, new BitSet(), SECOND);
    assertThat(decisions.revealed(0)).hasSize(PIECES);
    policy.connected(1, Policy.Kind.CORVID, new BitSet(), SECOND);
    pieces(0, PIECES).stream().forEach(piece -> policy.have(0, piece, SECOND));

    assertThat(policy.superSeeding()).as("no copy is on another machine").isTrue();
    for (var given = decisions.revealed(1); !given.isEmpty(); given = decisions.revealed(1)) {
      given.forEach(piece -> policy.have(1, piece, 2 * SECOND));
    }
    assertThat(policy.superSeeding()).isFalse();
  }
}
