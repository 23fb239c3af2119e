package dev.corvid.node.tracker;

import static dev.corvid.node.SimulatedSeeds.COUNT;
import static dev.corvid.node.SimulatedSeeds.FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.node.SimulatedSeeds;
import dev.corvid.trust.TestCluster;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.SignedGrant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The link through simulated faults; {@link SimulatedSeeds} says how to run other seeds. */
@Tag("slow")
class LinkSimulationTest {
  /** A run takes a few milliseconds. */
  private static final long RUNS = COUNT * 12L;

  @TempDir Path directory;
  private TestCluster keys;

  /** A signature takes longer than a minute of a simulation. */
  private final Map<Grant, SignedGrant> signed = new HashMap<>();

  @BeforeEach
  void keys() throws IOException {
    keys = new TestCluster(directory);
  }

  @Test
  void everythingArrivesInOrderAfterAllFaults() {
    for (long seed = FIRST; seed < FIRST + (COUNT == 1 ? 1 : RUNS); seed++) {
      run(seed);
    }
  }

  @Test
  void repeatsARunToTheStep() {
    assertThat(run(FIRST)).isEqualTo(run(FIRST));
  }

  private List<String> run(long seed) {
    var simulation = new LinkSimulation(seed, grant -> signed.computeIfAbsent(grant, keys::sign));
    try {
      simulation.run();
      return simulation.trace();
    } catch (RuntimeException | AssertionError e) {
      throw SimulatedSeeds.failed(seed, simulation.trace(), e);
    }
  }
}
