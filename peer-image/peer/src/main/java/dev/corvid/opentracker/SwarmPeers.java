package dev.corvid.opentracker;

import dev.corvid.bittorrent.announce.Scrape;
import dev.corvid.time.Uptime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;

/**
 * The peers of one torrent as the tracker knows them, oldest announce first. A peer is an address
 * and a port: whoever asks from elsewhere cannot speak for it.
 *
 * <p>Confined to whoever holds {@link SwarmRegistry}'s lock.
 */
final class SwarmPeers {
  private final SequencedMap<InetSocketAddress, Peer> peers = new LinkedHashMap<>();
  private final List<Peer> seeds = new ArrayList<>();
  private final List<Peer> leechers = new ArrayList<>();
  private final SourceCounts bySource = new SourceCounts();
  private final SourceCounts all;
  private final InetAddress creator;
  private long downloads;

  /**
   * @param creator who announced the torrent first
   * @param all counts the peers of every torrent
   */
  SwarmPeers(InetAddress creator, SourceCounts all) {
    this.creator = creator;
    this.all = all;
  }

  InetAddress creator() {
    return creator;
  }

  /** How many of the peers have this address. */
  int from(InetAddress address) {
    return bySource.count(address);
  }

  private static final class Peer {
    final InetSocketAddress address;
    final Uptime announced;
    final List<Peer> group;
    int index;

    Peer(InetSocketAddress address, Uptime announced, List<Peer> group) {
      this.address = address;
      this.announced = announced;
      this.group = group;
    }
  }

  void put(InetSocketAddress address, boolean seed, Uptime now) {
    remove(address);
    var peer = new Peer(address, now, seed ? seeds : leechers);
    peers.putLast(address, peer);
    peer.index = peer.group.size();
    peer.group.add(peer);
    bySource.add(address.getAddress());
    all.add(address.getAddress());
  }

  void remove(InetSocketAddress address) {
    var peer = peers.remove(address);
    if (peer != null) {
      swap(peer.group, peer.index, peer.group.size() - 1);
      peer.group.removeLast();
      bySource.remove(address.getAddress());
      all.remove(address.getAddress());
    }
  }

  void removeOlderThan(Uptime limit) {
    while (!peers.isEmpty() && peers.firstEntry().getValue().announced.isBefore(limit)) {
      remove(peers.firstEntry().getKey());
    }
  }

  void countDownload() {
    downloads++;
  }

  boolean knows(InetSocketAddress address) {
    return peers.containsKey(address);
  }

  int size() {
    return peers.size();
  }

  Scrape.Counts counts() {
    return new Scrape.Counts(seeds.size(), downloads, leechers.size());
  }

  /** Random others: a seed has no use for seeds, a leecher sees both kinds as they are mixed. */
  List<InetSocketAddress> sample(
      InetSocketAddress own, boolean seed, int wanted, RandomGenerator random) {
    List<InetSocketAddress> sample = new ArrayList<>();
    var seedsLeft = seed ? 0 : seeds.size();
    var leechersLeft = leechers.size();
    while (sample.size() < wanted && seedsLeft + leechersLeft > 0) {
      var fromSeeds = random.nextInt(seedsLeft + leechersLeft) < seedsLeft;
      var group = fromSeeds ? seeds : leechers;
      var left = fromSeeds ? seedsLeft-- : leechersLeft--;
      // the chosen ones gather at the end, where they are not chosen again
      swap(group, random.nextInt(left), left - 1);
      var chosen = group.get(left - 1).address;
      if (!chosen.equals(own)) {
        sample.add(chosen);
      }
    }
    return sample;
  }

  private static void swap(List<Peer> group, int a, int b) {
    var first = group.get(a);
    var second = group.get(b);
    group.set(a, second);
    group.set(b, first);
    second.index = a;
    first.index = b;
  }
}
