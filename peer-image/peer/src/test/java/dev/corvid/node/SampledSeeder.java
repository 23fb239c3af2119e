package dev.corvid.node;

import static dev.corvid.node.LoopbackCluster.NAME;
import static dev.corvid.node.LoopbackCluster.UID;

import dev.corvid.bittorrent.SwarmOptions;
import dev.corvid.bittorrent.TorrentListener;
import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.bittorrent.swarm.Swarm;
import dev.corvid.bittorrent.swarm.Torrent;
import dev.corvid.wire.grant.Grant.Action;
import dev.corvid.wire.grant.NodeLimits;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A release's seeder without limits, whose bytes are counted as it sends them. */
final class SampledSeeder implements AutoCloseable {
  private static final long SECOND = 1_000_000_000L;

  final String uid;
  final ReleaseName name;
  final SampleRelease release;
  final Swarm swarm;
  final Torrent torrent;
  final List<Sample> samples = new ArrayList<>();

  /**
   * @param atFirst nanoseconds, just before the bytes were read off
   * @param atLast just after
   */
  record Sample(long atFirst, long bytes, long atLast) {}

  static SampledSeeder open(LoopbackCluster cluster, int number, SampleRelease release)
      throws Exception {
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var swarm = Swarm.open(SwarmOptions.listeningOn(loopback));
    try {
      var torrent =
          swarm.add(
              cluster.swarm(NAME.namespace(), release),
              release.metainfo,
              release.whole(),
              TorrentOptions.defaults().withSuperSeed(true),
              new TorrentListener() {});
      return new SampledSeeder(number, release, swarm, torrent);
    } catch (Exception e) {
      swarm.close();
      throw e;
    }
  }

  private SampledSeeder(int number, SampleRelease release, Swarm swarm, Torrent torrent) {
    this.uid = UID + number;
    this.name = new ReleaseName(NAME.namespace(), "release-" + number);
    this.release = release;
    this.swarm = swarm;
    this.torrent = torrent;
  }

  /** Wants all of these releases of a node, within these limits. */
  static void want(
      LoopbackCluster cluster, List<SampledSeeder> all, String node, long epoch, NodeLimits limits)
      throws Exception {
    Map<String, SignedGrant> grants = new LinkedHashMap<>();
    for (SampledSeeder each : all) {
      SignedGrant grant =
          cluster.grant(each.uid, each.name, "models", epoch, Action.ACTIVATE, each.release, node);
      grants.put(each.uid, cluster.limited(grant, limits));
    }
    for (var grant : grants.entrySet()) {
      cluster.operator.want(grant.getKey(), grant.getValue());
    }
  }

  static void sampleFor(List<SampledSeeder> all, long nanos) {
    long begun = System.nanoTime();
    sampleUntil(all, () -> System.nanoTime() - begun > nanos);
  }

  static void sampleUntil(List<SampledSeeder> all, BooleanSupplier over) {
    while (!over.getAsBoolean()) {
      all.forEach(SampledSeeder::sample);
      LockSupport.parkNanos(20_000_000L);
    }
  }

  private void sample() {
    long before = System.nanoTime();
    long bytes = torrent.stats().uploaded();
    samples.add(new Sample(before, bytes, System.nanoTime()));
  }

  /** See {@link #rates(List, int, long, boolean)}. */
  List<Double> rates(int from, long nanos, boolean highest) {
    return rates(samples, from, nanos, highest);
  }

  /**
   * Bytes per second of every window that is that long, the shortest from each sample on.
   *
   * @param highest whether time is measured so that the rate is at most too high
   */
  static List<Double> rates(List<Sample> samples, int from, long nanos, boolean highest) {
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

  @Override
  public void close() {
    swarm.close();
  }
}
