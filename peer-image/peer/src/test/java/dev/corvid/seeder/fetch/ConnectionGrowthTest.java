package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Against sources that are a rate for each number of connections. */
class ConnectionGrowthTest {
  private static final long SECOND = 1_000_000_000L;
  private static final double MB = 1e6;
  private static final int CHUNK = 16 << 10;

  private final List<ConnectionGrowth.Advice> advice = new ArrayList<>();

  @Test
  void growsUntilTheLinkIsFull() {
    var growth = after(20, 1, n -> Math.min(50, 11.25 * n) * MB);

    assertThat(growth.connections()).isEqualTo(5);
    assertThat(growth.isSettled()).isTrue();
    assertThat(advice).endsWith(ConnectionGrowth.Advice.RETIRE);
  }

  @Test
  void keepsOneConnectionOfASourceThatIsAsFastAsItsLink() {
    assertThat(after(5, 1, n -> 25 * MB).connections()).isOne();
    assertThat(advice).containsExactly(ConnectionGrowth.Advice.ADD, ConnectionGrowth.Advice.RETIRE);
  }

  @Test
  void growsToTheMost() {
    assertThat(after(20, 1, n -> 90 * MB * n).connections()).isEqualTo(8);
    assertThat(advice).containsOnly(ConnectionGrowth.Advice.ADD).hasSize(7);
  }

  @Test
  void returnsToOneWhereMoreAreSlower() {
    assertThat(after(5, 1, n -> n == 1 ? 90 * MB : 40 * MB).connections()).isOne();
    assertThat(advice).endsWith(ConnectionGrowth.Advice.ONE);
  }

  @Test
  void onceSlowerMayBeChance() {
    var slow = new int[1];

    var growth = after(20, 1, n -> n == 2 && slow[0]++ < 400 ? 40 * MB : Math.min(n, 4) * 90 * MB);

    assertThat(growth.connections()).isEqualTo(4);
    assertThat(advice).doesNotContain(ConnectionGrowth.Advice.ONE);
  }

  @Test
  void aConnectionThatFailsGainsNothing() {
    var growth = new ConnectionGrowth(2, 1, 8);
    growth.delivers(SECOND / 100, 0);
    assertThat(run(growth, 0, 90 * MB)).isEqualTo(ConnectionGrowth.Advice.ADD);

    assertThat(growth.failed()).isEqualTo(ConnectionGrowth.Advice.REPLACE);
    assertThat(growth.failed()).isEqualTo(ConnectionGrowth.Advice.RETIRE);

    assertThat(growth.connections()).isOne();
    assertThat(growth.isUseful()).isFalse();
    assertThat(growth.isSettled()).isTrue();
  }

  /** Until there is advice. */
  private static ConnectionGrowth.Advice run(ConnectionGrowth growth, long from, double rate) {
    var what = ConnectionGrowth.Advice.WAIT;
    for (double now = from; what == ConnectionGrowth.Advice.WAIT; ) {
      now += CHUNK / rate * SECOND;
      what = growth.came(CHUNK, (long) now);
    }
    return what;
  }

  @Test
  void triesAMirrorWhereAnotherConnectionGainsNothing() {
    var growth = after(10, 2, n -> (n > 2 ? 90 : 45) * MB);

    assertThat(growth.source()).isOne();
    assertThat(advice).contains(ConnectionGrowth.Advice.REPLACE);
  }

  @Test
  void judgesSlowSourcesByEnoughBytes() {
    after(10, 1, n -> 64 << 10);

    assertThat(advice).isEmpty();
  }

  private ConnectionGrowth after(int seconds, int sources, IntToDoubleFunction rate) {
    var growth = new ConnectionGrowth(sources, 1, 8);
    growth.delivers(SECOND / 100, 0);
    double now = 0;
    while (now < seconds * (double) SECOND) {
      now += CHUNK / rate.applyAsDouble(growth.connections()) * SECOND;
      var what = growth.came(CHUNK, (long) now);
      if (what != ConnectionGrowth.Advice.WAIT) {
        advice.add(what);
        growth.delivers(SECOND / 100, (long) now);
      }
    }
    return growth;
  }
}
