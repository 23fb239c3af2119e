package dev.corvid.bittorrent.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.bittorrent.TorrentListener;
import dev.corvid.bittorrent.TorrentOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompleteTorrentTest {
  /** Longer than the pause after which an address that hung up could be dialled again. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  @TempDir Path directory;

  @Test
  void dialsANeighbourOnceWhenItIsNamed() throws Exception {
    var sample = Sample.of(100_000, 16 << 10);
    var file = Files.write(directory.resolve("whole"), sample.bytes());
    var dials = new AtomicInteger();
    try (var storage = new FileStorage(file, sample.all());
        var swarm = Swarm.open(TestPeer.options(PATIENCE));
        var hangsUp = listener();
        var silent = listener();
        var another = listener()) {
      var torrent =
          swarm.add(
              sample.metainfo(), storage, TorrentOptions.defaults(), new TorrentListener() {});
      Thread.startVirtualThread(() -> hangUpAlways(hangsUp, dials));
      torrent.addNeighbours(List.of(address(hangsUp)));
      for (var newcomer : List.of(silent, another)) {
        torrent.addNeighbours(List.of(address(hangsUp), address(newcomer)));
        awaitEnd(newcomer);
      }
      await().until(() -> dials.get() > 0);
      assertThat(dials).hasValue(1);
    }
  }

  private static void hangUpAlways(ServerSocket listener, AtomicInteger dials) {
    try {
      while (true) {
        listener.accept().close();
        dials.incrementAndGet();
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  /** Accepts one connection, and waits until the other side has lost its patience. */
  private static void awaitEnd(ServerSocket listener) throws IOException {
    try (var accepted = listener.accept()) {
      accepted.getInputStream().readAllBytes();
    }
  }

  private static ServerSocket listener() throws IOException {
    var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    listener.setSoTimeout(60_000);
    return listener;
  }

  private static InetSocketAddress address(ServerSocket listener) {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }
}
