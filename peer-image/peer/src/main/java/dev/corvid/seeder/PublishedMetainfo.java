package dev.corvid.seeder;

import dev.corvid.bittorrent.MetainfoKeeper;
import dev.corvid.bittorrent.SwarmId;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.swarm.Swarm;
import dev.corvid.seeder.fetch.RetryBackoff;
import dev.corvid.seeder.fetch.Sleeper;
import dev.corvid.wire.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;

/**
 * Asks the nodes for the metainfo that an earlier seeder has published: those that it can dial, and
 * those that connect to it, which is all there are where only peers may connect to peers.
 */
final class PublishedMetainfo {
  private static final Logger log = Logger.getLogger(PublishedMetainfo.class.getName());

  /** One node that has it answers in far less; the whole of the source can be fetched instead. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LAST_PAUSE = Duration.ofSeconds(2);

  /**
   * What was found.
   *
   * @param nodes that were asked
   */
  record Found(Metainfo metainfo, List<InetSocketAddress> nodes) {}

  private final SeederTrackerClient tracker;
  private final Swarm swarm;
  private final InetAddress own;
  private final Sleeper sleeper;
  private final RandomGenerator random;

  /**
   * @param own address of this pod
   */
  PublishedMetainfo(
      SeederTrackerClient tracker,
      Swarm swarm,
      InetAddress own,
      Sleeper sleeper,
      RandomGenerator random) {
    this.tracker = tracker;
    this.swarm = swarm;
    this.own = own;
    this.sleeper = sleeper;
    this.random = random;
  }

  /** Empty when no node gives it. */
  Optional<Found> find(SwarmId id, InfoHash infoHash) throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    var nodes = nodes(id, deadline);
    if (nodes.isEmpty()) {
      return Optional.empty();
    }
    var response = swarm.fetchMetainfo(id, infoHash, nodes, MetainfoKeeper.IN_MEMORY);
    try {
      var metainfo = response.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      return Optional.of(new Found(metainfo, nodes));
    } catch (TimeoutException | ExecutionException e) {
      log.log(Level.INFO, "no node has given the metainfo of " + infoHash, e);
      return Optional.empty();
    } finally {
      response.cancel(true);
    }
  }

  /** A tracker that has not heard of this pod yet refuses at first. */
  private List<InetSocketAddress> nodes(SwarmId id, long deadline) throws InterruptedException {
    var backoff = new RetryBackoff(FIRST_PAUSE, LAST_PAUSE, random);
    Exception trouble = null;
    while (System.nanoTime() < deadline) {
      try {
        return tracker.neighbours(id.hex()).addresses().stream()
            .map(Endpoint::parse)
            .filter(node -> node.mayBeDialledFrom(own))
            .map(Endpoint::socketAddress)
            .toList();
      } catch (IOException | IllegalArgumentException e) {
        trouble = e;
        sleeper.sleep(backoff.next());
      }
    }
    log.log(Level.INFO, "the tracker names no nodes in swarm " + id, trouble);
    return List.of();
  }
}
