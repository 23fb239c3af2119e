package dev.corvid.node;

import static dev.corvid.node.LoopbackCluster.NAME;
import static dev.corvid.node.LoopbackCluster.UID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.bittorrent.Swarm;
import dev.corvid.bittorrent.SwarmOptions;
import dev.corvid.bittorrent.Torrent;
import dev.corvid.bittorrent.TorrentListener;
import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.wire.Grant.Action;
import dev.corvid.wire.NodeLimits;
import dev.corvid.wire.NodeReport.State;
import dev.corvid.wire.ReleaseName;
import dev.corvid.wire.SignedGrant;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two releases that a node downloads at once, each with a limit, over real sockets: their bytes are
 * counted where they are sent. Nothing else limits them.
 */
@Timeout(180)
class BandwidthIT {
  private static final long SECOND = 1_000_000_000L;
  private static final int MB = 1_000_000;
  private static final NodeLimits LIMIT = new NodeLimits(10 * MB, 0);
  private static final NodeLimits LOWER = new NodeLimits(MB, 0);

  @TempDir Path directory;
  private LoopbackCluster cluster;
  private final List<Sending> sendings = new ArrayList<>();

  /**
   * @param atFirst nanoseconds, just before the bytes were read off
   * @param atLast just after
   */
  private record Sample(long atFirst, long bytes, long atLast) {}

  /** One release, and its seeder. */
  private static final class Sending {
    final String uid;
    final ReleaseName name;
    final SampleRelease release;
    final List<Sample> samples = new ArrayList<>();
    Swarm swarm;
    Torrent torrent;

    Sending(int number) {
      uid = UID + number;
      name = new ReleaseName(NAME.namespace(), "release-" + number);
      // 7.5 s at the limit.
      release = new SampleRelease(SampleRelease.random(number, 5, 15 * MB), 256 << 10);
    }

    void sample() {
      long before = System.nanoTime();
      long bytes = torrent.stats().uploaded();
      samples.add(new Sample(before, bytes, System.nanoTime()));
    }

    /**
     * Bytes per second of every window that is that long, the shortest from each sample on.
     *
     * @param highest whether time is measured so that the rate is at most too high
     */
    List<Double> rates(int from, long nanos, boolean highest) {
      List<Double> rates = new ArrayList<>();
      int end = from;
      for (int begin = from; begin < samples.size(); begin++) {
        Sample first = samples.get(begin);
        while (end < samples.size() && samples.get(end).atFirst() - first.atLast() < nanos) {
          end++;
        }
        if (end == samples.size()) {
          break;
        }
        Sample last = samples.get(end);
        long took = highest ? last.atFirst() - first.atLast() : last.atLast() - first.atFirst();
        rates.add((last.bytes() - first.bytes()) * (double) SECOND / took);
      }
      return rates;
    }
  }

  @BeforeEach
  void open() throws Exception {
    cluster = new LoopbackCluster(directory);
    cluster.startPeer("node-1");
    for (int number = 1; number <= 2; number++) {
      var sending = new Sending(number);
      var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      sending.swarm = Swarm.open(SwarmOptions.listeningOn(loopback));
      sendings.add(sending);
      sending.torrent =
          sending.swarm.add(
              cluster.swarm(NAME.namespace(), sending.release),
              sending.release.metainfo,
              sending.release.whole(),
              TorrentOptions.defaults().withSuperSeed(true),
              new TorrentListener() {});
    }
  }

  @AfterEach
  void close() throws Exception {
    sendings.forEach(sending -> sending.swarm.close());
    cluster.close();
  }

  @Test
  void eachKeepsItsLimitOverAnyFiveSecondsAndAnotherLimitIsInForceWithinTwo() throws Exception {
    want(1, LIMIT);
    for (Sending sending : sendings) {
      cluster.operator.seederServes(sending.uid, sending.release, sending.swarm.address());
    }
    sampleUntil(() -> sendings.stream().allMatch(each -> each.torrent.stats().uploaded() > 0));
    sampleFor(6 * SECOND + SECOND / 2);
    for (Sending sending : sendings) {
      assertThat(sending.rates(0, 5 * SECOND, true))
          .isNotEmpty()
          .allSatisfy(rate -> assertThat(rate).isLessThan(1.05 * LIMIT.download()));
      // The machine may be too busy for some of them, and hardly for all short ones.
      assertThat(sending.rates(0, 2 * SECOND, false))
          .anySatisfy(rate -> assertThat(rate).isGreaterThan(0.95 * LIMIT.download()));
    }

    want(2, LOWER);
    sampleFor(2 * SECOND);
    int since = sendings.getFirst().samples.size();
    sampleFor(2 * SECOND);
    for (Sending sending : sendings) {
      assertThat(sending.rates(since, SECOND, true))
          .isNotEmpty()
          .allSatisfy(rate -> assertThat(rate).isLessThan(1.3 * LOWER.download()));
    }

    want(3, NodeLimits.NONE);
    for (Sending sending : sendings) {
      cluster.await("node-1", sending.uid, report -> report.state() == State.ACTIVE);
      assertThat(sending.torrent.stats().uploaded())
          .isLessThan(sending.release.content.sizeBytes() * 21 / 20);
    }
  }

  private void want(long epoch, NodeLimits limits) throws Exception {
    Map<String, SignedGrant> grants = new LinkedHashMap<>();
    for (Sending each : sendings) {
      SignedGrant grant =
          cluster.grant(
              each.uid, each.name, "models", epoch, Action.ACTIVATE, each.release, "node-1");
      grants.put(each.uid, cluster.limited(grant, limits));
    }
    for (var grant : grants.entrySet()) {
      cluster.operator.want(grant.getKey(), grant.getValue());
    }
  }

  private void sampleFor(long nanos) {
    long begun = System.nanoTime();
    sampleUntil(() -> System.nanoTime() - begun > nanos);
  }

  private void sampleUntil(BooleanSupplier over) {
    while (!over.getAsBoolean()) {
      sendings.forEach(Sending::sample);
      LockSupport.parkNanos(20_000_000L);
    }
  }
}
