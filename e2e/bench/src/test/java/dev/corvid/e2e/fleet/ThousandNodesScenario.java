package dev.corvid.e2e.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corvid.e2e.Checkout;
import dev.corvid.e2e.cluster.ControlPlane;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a thousand nodes cost the API server, the operator and the tracker: {@code make fleet}. */
@Tag("figure")
class ThousandNodesScenario {
  private static final int NODES = 1_000;
  private static final int MOST_WRITES = 30;
  private static final double MOST_OPERATOR_MIB = 320;
  private static final double MOST_TRACKER_MIB = 216;

  @Test
  void staysWithinItsBudget() throws Exception {
    var binary = ControlPlane.binary();
    assumeThat(binary).as("Kubernetes, built by e2e/kubernetes/build.sh").isPresent();
    assumeThat(Programs.areBuilt()).as("the programs are built").isTrue();
    List<Phase> phases;
    try (var run = new FleetRun(binary.get(), NODES, 1)) {
      phases = run.run();
    }

    var table = Phase.table(phases);
    Files.write(Checkout.figures().resolve("fleet-of-%d-nodes.txt".formatted(NODES)), table);
    table.forEach(System.out::println);
    assertThat(phases)
        .allSatisfy(
            phase -> {
              assertThat(phase.writes()).as(phase.name()).isLessThanOrEqualTo(MOST_WRITES);
              assertThat(phase.operatorMib()).isLessThanOrEqualTo(MOST_OPERATOR_MIB);
              assertThat(phase.trackerMib()).isLessThanOrEqualTo(MOST_TRACKER_MIB);
            });
  }
}
