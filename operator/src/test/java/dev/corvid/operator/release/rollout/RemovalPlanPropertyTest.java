package dev.corvid.operator.release.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random labels, selectors, restarts and allowances: never too many are told, and it converges. */
class RemovalPlanPropertyTest {
  /** More with -Dremovals=2000. */
  private static final int RUNS = Integer.getInteger("removals", 12);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void neverTellsTooManyAndConvergesWhenLabelsFit(long base) {
    for (int i = 0; i < RUNS; i++) {
      long seed = base * 1_000_003 + i;
      var pools = new SimulatedPools(new Random(seed));
      for (int step = 0; step < 80; step++) {
        pools.disturb();
        assertThat(pools.step()).as("seed %d, step %d: %s", seed, step, pools).isNull();
      }
      pools.settle();
      for (int step = 0; step < 1000 && !pools.isConverged(); step++) {
        assertThat(pools.step()).as("seed %d, settling: %s", seed, pools).isNull();
      }
      assertThat(pools.isConverged()).as("seed %d converges: %s", seed, pools).isTrue();
    }
  }
}
