package dev.corvid.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * What the policy reaches against the bound, whatever the machine is busy with. Each run is seeded.
 */
class SimulationTest {
  private static final double RATE = 12.5e6;
  private static final int PIECES = 256;
  private static final int PIECE_BYTES = 256 << 10;
  private static final long LOCAL = 200_000;
  private static final long FAR = 10_000_000;
  private static final long FULL = 50_000_000;

  private static Simulation.Settings equal(int peers, int pieces, long latency) {
    return Simulation.Settings.equal(peers, RATE, pieces, PIECE_BYTES, latency, 1);
  }

  private static double ratio(Simulation.Settings settings) {
    return new Simulation(settings).run().last() / settings.bound();
  }

  @Test
  void eightEqualPeersFinishCloseToTheBound() {
    assertThat(ratio(equal(8, PIECES, LOCAL))).isLessThan(1.13);
  }

  @Test
  void twentyEqualPeersFinishCloseToTheBound() {
    assertThat(ratio(equal(20, PIECES, LOCAL))).isLessThan(1.16);
  }

  @Test
  void theSeederSendsHardlyMoreThanOneCopy() {
    assertThat(new Simulation(equal(8, PIECES, LOCAL)).run().seederCopies()).isBetween(1.0, 1.1);
  }

  @Test
  void twentyMillisecondsOfRoundTripCostLessThanAThird() {
    assertThat(ratio(equal(8, PIECES, FAR))).isLessThan(1.3);
  }

  @Test
  void fullBuffersOnEveryBusyLinkCostLessThanHalf() {
    assertThat(ratio(equal(8, PIECES, LOCAL).withBuffers(FULL))).isLessThan(1.5);
  }

  @Test
  void onePeerThatFreezesHoldsNobody() {
    var settings = equal(8, PIECES, LOCAL);
    var simulation = new Simulation(settings);
    simulation.freeze(3, settings.bound() / 2);
    var finished = simulation.run().finished();
    var others = Arrays.stream(finished).filter(Double::isFinite).max().orElseThrow();
    assertThat(Arrays.stream(finished).filter(Double::isInfinite)).hasSize(1);
    assertThat(others / settings.bound()).isLessThan(1.6);
  }

  @Test
  void theSeederMayFreezeWhenOneCopyIsOut() {
    var settings = equal(8, PIECES, LOCAL);
    var simulation = new Simulation(settings);
    simulation.freezeSeederAfterOneCopy();
    assertThat(simulation.run().last()).isFinite();
  }

  @Test
  void fortyPeersAllFinish() {
    assertThat(ratio(equal(40, 64, LOCAL))).isLessThan(1.6);
  }
}
