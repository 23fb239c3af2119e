package dev.corvid.bittorrent.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PolicyTest {
  private static final int PIECES = 32;
  private static final int PIECE_BYTES = 1 << 20;
  private static final long SECOND = 1_000_000_000L;

  private final Decisions decisions = new Decisions();

  private Policy policy(BitSet have, boolean superSeed) {
    return policy(2, have, superSeed);
  }

  private Policy policy(int slots, BitSet have, boolean superSeed) {
    return new Policy(
        new Policy.Settings(PIECES, PIECES, slots, 10, superSeed),
        have,
        new Random(1),
        _ -> PIECE_BYTES,
        decisions);
  }

  private static BitSet pieces(int from, int to) {
    var set = new BitSet();
    set.set(from, to);
    return set;
  }

  @Test
  void takesInvitationsWhileThereIsFreeIntakeAndDeclinesAfterwards() {
    var policy = policy(new BitSet(), false);
    for (var peer = 0; peer < 3; peer++) {
      policy.connected(peer, Policy.Kind.CORVID, pieces(0, PIECES), 0);
    }
    assertThat(decisions.take()).containsExactly("interested 0", "interested 1", "interested 2");

    policy.unchoked(0, 0);
    policy.unchoked(1, 0);
    assertThat(decisions.take()).hasSize(2).allMatch(decision -> decision.startsWith("fetch"));

    policy.unchoked(2, 0);
    assertThat(decisions.take()).containsExactly("not interested 2");
  }

  @Test
  void takesFewerUnchokesOfFewPieces() {
    var policy = policy(8, new BitSet(), false);
    for (var peer = 0; peer < 5; peer++) {
      policy.connected(peer, Policy.Kind.CORVID, pieces(0, PIECES), 0);
      policy.unchoked(peer, 0);
    }
    assertThat(decisions.take())
        .filteredOn(decision -> decision.startsWith("fetch"))
        .as("a tenth of them, but four at least")
        .hasSize(4);
  }

  /** What the unchokes of foreign peers are for does not count, and what they send neither. */
  @Test
  void foreignPeersTakeNoRoomFromCorvidPeers() {
    var policy = policy(4, new BitSet(), false);
    for (var peer = 0; peer < 8; peer++) {
      policy.connected(peer, new Policy.Kind(peer < 4, false, 0), pieces(0, PIECES), 0);
    }
    for (var peer = 7; peer >= 0; peer--) {
      policy.unchoked(peer, 0);
    }
    assertThat(decisions.take()).filteredOn(decision -> decision.startsWith("fetch")).hasSize(8);
  }

  @Test
  void asksAgainWhenAPieceHasArrived() {
    var policy = policy(new BitSet(), false);
    for (var peer = 0; peer < 3; peer++) {
      policy.connected(peer, Policy.Kind.CORVID, pieces(0, PIECES), 0);
    }
    for (var peer = 0; peer < 3; peer++) {
      policy.unchoked(peer, 0);
    }
    var piece = Integer.parseInt(decisions.take().get(3).split(" ")[2]);

    policy.good(piece, SECOND);

    assertThat(decisions.take()).contains("interested 2");
  }

  @Test
  void invitesTwoMoreThanItFetchesAtOnceInOrderOfInterest() {
    var policy = policy(pieces(0, PIECES), false);
    for (var peer = 0; peer < 6; peer++) {
      policy.connected(peer, Policy.Kind.CORVID, new BitSet(), 0);
    }
    for (var peer = 5; peer >= 0; peer--) {
      policy.interested(peer, 0);
    }
    assertThat(decisions.take())
        .containsExactly("unchoke 5", "unchoke 4", "unchoke 3", "unchoke 2");

    policy.requested(5, 7, 0);
    policy.requested(4, 8, 0);
    assertThat(decisions.take()).isEmpty();

    policy.notInterested(3, SECOND);
    assertThat(decisions.take()).containsExactly("unchoke 1");
    policy.notInterested(1, SECOND);
    assertThat(decisions.take()).containsExactly("unchoke 0");
  }

  @Test
  void goesOnWithWhoHasJustTakenAPieceUntilItsTurnIsOver() {
    var policy = policy(pieces(0, PIECES), false);
    for (var peer = 0; peer < 6; peer++) {
      policy.connected(peer, Policy.Kind.CORVID, new BitSet(), 0);
      policy.interested(peer, 0);
    }
    policy.requested(0, 0, 0);
    decisions.take();

    for (var taken = 1; taken < 64; taken++) {
      policy.have(0, (taken - 1) % PIECES, SECOND);
      assertThat(decisions.take()).containsExactly("unchoke 0");
      policy.requested(0, taken % PIECES, SECOND);
      assertThat(decisions.take()).isEmpty();
    }

    policy.have(0, 63 % PIECES, SECOND);
    assertThat(decisions.take()).containsExactly("unchoke 4");
  }

  @Test
  void invitesSomebodyElseWhenAnInvitationIsNotAnswered() {
    var policy = policy(pieces(0, PIECES), false);
    for (var peer = 0; peer < 5; peer++) {
      policy.connected(peer, Policy.Kind.CORVID, new BitSet(), 0);
      policy.interested(peer, 0);
    }
    decisions.take();

    policy.tick(3 * SECOND);

    assertThat(decisions.take()).contains("unchoke 4");
  }

  @Test
  void aPeerThatRequestsPiecesItWasNotUnchokedForTakesNoSlotFromOthers() {
    var policy = policy(pieces(0, PIECES), false);
    for (var peer = 0; peer < 6; peer++) {
      policy.connected(peer, Policy.Kind.CORVID, new BitSet(), 0);
      policy.interested(peer, 0);
    }
    for (var piece = 0; piece < 16; piece++) {
      policy.requested(0, piece, 0);
    }
    decisions.take();

    policy.notInterested(1, 0);
    policy.notInterested(2, 0);

    assertThat(decisions.take()).containsExactly("unchoke 4", "unchoke 5");
  }

  /** A CANCEL of what was never requested, or a HAVE of another piece, says nothing of it. */
  @Test
  void onlyWhatIsServedCountsAsProgress() {
    var policy = policy(pieces(0, PIECES), false);
    for (var peer = 0; peer < 5; peer++) {
      policy.connected(peer, Policy.Kind.CORVID, new BitSet(), 0);
      policy.interested(peer, 0);
    }
    for (var peer = 0; peer < 4; peer++) {
      policy.requested(peer, peer, 0);
      policy.withdrawn(peer, 31, 3 * SECOND);
      policy.have(peer, 30, 3 * SECOND);
    }
    decisions.take();

    policy.tick(5 * SECOND);

    assertThat(decisions.take()).contains("unchoke 4");
  }

  @Test
  void thoseThatTookNoMoreThanABlockComeAfterAllOthers() {
    var policy = policy(pieces(0, PIECES), false);
    for (var peer = 0; peer < 4; peer++) {
      policy.connected(peer, Policy.Kind.CORVID, new BitSet(), 0);
      policy.interested(peer, 0);
      policy.requested(peer, peer, 0);
      policy.notInterested(peer, 0);
    }
    policy.tick(5 * SECOND);
    for (var peer = 4; peer < 9; peer++) {
      policy.connected(peer, Policy.Kind.CORVID, new BitSet(), 5 * SECOND);
    }
    for (var peer = 4; peer < 8; peer++) {
      policy.interested(peer, 5 * SECOND);
    }
    policy.interested(0, 5 * SECOND);
    policy.interested(8, 5 * SECOND);
    decisions.take();

    policy.notInterested(4, 5 * SECOND);
    assertThat(decisions.take()).containsExactly("unchoke 8");
    policy.notInterested(5, 5 * SECOND);
    assertThat(decisions.take()).containsExactly("unchoke 0");
  }

  @Test
  void takesAPieceFromAFrozenNeighbourAndGivesItToAnother() {
    var policy = policy(pieces(1, PIECES), false);
    policy.connected(0, Policy.Kind.CORVID, pieces(0, 1), 0);
    policy.connected(1, Policy.Kind.CORVID, pieces(0, 1), 0);
    policy.unchoked(0, 0);
    policy.asked(0, 0, PIECE_BYTES, 0);
    policy.received(0, 0, 1000, SECOND);
    decisions.take();

    policy.tick(4 * SECOND);
    assertThat(decisions.take()).contains("cancel 0 0");

    policy.unchoked(1, 4 * SECOND);
    assertThat(decisions.take()).containsExactly("fetch 1 0");
  }

  @Test
  void leavesAPieceThatWaitsBehindOthersOfTheSameNeighbour() {
    var policy = policy(pieces(2, PIECES), false);
    policy.connected(0, Policy.Kind.CORVID, pieces(0, 2), 0);
    policy.unchoked(0, 0);
    var coming = decisions.take().contains("fetch 0 0") ? 0 : 1;
    policy.received(0, coming, 10, 0);
    policy.unchoked(0, 0);
    policy.asked(0, coming, PIECE_BYTES, 0);
    policy.asked(0, 1 - coming, PIECE_BYTES, 0);
    decisions.take();

    for (var at = 1; at <= 19; at++) {
      policy.received(0, coming, 10, at * SECOND);
      policy.tick(at * SECOND);
    }
    assertThat(decisions.take()).isEmpty();
    policy.received(0, coming, 10, 21 * SECOND);
    policy.tick(21 * SECOND);
    assertThat(decisions.take()).contains("cancel 0 " + (1 - coming));
  }

  @Test
  void countsNoProgressOnlyWhileBytesAreDue() {
    var policy = policy(pieces(1, PIECES), false);
    policy.connected(0, Policy.Kind.CORVID, pieces(0, 1), 0);
    policy.unchoked(0, 0);
    decisions.take();

    policy.tick(60 * SECOND);

    assertThat(decisions.take()).isEmpty();
  }

  @Test
  void asksASecondSourceAtTheVeryEndOnlyWhenTheFirstIsLate() {
    var policy = policy(pieces(1, PIECES), false);
    policy.connected(0, Policy.Kind.CORVID, pieces(0, 1), 0);
    policy.connected(1, Policy.Kind.CORVID, pieces(0, 1), 0);
    policy.unchoked(0, 0);
    decisions.take();

    policy.unchoked(1, SECOND / 2);
    assertThat(decisions.take()).containsExactly("not interested 1");
    policy.unchoked(1, 2 * SECOND);
    assertThat(decisions.take()).containsExactly("fetch 1 0");

    policy.good(0, 3 * SECOND);
    assertThat(decisions.take()).contains("cancel 0 0", "cancel 1 0");
  }

  @Test
  void hidesWhatIsCommonUntilEveryFirstCopyIsOut() {
    var policy = policy(pieces(0, PIECES), true);
    policy.connected(0, Policy.Kind.CORVID, new BitSet(), 0);
    var ofOne = new ArrayList<>(decisions.revealed(0));
    policy.connected(1, Policy.Kind.CORVID, new BitSet(), 0);
    var ofTheOther = decisions.revealed(1);
    assertThat(ofOne).hasSize(3).doesNotContainAnyElementsOf(ofTheOther);

    for (var at = 0; at < ofOne.size(); at++) {
      policy.have(0, ofOne.get(at), SECOND);
      ofOne.addAll(decisions.revealed(0));
    }

    assertThat(ofOne).as("all but what the other is to fetch").hasSize(PIECES - 3);
    assertThat(policy.superSeeding()).isTrue();
    for (var piece : ofTheOther) {
      policy.have(1, piece, SECOND);
    }
    assertThat(policy.superSeeding()).isFalse();
    assertThat(decisions.take()).contains("reveal 1 " + ofOne.getFirst()).hasSize(PIECES);
  }

  @Test
  void showsWhoFetchesOnlyTheFirstPiecesThoseAndNoOthers() {
    var policy = policy(pieces(0, PIECES), true);

    policy.connected(0, new Policy.Kind(true, false, 2), new BitSet(), 0);
    assertThat(decisions.revealed(0)).containsExactly(0, 1);
    policy.have(0, 0, SECOND);
    policy.have(0, 1, SECOND);
    assertThat(decisions.take()).isEmpty();

    policy.connected(1, Policy.Kind.CORVID, new BitSet(), SECOND);
    assertThat(decisions.revealed(1)).hasSize(3).doesNotContain(0, 1);
    policy.gone(0, 2 * SECOND);
    policy.tick(20 * SECOND);
    assertThat(policy.superSeeding()).as("its copies are gone with it").isTrue();
  }

  @Test
  void revealsAPieceToAnotherWhenItsHolderTakesLong() {
    var policy = policy(pieces(0, PIECES), true);
    policy.connected(0, Policy.Kind.CORVID, new BitSet(), 0);
    var late = decisions.revealed(0);
    policy.connected(1, Policy.Kind.CORVID, new BitSet(), 0);
    var known = decisions.revealed(1);

    policy.tick(10 * SECOND);
    policy.have(1, known.getFirst(), 10 * SECOND);

    assertThat(late).containsAll(decisions.revealed(1));
  }

  @Test
  void revealsNoMoreToWhoSpreadsNoneOfWhatItHas() {
    var policy = policy(pieces(0, PIECES), true);
    policy.connected(0, Policy.Kind.CORVID, new BitSet(), 0);
    var kept = decisions.revealed(0).getFirst();
    policy.connected(1, Policy.Kind.CORVID, new BitSet(), 0);
    var other = decisions.revealed(1);
    policy.have(0, kept, SECOND);
    decisions.take();
    for (var second = 1; second < 10; second++) {
      policy.tick(second * SECOND);
    }
    decisions.take();

    policy.have(1, other.getFirst(), 10 * SECOND);

    assertThat(decisions.take())
        .contains("reveal 1 " + kept)
        .noneMatch(d -> d.startsWith("reveal 0"));
  }

  @Test
  void revealsWhatAServerBringsAndLeavesTheNeighboursAloneMeanwhile() {
    var policy = policy(new BitSet(), true);
    policy.connected(0, Policy.Kind.CORVID, pieces(0, PIECES - 2), 0);
    policy.connected(1, Policy.Kind.CORVID, new BitSet(), 0);
    decisions.take();

    policy.server(2, 0);
    var rare = decisions.take().contains("fetch 2 " + (PIECES - 1)) ? PIECES - 1 : PIECES - 2;
    policy.unchoked(0, 0);
    assertThat(decisions.take()).containsExactly("not interested 0");
    policy.good(rare, SECOND);
    assertThat(decisions.take())
        .as("shown to one")
        .filteredOn(decision -> decision.startsWith("reveal"))
        .hasSize(1);

    policy.gone(2, 2 * SECOND);
    assertThat(decisions.take()).as("nobody else gives the rest").contains("interested 0");
  }

  @Test
  void aStrangerKeepsItsTurnForTenSecondsAndThenMakesRoom() {
    var policy = policy(pieces(0, PIECES), false);
    policy.connected(0, Policy.Kind.CORVID, new BitSet(), 0);
    policy.interested(0, 0);
    for (var stranger = 1; stranger < 3; stranger++) {
      policy.connected(stranger, Policy.Kind.FOREIGN, new BitSet(), 0);
      policy.interested(stranger, 0);
    }
    assertThat(decisions.take()).containsExactly("unchoke 0", "unchoke 1");
    policy.requested(0, 3, 9 * SECOND);
    decisions.take();

    policy.tick(9 * SECOND);
    assertThat(decisions.take()).doesNotContain("choke 1");
    policy.tick(10 * SECOND);
    assertThat(decisions.take()).contains("choke 1", "unchoke 2");
  }
}
