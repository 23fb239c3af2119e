package dev.corvid.bittorrent.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.bittorrent.wire.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class RateLimiterTest {
  private static final int MB = 1_000_000;

  @TempDir Path directory;
  private final List<TestPeer> peers = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (var peer : peers) {
      peer.close();
    }
  }

  private TestPeer start(Sample sample, boolean whole, long download, long upload)
      throws Exception {
    var options = TorrentOptions.defaults().withLimits(download, upload);
    var peer =
        TestPeer.start(
            directory,
            sample,
            whole ? sample.all() : sample.none(),
            UnaryOperator.identity(),
            options);
    peers.add(peer);
    return peer;
  }

  /** Bytes per second that arrive over a second. */
  private static double rate(TestPeer peer) {
    var begun = System.nanoTime();
    var before = peer.torrent.stats().downloaded();
    await()
        .pollInterval(Duration.ofMillis(10))
        .until(() -> System.nanoTime() - begun > 1_000_000_000L);
    return (peer.torrent.stats().downloaded() - before) * 1e9 / (System.nanoTime() - begun);
  }

  @Test
  void anUploadLimitHoldsAndChangesLive() throws Exception {
    var sample = Sample.of(64 * MB, 256 << 10);
    var seeder = start(sample, true, 0, 2 * MB);
    var leecher = start(sample, false, 0, 0).knows(seeder);
    await().until(() -> leecher.torrent.stats().downloaded() > 200_000);
    assertThat(rate(leecher)).isBetween(1.0 * MB, 2.4 * MB);

    seeder.torrent.limits(0, 8 * MB);
    assertThat(rate(leecher)).isBetween(4.0 * MB, 9.0 * MB);

    seeder.torrent.limits(0, 0);
    leecher.awaitCompletion();
  }

  @Test
  void aDownloadLimitHoldsAndTheSwarmsOwnTooAndBothCanBeLifted() throws Exception {
    var sample = Sample.of(64 * MB, 256 << 10);
    var seeder = start(sample, true, 0, 0);
    var leecher = start(sample, false, 4 * MB, 0).knows(seeder);
    await().until(() -> leecher.torrent.stats().downloaded() > 200_000);
    assertThat(rate(leecher)).isBetween(2.0 * MB, 5.0 * MB);

    leecher.swarm.limits(2 * MB, 0);
    await().until(() -> leecher.torrent.stats().downloaded() > 200_000);
    assertThat(rate(leecher)).isBetween(1.0 * MB, 3.0 * MB);

    leecher.swarm.limits(0, 0);
    leecher.torrent.limits(0, 0);
    leecher.awaitCompletion();
  }

  /** It would all come at once when the other is fast again. */
  @Test
  void asksASlowPeerForNoMoreThanAShortWhile() throws Exception {
    var sample = Sample.of(64 * MB, 8 << 20);
    var asked = new AtomicLong();
    try (var silent =
        new RawPeer(
            sample.metainfo().infoHash(),
            connection -> {
              connection.introduce(Message.Signal.HAVE_ALL);
              connection.send(Message.Signal.UNCHOKE);
              connection.send(Message.Signal.UNCHOKE);
              while (true) {
                asked.addAndGet(connection.nextRequest().length());
              }
            })) {
      var leecher = start(sample, false, 10 * MB, 0);
      leecher.torrent.addNeighbours(List.of(silent.address()));
      await().until(() -> asked.get() > 0);

      assertThat(rate(leecher)).isZero();

      assertThat(asked.get()).isBetween(Message.BLOCK + 0L, 2 * MB + 0L);
    }
  }

  /** Without BEP 6 a choke alone says that what was asked for does not come. */
  @Test
  void asksAPeerWithoutTheFastExtensionAgainAfterItChoked() throws Exception {
    var sample = Sample.of(4 * MB, 256 << 10);
    var asked = new CompletableFuture<Message.Request>();
    try (var choking =
        new RawPeer(
            sample.metainfo().infoHash(),
            false,
            connection -> {
              connection.send(Message.Bitfield.of(sample.all(), sample.all().cardinality()));
              for (int chokes = 0; chokes < 3; chokes++) {
                connection.send(Message.Signal.UNCHOKE);
                connection.nextRequest();
                connection.send(Message.Signal.CHOKE);
              }
              connection.send(Message.Signal.UNCHOKE);
              asked.complete(connection.nextRequest());
            })) {
      var leecher = start(sample, false, 64 << 10, 0);
      leecher.torrent.addNeighbours(List.of(choking.address()));

      assertThat(asked.get(60, TimeUnit.SECONDS).length()).isPositive();
    }
  }

  /** What the slow one owes is not taken from what others may send. */
  @Test
  void aSlowPeerDoesNotHoldUpAFastOne() throws Exception {
    var sample = Sample.of(4 * MB, 256 << 10);
    try (var silent =
        new RawPeer(
            sample.metainfo().infoHash(),
            connection -> {
              connection.introduce(Message.Signal.HAVE_ALL);
              connection.send(Message.Signal.UNCHOKE);
              while (true) {
                connection.nextRequest();
              }
            })) {
      var seeder = start(sample, true, 0, 0);
      var leecher = start(sample, false, 4 * MB, 0).knows(seeder);
      leecher.torrent.addNeighbours(List.of(silent.address()));

      leecher.awaitCompletion();
    }
  }
}
