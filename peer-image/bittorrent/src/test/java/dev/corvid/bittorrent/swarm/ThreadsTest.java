package dev.corvid.bittorrent.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.bittorrent.TorrentListener;
import dev.corvid.bittorrent.TorrentOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Neither connections nor torrents cost a thread each. */
class ThreadsTest {
  private static final int CONNECTIONS = 1000;
  private static final int TORRENTS = 100;

  /** Of the swarm itself, and of whatever else starts meanwhile. */
  private static final int FEW = 10;

  @TempDir Path directory;
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (var each : open.reversed()) {
      each.close();
    }
  }

  private <T extends AutoCloseable> T opened(T resource) {
    open.add(resource);
    return resource;
  }

  private Torrent seed(Swarm swarm, Sample sample, int connections) throws Exception {
    var file = Files.write(Files.createTempFile(directory, "seed", ""), sample.bytes());
    var storage = opened(new FileStorage(file, sample.all()));
    var options = TorrentOptions.defaults().withConnections(connections, 0);
    return opened(swarm.add(sample.metainfo(), storage, options, new TorrentListener() {}));
  }

  @Test
  void aThousandConnectionsCostNoThreadEach() throws Exception {
    var sample = Sample.of(1 << 20, 64 << 10);
    var swarm = opened(Swarm.open(TestPeer.options(Duration.ofSeconds(30))));
    var torrent = seed(swarm, sample, CONNECTIONS);
    var before = threads();
    for (var i = 0; i < CONNECTIONS; i++) {
      opened(RawPeer.RawConnection.dial(swarm.address())).greet(sample.metainfo().infoHash());
    }
    await().until(() -> torrent.stats().neighbours() == CONNECTIONS);
    assertThat(threads()).isLessThan(before + FEW);
  }

  @Test
  void aHundredIdleTorrentsCostNoThreadEach() throws Exception {
    var swarm = opened(Swarm.open(TestPeer.options(Duration.ofSeconds(30))));
    var before = threads();
    for (var i = 0; i < TORRENTS; i++) {
      seed(swarm, Sample.of(20_000 + i, 16 << 10), 60);
    }
    assertThat(threads()).isLessThan(before + FEW);
  }

  private static int threads() {
    return Thread.getAllStackTraces().size();
  }
}
