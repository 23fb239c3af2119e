package dev.corvid.bittorrent.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.bittorrent.policy.Scenario.Misfortune;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the policy reaches against the bound, whatever the machine is busy with. Each run is seeded.
 */
@Tag("slow")
class SimulationTest {
  private static final double RATE = 12.5e6;
  private static final int PIECE_BYTES = 256 << 10;
  private static final double FULL_BUFFERS = 50;

  private static Scenario equal(int peers, int pieces) {
    return Scenario.equal(peers, RATE).pieces(pieces, PIECE_BYTES);
  }

  private static Simulation.Result run(Scenario scenario) {
    return new Simulation(scenario).run();
  }

  @Test
  void eightEqualPeersFinishCloseToTheBound() {
    assertThat(run(equal(8, 512)).last()).isLessThan(1.05);
  }

  @Test
  void twentyEqualPeersFinishCloseToTheBound() {
    assertThat(run(equal(20, 512)).last()).isLessThan(1.08);
  }

  @Test
  void twoHundredPeersFinishCloseToTheBound() {
    assertThat(run(equal(200, 256).parts(4)).last()).isLessThan(1.2);
  }

  @Test
  void theSeederSendsHardlyMoreThanOneCopy() {
    assertThat(run(equal(8, 512)).seederCopies()).isBetween(1.0, 1.05);
  }

  @Test
  void twentyMillisecondsOfRoundTripCostLittle() {
    assertThat(run(equal(8, 512).latency(10)).last()).isLessThan(1.1);
  }

  @Test
  void fullBuffersOnEveryBusyLinkCostLittle() {
    assertThat(run(equal(8, 512).buffered(FULL_BUFFERS)).last()).isLessThan(1.15);
  }

  @Test
  void slowPeersSlowOnlyThemselves() {
    assertThat(run(equal(8, 512).halfOfThemAtHalfTheRate()).lastOfTheFast()).isLessThan(1.3);
  }

  @Test
  void whoComesLaterHasItAsSoonAsItsLinkAllows() {
    assertThat(run(equal(8, 512).joiningOver(20)).last()).isLessThan(1.1);
  }

  @Test
  void onePeerThatFreezesDiesOrIsBannedHoldsNobody() {
    for (var what : Misfortune.values()) {
      var result = run(equal(8, 256).befalls(3, what, 0.5));
      assertThat(result.unfinished()).as("%s", what).isZero();
      assertThat(result.last()).as("%s", what).isLessThan(1.2);
    }
  }

  @Test
  void theSeederMayDieWhenOneCopyIsOut() {
    var result = run(equal(8, 256).seederDiesAfterOneCopy());
    assertThat(result.unfinished()).isZero();
    assertThat(result.last()).isLessThan(1.1);
  }

  @Test
  void repeatsARunToTheBit() {
    var scenario = equal(20, 64).joiningOver(2);
    assertThat(run(scenario).seconds()).isEqualTo(run(scenario).seconds());
  }
}
