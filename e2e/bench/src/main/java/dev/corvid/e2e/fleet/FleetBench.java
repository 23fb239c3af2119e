package dev.corvid.e2e.fleet;

import dev.corvid.e2e.Checkout;
import dev.corvid.e2e.cluster.ControlPlane;
import java.nio.file.Files;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code make fleet NODES=1000 RELEASES=1}. */
@Command(
    name = "fleet",
    mixinStandardHelpOptions = true,
    description = "Operator and tracker with thousands of simulated nodes, measured.")
final class FleetBench implements Callable<Integer> {
  @Option(names = "--nodes", defaultValue = "1000", description = "How many (${DEFAULT-VALUE}).")
  private int nodes;

  @Option(names = "--releases", defaultValue = "1", description = "How many (${DEFAULT-VALUE}).")
  private int releases;

  public static void main(String... arguments) {
    Locale.setDefault(Locale.ROOT); // figures read the same wherever they are written
    System.exit(new CommandLine(new FleetBench()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    var binary =
        ControlPlane.binary()
            .orElseThrow(
                () -> new IllegalStateException("no Kubernetes: run e2e/kubernetes/build.sh once"));
    try (var run = new FleetRun(binary, nodes, releases)) {
      var lines = Phase.table(run.run());
      lines.forEach(System.out::println);
      var file =
          releases == 1
              ? "fleet-of-%d-nodes.txt".formatted(nodes)
              : "fleet-of-%d-nodes-with-%d-releases.txt".formatted(nodes, releases);
      Files.write(Checkout.figures().resolve(file), lines);
    }
    return 0;
  }
}
