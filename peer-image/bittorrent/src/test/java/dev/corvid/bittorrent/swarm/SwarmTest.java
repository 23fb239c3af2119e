package dev.corvid.bittorrent.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.bittorrent.RejectReason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwarmTest {
  @TempDir Path directory;
  private final List<TestPeer> peers = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (var peer : peers) {
      peer.close();
    }
  }

  private TestPeer start(Sample sample, java.util.BitSet held) throws Exception {
    var peer = TestPeer.start(directory, sample, held);
    peers.add(peer);
    return peer;
  }

  @Test
  void onePeerFetchesIdenticalBytesFromOneSeeder() throws Exception {
    var sample = Sample.of(5_000_001, 256 << 10);
    var seeder = start(sample, sample.all());
    var peer = start(sample, sample.none()).knows(seeder);

    peer.awaitCompletion();

    assertThat(sample.matches(peer.content())).isTrue();
    assertThat(peer.torrent.stats().downloaded()).isEqualTo(5_000_001);
    assertThat(peer.torrent.stats().wasted()).isZero();
  }

  @Test
  void aSeederThatComesLateDialsWhoWaitsForIt() throws Exception {
    var sample = Sample.of(1 << 20, 64 << 10);
    var peer = start(sample, sample.none());
    start(sample, sample.all()).knows(peer);

    peer.awaitCompletion();
  }

  @Test
  void fourPeersShareOneSeedersBytes() throws Exception {
    var sample = Sample.of(16 << 20, 256 << 10);
    var seeder = start(sample, sample.all());
    var leechers = new ArrayList<TestPeer>();
    for (var i = 0; i < 4; i++) {
      leechers.add(start(sample, sample.none()));
    }
    for (var leecher : leechers) {
      leecher.knows(seeder).knows(leechers.toArray(TestPeer[]::new));
    }

    for (var leecher : leechers) {
      leecher.awaitCompletion();
      assertThat(sample.matches(leecher.content())).isTrue();
    }
  }

  @Test
  void aPartialCopyIsCompletedWithoutFetchingItAgain() throws Exception {
    var sample = Sample.of(4 << 20, 64 << 10);
    var seeder = start(sample, sample.all());
    var peer = start(sample, sample.pieces(10, 50)).knows(seeder);

    peer.awaitCompletion();

    assertThat(sample.matches(peer.content())).isTrue();
    assertThat(peer.torrent.stats().downloaded()).isEqualTo((64 - 40) * (64 << 10));
  }

  /** As a replaced seeder does that may dial nobody. */
  @Test
  void aCompletePeerBringsTheMetainfoToASeederThatItIsToldOf() throws Exception {
    var sample = Sample.of(1 << 20, 16 << 10);
    var peer = start(sample, sample.all());
    try (var swarm = TestPeer.swarm()) {
      peer.torrent.seeder(swarm.address());
      await().until(() -> swarm.refused(RejectReason.HANDSHAKE) > 0);
      var fetched =
          swarm.fetchMetainfo(sample.metainfo().infoHash(), List.of()).get(60, TimeUnit.SECONDS);
      assertThat(fetched.infoBytes()).isEqualTo(sample.metainfo().infoBytes());
    }
  }

  @Test
  void theMetainfoIsFetchedFromANeighbour() throws Exception {
    var sample = Sample.of(3 << 20, 16 << 10);
    var seeder = start(sample, sample.all());
    try (var swarm = TestPeer.swarm()) {
      var fetched =
          swarm
              .fetchMetainfo(sample.metainfo().infoHash(), List.of(seeder.address()))
              .get(60, TimeUnit.SECONDS);
      assertThat(fetched.infoBytes()).isEqualTo(sample.metainfo().infoBytes());
    }
  }
}
