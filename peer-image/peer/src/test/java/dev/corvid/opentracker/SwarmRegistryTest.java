package dev.corvid.opentracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.bittorrent.PeerId;
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
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SwarmRegistryTest {
  private static final InfoHash TORRENT = hash(1);
  private static final InetAddress HOST = InetAddress.ofLiteral("10.0.0.1");
  private static final InetAddress OTHER = InetAddress.ofLiteral("10.0.0.2");

  private Uptime now = new Uptime(0);
  private final SwarmRegistry registry =
      new SwarmRegistry(
          new SwarmRegistry.Limits(
              3, 100, 120, 10, Duration.ofMinutes(2), new SwarmRegistry.Address(3, 100, 120)),
          () -> now,
          new Random(1));

  @Test
  void introducesPeersToEachOtherButNotToThemselves() throws AnnounceException {
    assertThat(announce(1, 1000).peers()).isEmpty();
    assertThat(announce(2, 1000).peers()).containsExactly(peer(1));
    assertThat(announce(1, 1000).peers()).containsExactly(peer(2));
  }

  @Test
  void tellsSeedsAboutLeechersOnly() throws AnnounceException {
    announce(1, 0);
    announce(2, 1000);

    assertThat(announce(3, 0).peers()).containsExactly(peer(2));
    assertThat(announce(4, 5).peers()).containsExactlyInAnyOrder(peer(1), peer(2), peer(3));
  }

  @Test
  void movesALeecherThatHasBecomeASeed() throws AnnounceException {
    announce(1, 1000);
    var response = registry.announce(request(TORRENT, 1, 0, AnnounceEvent.COMPLETED, 50), HOST);

    assertThat(response.seeds()).isEqualTo(1);
    assertThat(response.leechers()).isZero();
    assertThat(registry.scrape(List.of(TORRENT)))
        .containsEntry(TORRENT, new Scrape.Counts(1, 1, 0));
  }

  @Test
  void forgetsAPeerThatStops() throws AnnounceException {
    announce(1, 1000);
    announce(2, 1000);
    registry.announce(request(TORRENT, 1, 1000, AnnounceEvent.STOPPED, 0), HOST);

    assertThat(announce(3, 1000).peers()).containsExactly(peer(2));
  }

  @Test
  void letsNobodySpeakForAnAddressOfOthers() throws AnnounceException {
    announce(1, 1000);
    registry.announce(
        request(TORRENT, 1, 1000, AnnounceEvent.STOPPED, 0), InetAddress.ofLiteral("10.0.0.9"));

    assertThat(announce(2, 1000).peers()).containsExactly(peer(1));
  }

  @Test
  void remembersNoMorePeersThanItHasRoomForInAll() throws AnnounceException {
    for (var torrent = 1; torrent <= 3; torrent++) {
      for (var port = 1; port <= 100; port++) {
        registry.announce(request(hash(torrent), port, 5, AnnounceEvent.STARTED, 0), HOST);
      }
    }
    assertThat(remembered()).isEqualTo(120);
    now = now.plus(Duration.ofMinutes(6));
    assertThat(announce(1, 1000).leechers()).isEqualTo(1);
    assertThat(remembered()).isEqualTo(1);
  }

  private int remembered() {
    var counts = registry.scrape(List.of(hash(1), hash(2), hash(3))).values();
    return counts.stream().mapToInt(Scrape.Counts::leechers).sum();
  }

  @Test
  void forgetsWhoHasNotAnnouncedForTwoIntervalsAndAHalf() throws AnnounceException {
    announce(1, 1000);
    now = now.plus(Duration.ofMinutes(4));
    announce(2, 1000);
    now = now.plus(Duration.ofMinutes(1).plusSeconds(1));

    assertThat(announce(3, 1000).peers()).containsExactly(peer(2));
  }

  @Test
  void forgetsATorrentWithoutPeersAndThenHasRoomForAnother() throws AnnounceException {
    for (var torrent = 1; torrent <= 3; torrent++) {
      registry.announce(request(hash(torrent), 1, 5, AnnounceEvent.NONE, 50), HOST);
    }
    assertThatThrownBy(
            () -> registry.announce(request(hash(4), 1, 5, AnnounceEvent.NONE, 50), HOST))
        .hasMessage("this tracker has no room for another torrent");

    now = now.plus(Duration.ofMinutes(6));
    registry.announce(request(hash(4), 1, 5, AnnounceEvent.NONE, 50), HOST);

    assertThat(registry.scrape(List.of(hash(1), hash(4)))).containsOnlyKeys(hash(4));
  }

  @Test
  void remembersNoMorePeersThanItsBoundButTellsAllOfThem() throws AnnounceException {
    for (var port = 1; port <= 100; port++) {
      announce(port, 1000);
    }
    assertThat(announce(101, 1000).peers()).hasSize(10);
    assertThat(registry.scrape(List.of(TORRENT)).get(TORRENT).leechers()).isEqualTo(100);
    assertThat(announce(1, 0).seeds()).as("a known peer may still change").isEqualTo(1);
  }

  @Test
  void oneAddressCannotFillTheTableOfTorrents() throws AnnounceException {
    var registry = shared(new SwarmRegistry.Address(2, 100, 120));
    registry.announce(request(hash(1), 1, 5, AnnounceEvent.NONE, 50), HOST);
    registry.announce(request(hash(2), 1, 5, AnnounceEvent.NONE, 50), HOST);
    assertThatThrownBy(
            () -> registry.announce(request(hash(3), 1, 5, AnnounceEvent.NONE, 50), HOST))
        .hasMessage("this tracker takes no more torrents from your address");

    registry.announce(request(hash(3), 1, 5, AnnounceEvent.NONE, 50), OTHER);
    registry.announce(request(hash(3), 1, 5, AnnounceEvent.NONE, 50), HOST);
    registry.announce(request(hash(1), 1, 5, AnnounceEvent.STOPPED, 50), HOST);
    registry.announce(request(hash(1), 1, 5, AnnounceEvent.NONE, 50), HOST);

    assertThat(registry.scrape(List.of(hash(1), hash(2), hash(3)))).hasSize(3);
  }

  @Test
  void oneAddressCannotFillASwarm() throws AnnounceException {
    var registry = shared(new SwarmRegistry.Address(3, 20, 30));
    for (var torrent = 1; torrent <= 2; torrent++) {
      for (var port = 1; port <= 100; port++) {
        registry.announce(request(hash(torrent), port, 5, AnnounceEvent.NONE, 0), HOST);
      }
    }
    assertThat(leechers(registry, 1)).isEqualTo(20);
    assertThat(leechers(registry, 2)).as("30 in all").isEqualTo(10);

    registry.announce(request(hash(1), 7, 5, AnnounceEvent.STOPPED, 0), HOST);
    registry.announce(request(hash(1), 101, 5, AnnounceEvent.NONE, 0), HOST);
    registry.announce(request(hash(1), 1, 5, AnnounceEvent.NONE, 0), OTHER);

    assertThat(leechers(registry, 1)).isEqualTo(21);
  }

  @Test
  void aNetworkOfIpv6CountsAsOneAddress() throws AnnounceException {
    var registry = shared(new SwarmRegistry.Address(3, 20, 30));
    for (var host = 1; host <= 100; host++) {
      var address = InetAddress.ofLiteral("2001:db8::%x".formatted(host));
      registry.announce(request(hash(1), 6881, 5, AnnounceEvent.NONE, 0), address);
    }
    assertThat(leechers(registry, 1)).isEqualTo(20);

    var elsewhere = InetAddress.ofLiteral("2001:db8:0:1::1");
    registry.announce(request(hash(1), 6881, 5, AnnounceEvent.NONE, 0), elsewhere);
    assertThat(leechers(registry, 1)).isEqualTo(21);
  }

  private SwarmRegistry shared(SwarmRegistry.Address address) {
    return new SwarmRegistry(
        new SwarmRegistry.Limits(3, 100, 120, 10, Duration.ofMinutes(2), address),
        () -> now,
        new Random(1));
  }

  private static int leechers(SwarmRegistry registry, int torrent) {
    return registry.scrape(List.of(hash(torrent))).get(hash(torrent)).leechers();
  }

  @Test
  void handsOutAsManyAsWantedAndEachOneOnce() throws AnnounceException {
    for (var port = 1; port <= 60; port++) {
      announce(port, port % 2);
    }
    Set<InetSocketAddress> seen = new HashSet<>();
    for (var round = 0; round < 200; round++) {
      var peers = registry.announce(request(TORRENT, 1, 1, AnnounceEvent.NONE, 7), HOST).peers();
      assertThat(peers).hasSize(7).doesNotHaveDuplicates().doesNotContain(peer(1));
      seen.addAll(peers);
    }
    assertThat(seen)
        .as("in the end everybody")
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(2, 60).mapToObj(SwarmRegistryTest::peer).toList());
  }

  @Test
  void survivesAnyOrderOfEvents() throws AnnounceException {
    var random = new Random(5);
    for (var round = 0; round < 20_000; round++) {
      now = now.plus(Duration.ofSeconds(random.nextInt(20)));
      var event = AnnounceEvent.values()[random.nextInt(4)];
      var request =
          request(hash(random.nextInt(3)), random.nextInt(1, 50), random.nextInt(2), event, 50);
      var response = registry.announce(request, HOST);

      assertThat(response.peers()).doesNotHaveDuplicates().doesNotContain(peer(request.port()));
      assertThat(response.peers().size())
          .isLessThanOrEqualTo(response.seeds() + response.leechers());
    }
  }

  private AnnounceResponse announce(int port, long left) throws AnnounceException {
    return registry.announce(request(TORRENT, port, left, AnnounceEvent.NONE, 50), HOST);
  }

  private static AnnounceRequest request(
      InfoHash torrent, int port, long left, AnnounceEvent event, int wanted) {
    return new AnnounceRequest(
        torrent, PeerId.random(new Random(port)), port, 0, 0, left, event, wanted, true);
  }

  private static InetSocketAddress peer(int port) {
    return new InetSocketAddress(HOST, port);
  }

  private static InfoHash hash(int value) {
    var bytes = new byte[20];
    bytes[0] = (byte) (value + 0xf0);
    return InfoHash.of(bytes);
  }
}
