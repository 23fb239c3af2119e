package dev.corvid.node.release;

import static dev.corvid.node.SimulatedSeeds.COUNT;
import static dev.corvid.node.SimulatedSeeds.FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.node.SampleRelease;
import dev.corvid.node.SimulatedSeeds;
import dev.corvid.trust.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents through simulated faults; {@link SimulatedSeeds} says how to run other seeds. */
@Tag("slow")
class AgentSimulationTest {
  /** Of the node's log a simulation makes more than anybody reads. */
  private static final Logger LOG = Logger.getLogger("dev.corvid");

  private static Level before;

  private final List<SampleRelease> contents =
      List.of(
          new SampleRelease(1, 2, 20_000),
          new SampleRelease(2, 3, 20_000),
          new SampleRelease(3, 2, 40_000));

  @TempDir Path directory;
  private TestCluster keys;
  private TestCluster stranger;

  @BeforeAll
  static void quiet() {
    before = LOG.getLevel();
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void loud() {
    LOG.setLevel(before);
  }

  @BeforeEach
  void keys() throws IOException {
    keys = new TestCluster(Files.createDirectory(directory.resolve("keys")));
    stranger = new TestCluster(Files.createDirectory(directory.resolve("stranger")));
  }

  @Test
  void whatTheLastGrantsWantComesAboutAfterAllFaults() throws IOException {
    for (long seed = FIRST; seed < FIRST + COUNT; seed++) {
      run(seed);
    }
  }

  @Test
  void repeatsARunToTheStep() throws IOException {
    assertThat(run(FIRST)).isEqualTo(run(FIRST));
  }

  private List<String> run(long seed) throws IOException {
    Path own = Files.createTempDirectory(directory, "seed-" + seed + "-");
    var simulation = new AgentSimulation(seed, contents, keys, stranger, own);
    try {
      simulation.run();
      return simulation.trace();
    } catch (IOException | RuntimeException | AssertionError e) {
      throw SimulatedSeeds.failed(seed, simulation.trace(), e);
    }
  }
}
