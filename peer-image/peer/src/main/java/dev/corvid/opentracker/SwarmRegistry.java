package dev.corvid.opentracker;

import dev.corvid.bittorrent.announce.AnnounceEvent;
import dev.corvid.bittorrent.announce.AnnounceException;
import dev.corvid.bittorrent.announce.AnnounceRequest;
import dev.corvid.bittorrent.announce.AnnounceResponse;
import dev.corvid.bittorrent.announce.Scrape;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.time.Uptime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A tracker's memory: who takes part in which torrent. Nothing is kept on disk, since peers
 * announce again. Bounded in torrents, peers of each and peers handed out; who does not announce
 * for two intervals and a half is forgotten. Thread-safe.
 */
public final class SwarmRegistry {
  /**
   * @param torrents more are refused, so that a stranger cannot push known ones out
   * @param peersPerTorrent more are told about others, but not remembered
   * @param peers over all torrents; the same goes for more
   * @param peersPerAnswer handed out at once
   * @param interval at which peers are asked to announce
   * @param address of these, what one address may take
   */
  public record Limits(
      int torrents,
      int peersPerTorrent,
      int peers,
      int peersPerAnswer,
      Duration interval,
      Address address) {
    public static Limits defaults() {
      return new Limits(
          10_000, 20_000, 200_000, 100, Duration.ofMinutes(2), new Address(1_000, 100, 20_000));
    }

    Duration expiry() {
      return interval.multipliedBy(5).dividedBy(2);
    }
  }

  /**
   * What one address, or one network of IPv6, may take, so that a single host cannot fill the
   * tracker.
   *
   * @param torrents that it announced before others did
   * @param peersPerTorrent ports of it in one swarm
   * @param peers over all torrents
   */
  public record Address(int torrents, int peersPerTorrent, int peers) {}

  private static final Duration MIN_INTERVAL = Duration.ofSeconds(5);

  private final Limits limits;
  private final Supplier<Uptime> clock;
  private final RandomGenerator random;

  /** The torrent announced least recently comes first. */
  private final SequencedMap<InfoHash, SwarmPeers> torrents = new LinkedHashMap<>();

  private final SourceCounts creators = new SourceCounts();
  private final SourceCounts peers = new SourceCounts();
  private int remembered;

  public SwarmRegistry(Limits limits, Supplier<Uptime> clock, RandomGenerator random) {
    this.limits = limits;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Takes an announce in and answers with other peers.
   *
   * @param from where the request came from
   * @throws AnnounceException if the tracker has no room for another torrent, or none of this
   *     address
   */
  public synchronized AnnounceResponse announce(AnnounceRequest request, InetAddress from)
      throws AnnounceException {
    forget();
    var peer = new InetSocketAddress(from, request.port());
    var swarm = torrents.remove(request.infoHash());
    if (request.event() == AnnounceEvent.STOPPED) {
      return leave(request.infoHash(), swarm, peer);
    }
    if (swarm == null) {
      if (torrents.size() >= limits.torrents) {
        throw new AnnounceException("this tracker has no room for another torrent");
      }
      if (creators.count(from) >= limits.address.torrents) {
        throw new AnnounceException("this tracker takes no more torrents from your address");
      }
      swarm = new SwarmPeers(from, peers);
      creators.add(from);
    }
    torrents.putLast(request.infoHash(), swarm);
    expire(swarm);
    if (hasRoom(swarm, from) || swarm.knows(peer)) {
      remembered -= swarm.size();
      swarm.put(peer, request.seeds(), clock.get());
      remembered += swarm.size();
    }
    if (request.event() == AnnounceEvent.COMPLETED) {
      swarm.countDownload();
    }
    var wanted = Math.min(request.wanted(), limits.peersPerAnswer);
    var counts = swarm.counts();
    return new AnnounceResponse(
        limits.interval,
        MIN_INTERVAL,
        counts.seeds(),
        counts.leechers(),
        swarm.sample(peer, request.seeds(), wanted, random));
  }

  /** What is known about those of the torrents that are known. */
  public synchronized Map<InfoHash, Scrape.Counts> scrape(Collection<InfoHash> wanted) {
    forget();
    Map<InfoHash, Scrape.Counts> counts = new LinkedHashMap<>();
    for (var hash : wanted) {
      var swarm = torrents.get(hash);
      if (swarm != null) {
        expire(swarm);
        counts.put(hash, swarm.counts());
      }
    }
    return counts;
  }

  private boolean hasRoom(SwarmPeers swarm, InetAddress from) {
    return swarm.size() < limits.peersPerTorrent
        && remembered < limits.peers
        && swarm.from(from) < limits.address.peersPerTorrent
        && peers.count(from) < limits.address.peers;
  }

  private AnnounceResponse leave(
      InfoHash hash, @Nullable SwarmPeers swarm, InetSocketAddress peer) {
    var counts = new Scrape.Counts(0, 0, 0);
    if (swarm != null) {
      remembered -= swarm.size();
      swarm.remove(peer);
      remembered += swarm.size();
      counts = swarm.counts();
      if (swarm.size() > 0) {
        torrents.putLast(hash, swarm);
      } else {
        creators.remove(swarm.creator());
      }
    }
    return new AnnounceResponse(
        limits.interval, MIN_INTERVAL, counts.seeds(), counts.leechers(), List.of());
  }

  private void forget() {
    while (!torrents.isEmpty()) {
      var oldest = torrents.firstEntry();
      expire(oldest.getValue());
      if (oldest.getValue().size() > 0) {
        return;
      }
      torrents.pollFirstEntry();
      creators.remove(oldest.getValue().creator());
    }
  }

  private void expire(SwarmPeers swarm) {
    remembered -= swarm.size();
    swarm.removeOlderThan(clock.get().minus(limits.expiry()));
    remembered += swarm.size();
  }
}
