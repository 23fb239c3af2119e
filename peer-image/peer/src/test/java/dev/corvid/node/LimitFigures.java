package dev.corvid.node;

import dev.corvid.wire.grant.NodeLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code make limit-figures}: how exactly two releases at once keep to their limits, and to a
 * node's ceiling. What the lower side comes to depends on how busy the machine is, so nothing is
 * asserted.
 */
class LimitFigures {
  private static final long SECOND = 1_000_000_000L;
  private static final int MB = 1_000_000;
  private static final long LIMIT = 10 * MB;

  private static final Path FIGURES = Path.of("target/figures/limits.txt");

  @TempDir Path directory;
  private LoopbackCluster cluster;
  private final List<SampledSeeder> seeders = new ArrayList<>();

  @BeforeEach
  void open() throws Exception {
    cluster = new LoopbackCluster(directory);
    for (int number = 1; number <= 2; number++) {
      var files = SampleRelease.random(number, 20, 12 * MB);
      seeders.add(SampledSeeder.open(cluster, number, new SampleRelease(files, 256 << 10)));
    }
  }

  @AfterEach
  void close() throws Exception {
    seeders.forEach(SampledSeeder::close);
    cluster.close();
  }

  @Test
  void eachReleaseHasALimit() throws Exception {
    measure("10 MB/s for each release", new NodeLimits(LIMIT, 0));
  }

  @Test
  void theNodeHasACeiling() throws Exception {
    cluster.downloadCeiling = LIMIT;
    measure("10 MB/s for the node", NodeLimits.NONE);
  }

  private void measure(String title, NodeLimits limits) throws Exception {
    cluster.startPeer("node-1");
    SampledSeeder.want(cluster, seeders, "node-1", 1, limits);
    for (SampledSeeder seeder : seeders) {
      cluster.operator.seederServes(seeder.uid, seeder.release, seeder.swarm.address());
    }
    SampledSeeder.sampleUntil(
        seeders, () -> seeders.stream().allMatch(each -> each.torrent.stats().uploaded() > 0));
    SampledSeeder.sampleFor(seeders, 5 * SECOND);
    int since = seeders.getFirst().samples.size();
    SampledSeeder.sampleFor(seeders, 15 * SECOND);

    List<String> lines = new ArrayList<>();
    lines.add(title + ", over any 5 s of 15 (load %s)".formatted(load()));
    for (SampledSeeder seeder : seeders) {
      lines.add(line(seeder.name.name(), seeder.samples, since));
    }
    lines.add(line("both", sum(), since));
    lines.forEach(System.out::println);
    Files.createDirectories(FIGURES.getParent());
    Files.write(
        FIGURES,
        Stream.concat(
                Files.exists(FIGURES) ? Files.readAllLines(FIGURES).stream() : Stream.of(),
                lines.stream())
            .toList());
  }

  private List<SampledSeeder.Sample> sum() {
    List<SampledSeeder.Sample> sum = new ArrayList<>();
    var second = seeders.getLast().samples;
    for (int i = 0; i < second.size(); i++) {
      var first = seeders.getFirst().samples.get(i);
      var other = second.get(i);
      sum.add(
          new SampledSeeder.Sample(first.atFirst(), first.bytes() + other.bytes(), other.atLast()));
    }
    return sum;
  }

  private static String line(String name, List<SampledSeeder.Sample> samples, int since) {
    var lowest = stream(SampledSeeder.rates(samples, since, 5 * SECOND, false)).min();
    var highest = stream(SampledSeeder.rates(samples, since, 5 * SECOND, true)).max();
    long pause = 0;
    for (int i = since + 1; i < samples.size(); i++) {
      pause = Math.max(pause, samples.get(i).atFirst() - samples.get(i - 1).atFirst());
    }
    return "  %-10s %6.2f to %6.2f MB/s; the measurement paused for at most %d ms"
        .formatted(name, lowest.orElse(0) / MB, highest.orElse(0) / MB, pause / 1_000_000);
  }

  private static DoubleStream stream(List<Double> rates) {
    return rates.stream().mapToDouble(Double::doubleValue);
  }

  private static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
  }
}
