package dev.corvid.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.wire.grant.NodeLimits;
import dev.corvid.wire.node.NodeReport.State;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two releases that a node downloads at once, each with a limit, over real sockets: their bytes are
 * counted where they are sent. Nothing else limits them.
 */
class BandwidthIT {
  private static final long SECOND = 1_000_000_000L;
  private static final int MB = 1_000_000;
  private static final NodeLimits LIMIT = new NodeLimits(10 * MB, 0);
  private static final NodeLimits LOWER = new NodeLimits(MB, 0);

  @TempDir Path directory;
  private LoopbackCluster cluster;
  private final List<SampledSeeder> seeders = new ArrayList<>();

  @BeforeEach
  void open() throws Exception {
    cluster = new LoopbackCluster(directory);
    cluster.startPeer("node-1");
    for (int number = 1; number <= 2; number++) {
      // 7.5 s at the limit.
      seeders.add(
          SampledSeeder.open(
              cluster,
              number,
              new SampleRelease(SampleRelease.random(number, 5, 15 * MB), 256 << 10)));
    }
  }

  @AfterEach
  void close() throws Exception {
    seeders.forEach(SampledSeeder::close);
    cluster.close();
  }

  @Test
  void eachKeepsItsLimitOverAnyFiveSecondsAndAnotherLimitIsInForceWithinTwo() throws Exception {
    want(1, LIMIT);
    for (SampledSeeder seeder : seeders) {
      cluster.operator.seederServes(seeder.uid, seeder.release, seeder.swarm.address());
    }
    SampledSeeder.sampleUntil(
        seeders, () -> seeders.stream().allMatch(each -> each.torrent.stats().uploaded() > 0));
    sampleFor(6 * SECOND + SECOND / 2);
    for (SampledSeeder seeder : seeders) {
      assertThat(seeder.rates(0, 5 * SECOND, true))
          .isNotEmpty()
          .allSatisfy(rate -> assertThat(rate).isLessThan(1.05 * LIMIT.download()));
      // The machine may be too busy for some of them, and hardly for all short ones.
      assertThat(seeder.rates(0, 2 * SECOND, false))
          .anySatisfy(rate -> assertThat(rate).isGreaterThan(0.95 * LIMIT.download()));
    }

    want(2, LOWER);
    sampleFor(2 * SECOND);
    int since = seeders.getFirst().samples.size();
    sampleFor(2 * SECOND);
    for (SampledSeeder seeder : seeders) {
      assertThat(seeder.rates(since, SECOND, true))
          .isNotEmpty()
          .allSatisfy(rate -> assertThat(rate).isLessThan(1.3 * LOWER.download()));
    }

    want(3, NodeLimits.NONE);
    for (SampledSeeder seeder : seeders) {
      cluster.await("node-1", seeder.uid, report -> report.state() == State.ACTIVE);
      assertThat(seeder.torrent.stats().uploaded())
          .isLessThan(seeder.release.content.sizeBytes() * 21 / 20);
    }
  }

  private void want(long epoch, NodeLimits limits) throws Exception {
    SampledSeeder.want(cluster, seeders, "node-1", epoch, limits);
  }

  private void sampleFor(long nanos) {
    SampledSeeder.sampleFor(seeders, nanos);
  }
}
