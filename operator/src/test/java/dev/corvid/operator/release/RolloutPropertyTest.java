package dev.corvid.operator.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random policies, fleets, failures and edits: what must never happen, and what always does. */
@Tag("slow")
class RolloutPropertyTest {
  /** More with -Drollouts=2000. */
  private static final int ROLLOUTS = Integer.getInteger("rollouts", 60);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void neverSwitchesTooManyNorEarlyAndConvergesWhenFaultsEnd(long base) {
    for (int i = 0; i < ROLLOUTS; i++) {
      long seed = base * 1_000_003 + i;
      var fleet = new SimulatedFleet(new Random(seed));
      for (int step = 0; step < 60; step++) {
        fleet.disturb();
        fleet.step();
        assertThat(fleet.violation()).as("seed %d, step %d: %s", seed, step, fleet).isNull();
      }
      fleet.heal();
      for (int step = 0; step < 200 && !fleet.isConverged(); step++) {
        fleet.step();
        assertThat(fleet.violation()).as("seed %d, healing: %s", seed, fleet).isNull();
      }
      assertThat(fleet.isConverged()).as("seed %d converges: %s", seed, fleet).isTrue();
    }
  }
}
