package dev.corvid.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetadataBudgetTest {
  private static final int MIB = 1 << 20;

  private final MetadataBudget budget = new MetadataBudget(48L * MIB);
  private final List<String> granted = new ArrayList<>();

  private MetadataBudget.Claim claim(String name, int bytes) {
    return budget.claim(bytes, Runnable::run, () -> granted.add(name));
  }

  @Test
  void takesNoMoreThanAQuarterOfTheHeap() {
    assertThat(budget.takes(12 * MIB)).isTrue();
    assertThat(budget.takes(12 * MIB + 1)).isFalse();
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
    assertThat(granted).containsExactly("first", "third");
    assertThat(first.isInTheWay()).isFalse();
  }

  @Test
  void smallOnesDoNotWaitForLargeOnes() {
    claim("first", 12 * MIB);
    claim("large", 12 * MIB);
    for (var i = 0; i < 8; i++) claim("small", 256 << 10);
    assertThat(granted).hasSize(9).doesNotContain("large");
    for (var i = 0; i < 100; i++) claim("more", 256 << 10);
    assertThat(granted).hasSize(9);
  }
}
