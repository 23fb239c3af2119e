package dev.corvid.bittorrent.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.bittorrent.policy.Scenario.Misfortune;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the policy reaches against the bound, whatever the machine is busy with. Each run is seeded.
 */
@Tag("slow")
class SimulationTest {
  private static final double RATE = 12.5e6;
  private static final int PIECE_BYTES = 256 << 10;

  /** One peer's misfortune costs more or less, by which pieces it has then. */
  private static final int SEEDS = 4;

  private static final double FULL_BUFFERS = 50;
  private static final double REACTION = 5;

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
      var last = 0.0;
      for (var seed = 1; seed <= SEEDS; seed++) {
        var result = run(equal(8, 256).befalls(3, what, 0.5).seed(seed));
        assertThat(result.unfinished()).as("%s", what).isZero();
        last += result.last() / SEEDS;
      }
      assertThat(last).as("%s", what).isLessThan(1.2);
    }
  }

  @Test
  void theSeederMayDieWhenOneCopyIsOut() {
    var result = run(equal(8, 256).seederDiesAfterOneCopy());
    assertThat(result.unfinished()).isZero();
    assertThat(result.last()).isLessThan(1.1);
  }

  @Test
  void largePiecesFinishAsCloseToTheBoundAsSmallOnes() {
    for (var bytes : new int[] {1 << 20, 4 << 20}) {
      for (var rate : new double[] {RATE / 4, RATE, 2 * RATE}) {
        var swarm = Scenario.equal(8, rate).pieces(512, bytes).buffered(FULL_BUFFERS);
        assertThat(run(swarm.latency(REACTION)).last()).as("%d, %.0f", bytes, rate).isLessThan(1.1);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 2, 1.04", "8, 2, 1.09", "20, 2, 1.13", "3, 10, 1.04", "8, 10, 1.11"})
  void fastLinksAreBusyWithLargePieces(int peers, int timesTheRate, double limit) {
    var swarm = Scenario.equal(peers, timesTheRate * RATE).pieces(512, 1 << 20);
    var result = run(swarm.buffered(FULL_BUFFERS).latency(REACTION));
    assertThat(result.last()).isLessThan(limit);
    assertThat(result.seederFirst()).isLessThan(1.05);
  }

  /** A file of 10 GiB at 10 Gbit/s, say: a peer that hashes it from its beginning is done soon. */
  @Test
  void peersHaveNearlyEverythingFromTheBeginningOnWhenLittleIsMissing() {
    var swarm = Scenario.equal(8, 100 * RATE).pieces(2560, 4 << 20).buffered(2).latency(1);
    assertThat(DoubleStream.of(run(swarm).beginnings()).min().orElseThrow()).isGreaterThan(0.8);
  }

  @Test
  void fewNeighboursKeepTheSeederBusyOnFastLinks() {
    for (var peers : new int[] {1, 2, 3}) {
      var swarm = Scenario.equal(peers, 2 * RATE).pieces(512, PIECE_BYTES).parts(4);
      var result = run(swarm.buffered(FULL_BUFFERS).latency(REACTION));
      assertThat(result.last()).as("%d", peers).isLessThan(1.07);
      assertThat(result.seederFirst()).as("%d", peers).isLessThan(1.05);
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 1.06", "8, 1.09", "20, 1.13"})
  void thePeerOnTheSeedersMachineLeavesTheSharedLinkToTheFirstCopy(int peers, double limit) {
    var swarm = Scenario.equal(peers, 2 * RATE).pieces(512, 1 << 20).besideTheFirstPeer();
    var result = run(swarm.buffered(FULL_BUFFERS).latency(REACTION));
    assertThat(result.last()).isLessThan(limit);
  }

  @Test
  void thePeerOnTheSeedersMachineServesWhenTheSeederFreezesOrDies() {
    for (var what : new Misfortune[] {Misfortune.FREEZES, Misfortune.DIES}) {
      var result = run(equal(8, 256).besideTheFirstPeer().befalls(0, what, 0.5));
      assertThat(result.unfinished()).as("%s", what).isZero();
    }
  }

  @Test
  void repeatsARunToTheBit() {
    var scenario = equal(20, 64).joiningOver(2);
    assertThat(run(scenario).seconds()).isEqualTo(run(scenario).seconds());
  }
}
