package dev.corvid.bittorrent.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetadataBudgetTest {
  private static final int MIB = 1 << 20;
  private static final int ALL = 12 * MIB;

  private final MetadataBudget budget = new MetadataBudget(48L * MIB);
  private final MetadataBudget.Claims torrent = budget.claims();
  private final MetadataBudget.Claims other = budget.claims();
  private final List<String> granted = new ArrayList<>();
  private final Map<String, MetadataBudget.Claim> claims = new HashMap<>();

  private MetadataBudget.Claim claim(String name, int bytes) {
    return claim(torrent, name, bytes);
  }

  private MetadataBudget.Claim claim(MetadataBudget.Claims of, String name, int bytes) {
    var claim = of.add(bytes, Runnable::run, () -> granted.add(name));
    claims.put(name, claim);
    return claim;
  }

  /** The turn of the last one granted is over. */
  private void endTurn() {
    claims.get(granted.getLast()).release();
  }

  @Test
  void takesNoMoreThanAQuarterOfTheHeap() {
    assertThat(budget.takes(ALL)).isTrue();
    assertThat(budget.takes(ALL + 1)).isFalse();
    assertThat(budget.takes(0)).isFalse();
    assertThat(new MetadataBudget(1).takes(256 << 10)).isTrue();
    assertThat(new MetadataBudget(1).takes((256 << 10) + 1)).isFalse();
  }

  @Test
  void whatIsNeverGrantedDoesNotWait() {
    assertThatThrownBy(() -> claim("larger", ALL + 1)).hasMessageContaining("never granted");
    claim("all", ALL);
    assertThat(granted).containsExactly("all");
  }

  @Test
  void grantsLargeOnesOneAfterTheOtherInTheirOrder() {
    var first = claim("first", 10 * MIB);
    var second = claim("second", 10 * MIB);
    claim("third", MIB);
    assertThat(granted).containsExactly("first");
    assertThat(first.isInTheWay()).isTrue();

    first.release();
    first.release();

    assertThat(granted).containsExactly("first", "second", "third");
    assertThat(second.isInTheWay()).isFalse();
  }

  @Test
  void whoStopsWaitingIsNotWaitedFor() {
    var first = claim("first", 10 * MIB);
    claim("second", 10 * MIB).release();
    claim("third", 2 * MIB);
    claim(other, "fourth", ALL).release();
    assertThat(granted).containsExactly("first", "third");
    assertThat(first.isInTheWay()).isFalse();
  }

  @Test
  void smallOnesDoNotWaitForLargeOnes() {
    claim("first", ALL);
    claim("large", ALL);
    for (var i = 0; i < 8; i++) {
      claim("small", 256 << 10);
    }
    assertThat(granted).hasSize(9).doesNotContain("large");
    for (var i = 0; i < 100; i++) {
      claim("more", 256 << 10);
    }
    assertThat(granted).hasSize(9);
  }

  @Test
  void torrentsTakeTurns() {
    for (var i = 0; i < 3; i++) {
      claim("a" + i, ALL);
    }
    for (var i = 0; i < 3; i++) {
      claim(other, "b" + i, ALL);
    }
    claim(budget.claims(), "c0", ALL);
    for (var i = 0; i < 6; i++) {
      endTurn();
    }
    assertThat(granted).containsExactly("a0", "a1", "b0", "c0", "a2", "b1", "b2");
  }

  /** Eight that were dialled and 32 that came: all that a torrent may have, and all lie. */
  @Test
  void theLiarsOfOneTorrentDelayAnotherByOneTurn() {
    for (var i = 0; i < 40; i++) {
      claim("liar " + i, ALL);
    }
    claim(other, "honest", MIB);
    endTurn();
    assertThat(granted).containsExactly("liar 0", "honest");
  }

  @Test
  void whoWastesTurnsComesAfterThoseThatWastedFewer() {
    for (var i = 0; i < 40; i++) {
      claim("liar " + i, ALL);
    }
    for (var i = 0; i < 5; i++) {
      endTurn();
    }
    for (var i = 0; i < 4; i++) {
      claim(other, "honest " + i, MIB);
    }
    for (var i = 0; i < 4; i++) {
      endTurn();
    }
    assertThat(granted.subList(6, 10))
        .containsExactly("honest 0", "honest 1", "honest 2", "honest 3");
  }

  @Test
  void newTorrentsDoNotShutOutAnOldOne() {
    claim("busy", ALL);
    claim(other, "large", ALL);
    for (var i = 0; i < 20 && !granted.contains("large"); i++) {
      claim(budget.claims(), "new " + i, MIB);
      for (var name : List.copyOf(granted)) {
        claims.get(name).release();
      }
    }
    assertThat(granted).contains("large");
  }
}
