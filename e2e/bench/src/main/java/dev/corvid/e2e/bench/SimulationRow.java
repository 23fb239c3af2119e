package dev.corvid.e2e.bench;

import dev.corvid.e2e.Command;
import dev.corvid.e2e.bench.report.Figures;
import dev.corvid.e2e.bench.report.Goal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The swarm's policy in simulated networks ({@code make simulate}): the bench's own sizes, beside
 * what the bench measured of them, and thousands of peers.
 *
 * @param swarms by the name of their line
 * @param measured where the same swarm stands in the bench, by the name of the line
 */
record SimulationRow(
    Path checkout, Map<String, List<String>> swarms, Map<String, Goal.Source> measured)
    implements Row {
  static final String MEASURED = "the same as measured";
  static final String APART = "apart";

  static final String MEDIAN = "median / bound";
  static final String LAST = "last / bound";
  private static final String SIMULATE = "dev.corvid.bittorrent.policy.Simulate";
  private static final Duration LIMIT = Duration.ofMinutes(10);

  @Override
  public String name() {
    return "simulated";
  }

  @Override
  public String title() {
    return "Simulated, seeded: the same policy, no sockets; on one core";
  }

  /** A seeded run says the same each time. */
  @Override
  public int most(String program) {
    return 1;
  }

  @Override
  public Stage open(Bench.Ground ground) {
    return new Stage() {
      @Override
      public Map<String, Act> acts() {
        var acts = new LinkedHashMap<String, Act>();
        swarms.forEach(
            (name, arguments) ->
                acts.put(name, _ -> beside(name, simulate(arguments), ground.figures())));
        return acts;
      }

      @Override
      public void close() {}
    };
  }

  private Map<String, Double> beside(String name, Map<String, Double> simulated, Figures figures) {
    Optional.ofNullable(measured.get(name))
        .flatMap(source -> figures.median(source.row(), source.program(), source.measure()))
        .ifPresent(
            median -> {
              simulated.put(MEASURED, median);
              double ratio = simulated.get(LAST) / median;
              simulated.put(APART, Math.max(ratio, 1 / ratio));
            });
    return simulated;
  }

  private Map<String, Double> simulate(List<String> arguments) {
    var target = checkout.resolve("peer-image/bittorrent/target");
    if (!Files.exists(target.resolve("test-classes/dev/corvid/bittorrent/policy/Simulate.class"))) {
      throw new IllegalStateException("the simulation is not compiled: mvn test-compile");
    }
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classes = "%1$s/classes:%1$s/test-classes".formatted(target);
    var command =
        Command.of(java, "-XX:+UseSerialGC", "-Xmx8g", "-cp", classes, SIMULATE)
            .and(arguments.toArray(String[]::new))
            .within(LIMIT);
    long started = System.nanoTime();
    var lines = command.run().lines().toList();
    var line = lines.getLast().replaceFirst("^.* ms +", "").strip().split("\\s+");
    var figures = new LinkedHashMap<String, Double>();
    figures.put(MEDIAN, Double.parseDouble(line[0]));
    figures.put(LAST, Double.parseDouble(line[1]));
    figures.put("seeder's copies until the peers hold one", Double.parseDouble(line[3]));
    figures.put("seeder's copies in all", Double.parseDouble(line[4]));
    figures.put("minutes", (System.nanoTime() - started) / 60e9);
    return figures;
  }
}
