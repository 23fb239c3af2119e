package dev.corvid.e2e.bench.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.bench.network.Link;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SwarmPlanTest {
  private final SwarmPlan plan = SwarmPlan.of("row", 4, Link.of(100));

  @Test
  void halfOfThePeersAreSlowAndTheSeederIsNot() {
    assertThat(plan.halfOn(Link.of(50)).links().stream().map(Link::megabits))
        .containsExactly(100, 100, 100, 50, 50);
  }

  @Test
  void theFirstPeerIsThereFromTheBeginningAndTheLastJoinsAtTheEnd() {
    var joining = plan.joiningOver(Duration.ofSeconds(30));

    assertThat(joining.joins(0)).isZero();
    assertThat(joining.joins(3)).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void aVictimNeedNotFinishAndADeadSeederIsNoPeer() {
    assertThat(plan.with(Fault.FREEZE).counted()).isEqualTo(3);
    assertThat(plan.with(Fault.SEEDER_KILLED).counted()).isEqualTo(4);
  }
}
