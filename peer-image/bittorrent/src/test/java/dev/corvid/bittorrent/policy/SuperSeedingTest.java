package dev.corvid.bittorrent.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Hiding pieces must never keep from a neighbour what no other one would pass on to it. */
class SuperSeedingTest {
  private static final int PIECES = 32;
  private static final long SECOND = 1_000_000_000L;

  private final Decisions decisions = new Decisions();
  private long now = 5 * SECOND;

  private Policy policy(int have) {
    var pieces = new BitSet();
    pieces.set(0, have);
    var settings = new Policy.Settings(PIECES, PIECES, 2, 10, true);
    return new Policy(settings, pieces, new Random(1), _ -> 1 << 20, decisions);
  }

  private List<Integer> connect(Policy policy, int peer, boolean own) {
    policy.connected(peer, new Policy.Kind(own, false, 0), new BitSet(), now);
    return decisions.revealed(peer);
  }

  /** Time passes in which nobody is sent anything, as long as the policy watches. */
  private void idle(Policy policy, int seconds) {
    for (var i = 0; i < 4 * seconds; i++) {
      now += SECOND / 4;
      if (policy.active()) {
        policy.tick(now);
      }
    }
  }

  @Test
  void showsAStrangerThatIsAloneEverythingAtOnce() {
    var policy = policy(PIECES);

    assertThat(connect(policy, 0, false)).hasSize(PIECES).doesNotHaveDuplicates();
    assertThat(policy.superSeeding()).isTrue();
  }

  @Test
  void hidesAsBeforeFromThoseThatComeWhileAStrangerIsThere() {
    var policy = policy(PIECES);
    connect(policy, 0, false);

    assertThat(connect(policy, 1, true)).hasSize(3);
    assertThat(connect(policy, 2, false)).hasSize(1);
  }

  @Test
  void showsOurOwnNoMoreForBeingAlone() {
    var policy = policy(PIECES);

    assertThat(connect(policy, 0, true)).hasSize(3);
  }

  /** Ten at once are served where eight are fetched; here it is four. */
  @Test
  void sharesTwiceWhatIsServedAtOnceAmongThoseThatTakePieces() {
    var policy = policy(PIECES);
    var shown = connect(policy, 0, true);
    policy.have(0, shown.getFirst(), now);
    assertThat(decisions.revealed(0)).as("8 are under way, to it alone").hasSize(6);

    assertThat(connect(policy, 1, true)).as("it has taken none yet").hasSize(3);
    policy.have(0, shown.get(1), now);
    policy.have(0, shown.get(2), now);
    assertThat(decisions.revealed(0)).as("of 8 there are 4 for each").isEmpty();
  }

  @Test
  void revealsTheFirstPiecesFirst() {
    var pieces = new BitSet();
    pieces.set(0, 640);
    var policy =
        new Policy(
            new Policy.Settings(640, 640, 8, 10, true), pieces, new Random(1), _ -> 1, decisions);
    var shown = new ArrayList<Integer>(connect(policy, 0, true));
    for (var next = 0; next < 64; next++) {
      policy.have(0, shown.get(next), now);
      shown.addAll(decisions.revealed(0));
    }
    assertThat(shown.subList(0, 64))
        .containsExactlyInAnyOrderElementsOf(firsts(64))
        .isNotEqualTo(firsts(64));
  }

  private static List<Integer> firsts(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @Test
  void showsForeignPeersOneAtATimeHoweverFewTheyAre() {
    var policy = policy(PIECES);
    connect(policy, 0, true);
    var shown = connect(policy, 1, false);

    policy.have(1, shown.getFirst(), now);

    assertThat(decisions.revealed(1)).hasSize(1);
  }

  @Test
  void showsAStrangerTheRestWhenTheLastOtherLeaves() {
    var policy = policy(PIECES);
    connect(policy, 0, true);
    var shown = connect(policy, 1, false);
    assertThat(shown).hasSize(1);

    policy.gone(0, now);

    assertThat(decisions.revealed(1)).hasSize(PIECES - 1).doesNotContainAnyElementsOf(shown);
  }

  @Test
  void showsAStrangerThatIsAloneWhatArrives() {
    var policy = policy(PIECES - 1);
    connect(policy, 0, false);

    policy.good(PIECES - 1, now);

    assertThat(decisions.take()).contains("reveal 0 " + (PIECES - 1));
  }

  @Test
  void countsNoneAsCompanyThatFetchesTheFirstPiecesOnly() {
    var policy = policy(PIECES);
    policy.connected(0, new Policy.Kind(true, false, 2), new BitSet(), now);
    decisions.take();

    assertThat(connect(policy, 1, false)).hasSize(PIECES);
  }

  @Test
  void showsStrangersEverythingWhileTheyAskForNothing() {
    var policy = policy(PIECES);
    connect(policy, 0, true);
    assertThat(connect(policy, 1, false)).hasSize(1);
    assertThat(connect(policy, 2, false)).hasSize(1);

    idle(policy, 8);

    var taken = decisions.take();
    assertThat(shownTo(taken, 1)).hasSize(PIECES - 1);
    assertThat(shownTo(taken, 2)).hasSize(PIECES - 1);
    assertThat(shownTo(taken, 0)).as("ours has not taken what it was shown").isEmpty();
  }

  @Test
  void starvesNoneForANeighbourThatTakesNothing() {
    var policy = policy(PIECES);
    var shown = connect(policy, 0, true);
    var kept = connect(policy, 1, true);

    for (var second = 0; second < 2 * PIECES; second++) {
      if (!shown.isEmpty()) {
        policy.have(0, shown.removeFirst(), now);
      }
      idle(policy, 1);
      var taken = decisions.take();
      shown.addAll(shownTo(taken, 0));
      kept.addAll(shownTo(taken, 1));
    }

    assertThat(policy.piecesOf(0).cardinality()).isEqualTo(PIECES);
    assertThat(kept).as("what was shown to the one that takes nothing").hasSize(3);
  }

  @Test
  void servesBothOfTwoThatDoNotReachEachOther() {
    var policy = policy(PIECES);
    var shown = List.of(connect(policy, 0, true), connect(policy, 1, true));

    for (var round = 0; round < 10; round++) {
      for (var peer = 0; peer < 2; peer++) {
        if (!shown.get(peer).isEmpty()) {
          policy.have(peer, shown.get(peer).removeFirst(), now);
        }
      }
      idle(policy, 8);
      var taken = decisions.take();
      for (var peer = 0; peer < 2; peer++) {
        shown.get(peer).addAll(shownTo(taken, peer));
      }
      for (var peer = 0; peer < 2; peer++) {
        while (!shown.get(peer).isEmpty()) {
          policy.have(peer, shown.get(peer).removeFirst(), now);
        }
      }
    }

    assertThat(policy.piecesOf(0).cardinality()).isEqualTo(PIECES);
    assertThat(policy.piecesOf(1).cardinality()).isEqualTo(PIECES);
  }

  @Test
  void showsAStrangerEverythingBesideAnotherStranger() {
    var policy = policy(PIECES);
    connect(policy, 0, false);

    assertThat(connect(policy, 1, false)).hasSize(PIECES);
  }

  @Test
  void showsStrangersTheRestWhenTheLastOfOursLeaves() {
    var policy = policy(PIECES);
    connect(policy, 0, true);
    connect(policy, 1, false);
    connect(policy, 2, false);

    policy.gone(0, now);

    var taken = decisions.take();
    assertThat(shownTo(taken, 1)).hasSize(PIECES - 1);
    assertThat(shownTo(taken, 2)).hasSize(PIECES - 1);
  }

  @Test
  void showsAStrangerEverythingBesideOneOfOursThatTrickles() {
    var policy = policy(PIECES);
    connect(policy, 0, true);
    connect(policy, 1, false);

    send(policy, 0, 20);

    assertThat(shownTo(decisions.take(), 1)).hasSize(PIECES - 1);
  }

  @Test
  void hidesOnWhileOneOfOursTakesPieces() {
    var policy = policy(PIECES);
    var shown = connect(policy, 0, true);
    connect(policy, 1, false);

    for (var round = 0; round < 6; round++) {
      send(policy, 0, 5);
      policy.have(0, shown.removeFirst(), now);
      var taken = decisions.take();
      shown.addAll(shownTo(taken, 0));
      assertThat(shownTo(taken, 1)).hasSizeLessThan(3);
    }
  }

  @Test
  void servesOneOfOursThatIsCutOffBesideAStrangerThatTakesBytes() {
    var policy = policy(PIECES);
    var shown = connect(policy, 0, true);
    connect(policy, 1, false);

    for (var round = 0; round < 30; round++) {
      for (var piece : shown) {
        policy.have(0, piece, now);
      }
      shown = List.copyOf(shownTo(decisions.take(), 0));
      send(policy, 1, 2);
      shown = Stream.concat(shown.stream(), shownTo(decisions.take(), 0).stream()).toList();
    }

    assertThat(policy.piecesOf(0).cardinality()).isEqualTo(PIECES);
  }

  /** Bytes go out to that one alone. */
  private void send(Policy policy, int peer, int seconds) {
    for (var i = 0; i < 4 * seconds; i++) {
      now += SECOND / 4;
      policy.sent(peer, now);
      policy.tick(now);
    }
  }

  @Test
  void hidesOnWhileItsUplinkIsBusy() {
    var policy = policy(PIECES);
    connect(policy, 0, true);
    connect(policy, 1, false);
    connect(policy, 2, false);

    for (var i = 0; i < 40; i++, now += SECOND / 4) {
      policy.sent(0, now);
      policy.tick(now);
    }

    assertThat(shownTo(decisions.take(), 2)).isEmpty();
  }

  private static List<Integer> shownTo(List<String> taken, int peer) {
    var prefix = "reveal " + peer + " ";
    return taken.stream()
        .filter(each -> each.startsWith(prefix))
        .map(each -> Integer.parseInt(each.substring(prefix.length())))
        .distinct()
        .toList();
  }
}
