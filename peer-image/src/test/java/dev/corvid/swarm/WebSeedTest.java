package dev.corvid.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.corvid.metainfo.InfoBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WebSeedTest {
  @TempDir Path directory;
  private final List<AutoCloseable> started = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (var each : started.reversed()) each.close();
  }

  private WebServer serve(Sample sample, int refusals, UnaryOperator<byte[]> change)
      throws Exception {
    var server = new WebServer(sample.bytes(), refusals, change);
    started.add(server);
    return server;
  }

  private TestPeer leecher(Sample sample, WebServer server, long downloadLimit) throws Exception {
    var options =
        TorrentOptions.defaults().withLimits(downloadLimit, 0).withWebSeeds(List.of(server.url()));
    var peer = TestPeer.start(directory, sample, sample.none(), UnaryOperator.identity(), options);
    started.add(peer);
    return peer;
  }

  @Test
  void aWebServerAloneIsEnoughAndABusyOneIsTriedAgain() throws Exception {
    var sample = Sample.of(5_000_000, 256 << 10);
    var leecher = leecher(sample, serve(sample, 1, UnaryOperator.identity()), 0);

    leecher.awaitCompletion();

    assertThat(sample.matches(leecher.content())).isTrue();
    assertThat(leecher.torrent.stats().downloadedFromWeb()).isEqualTo(5_000_000);
    assertThat(leecher.torrent.stats().downloadedFromPeers()).isZero();
  }

  @Test
  void peersAndTheWebServerShareTheWork() throws Exception {
    var sample = Sample.of(16 << 20, 256 << 10);
    var server = serve(sample, 0, UnaryOperator.identity());
    var leecher = leecher(sample, server, 8 << 20);
    var seeder = TestPeer.start(directory, sample, sample.all());
    started.add(seeder);
    leecher.knows(seeder);

    leecher.awaitCompletion();

    assertThat(sample.matches(leecher.content())).isTrue();
    assertThat(leecher.torrent.stats().downloadedFromWeb()).isPositive();
    assertThat(leecher.torrent.stats().downloadedFromPeers()).isPositive();
  }

  @Test
  void aServerThatSendsOtherBytesIsLeftForGood() throws Exception {
    var sample = Sample.of(1 << 20, 64 << 10);
    var server =
        serve(
            sample,
            0,
            bytes -> {
              bytes[0] ^= 1;
              return bytes;
            });
    var leecher = leecher(sample, server, 0);
    await().atMost(Duration.ofSeconds(10)).until(() -> leecher.torrent.stats().bannedPeers() == 1);
    var seeder = TestPeer.start(directory, sample, sample.all());
    started.add(seeder);
    leecher.knows(seeder);

    leecher.awaitCompletion();

    assertThat(sample.matches(leecher.content())).isTrue();
    assertThat(server.requests)
        .as("what was asked for before the first of sixteen pieces was hashed")
        .hasValueLessThan(4);
  }

  @Test
  void aPrivateTorrentNeverHasOne() throws Exception {
    var builder = new InfoBuilder("sample", 16 << 10).onlyFile(100, false).makePrivate();
    var metainfo = builder.build(new byte[20]);
    try (var swarm = TestPeer.swarm()) {
      var options =
          TorrentOptions.defaults().withWebSeeds(List.of(java.net.URI.create("http://host/")));

      assertThatThrownBy(() -> swarm.add(metainfo, null, options, new TorrentListener() {}))
          .hasMessageContaining("private");
    }
  }
}
