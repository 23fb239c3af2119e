package dev.corvid.bittorrent.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.bittorrent.PeerId;
import dev.corvid.bittorrent.RejectReason;
import dev.corvid.bittorrent.SwarmId;
import dev.corvid.bittorrent.TorrentListener;
import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.bittorrent.wire.Handshake;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand connections from one address: few of them live, and everybody else is served. */
class CrowdTest {
  private static final InetAddress ATTACKER = InetAddress.ofLiteral("127.0.0.66");
  private static final int CROWD = 1000;
  private static final int MOST = 8;

  @TempDir Path directory;
  private final List<Socket> crowd = new ArrayList<>();
  private Sample sample;
  private TestPeer seeder;

  @BeforeEach
  void seed() throws Exception {
    sample = Sample.of(2 << 20, 64 << 10);
    seeder = TestPeer.start(directory, sample, sample.all());
  }

  @AfterEach
  void close() throws Exception {
    for (var socket : crowd) {
      socket.close();
    }
    seeder.close();
  }

  private Socket connect() throws IOException {
    var socket = new Socket();
    crowd.add(socket);
    socket.bind(new InetSocketAddress(ATTACKER, 0));
    socket.connect(seeder.address(), 5000);
    return socket;
  }

  private void othersAreServed() throws Exception {
    try (var leecher = TestPeer.start(directory, sample, sample.none()).knows(seeder)) {
      leecher.awaitCompletion();
      assertThat(sample.matches(leecher.content())).isTrue();
    }
  }

  @Test
  void silentOnesAreFewAtOnce() throws Exception {
    for (var i = 0; i < CROWD; i++) {
      connect();
    }
    othersAreServed();
    await().until(() -> seeder.swarm.refused(RejectReason.TOO_MANY) >= CROWD - 2 * MOST);
  }

  /** They would hold every place for a minute. */
  @Test
  void silentOnesOfManyAddressesDoNotHoldTheDoorShut() throws Exception {
    var file = directory.resolve("all");
    java.nio.file.Files.write(file, sample.bytes());
    try (var files = new FileStorage(file, sample.all());
        var swarm = Swarm.open(TestPeer.options(Duration.ofMinutes(1)))) {
      swarm.add(sample.metainfo(), files, TorrentOptions.defaults(), new TorrentListener() {});
      for (var i = 0; i < CROWD; i++) {
        var socket = new Socket();
        crowd.add(socket);
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.1." + (1 + i % 200)), 0));
        socket.connect(swarm.address(), 5000);
      }
      for (var i = 0; i < 10; i++) {
        try (var honest = RawPeer.RawConnection.dial(swarm.address(), ATTACKER)) {
          honest.greet(sample.metainfo().infoHash());
        }
      }
      assertThat(swarm.refused(RejectReason.TOO_MANY)).isGreaterThanOrEqualTo(CROWD - 128);
    }
  }

  @Test
  void thoseThatSayTheirHandshakeAreFewAtOnce() throws Exception {
    for (var i = 0; i < CROWD; i++) {
      var handshake = ByteBuffer.allocate(Handshake.BYTES);
      var id = PeerId.random(new Random(i));
      new Handshake(SwarmId.of(sample.metainfo().infoHash()), id, true, true).encode(handshake);
      try {
        connect().getOutputStream().write(handshake.array());
      } catch (IOException e) {
        // Refused already.
      }
    }
    othersAreServed();
    await().until(() -> seeder.swarm.refused(RejectReason.TOO_MANY) >= CROWD - 2 * MOST);
    assertThat(seeder.torrent.stats().neighbours()).isLessThanOrEqualTo(MOST + 1);
  }

  @Test
  void thoseThatSayTheirHandshakeByteByByteAreHungUpOnInTime() throws Exception {
    var options = TestPeer.options(Duration.ofMillis(300));
    try (var swarm = Swarm.open(options)) {
      var slow = new Socket(swarm.address().getAddress(), swarm.address().getPort());
      crowd.add(slow);
      var began = System.nanoTime();
      await()
          .pollInterval(Duration.ofMillis(20))
          .until(
              () -> {
                try {
                  slow.getOutputStream().write(19);
                } catch (IOException e) {
                  return true;
                }
                return swarm.refused(RejectReason.HANDSHAKE) + swarm.refused(RejectReason.SILENT)
                    > 0;
              });
      assertThat(System.nanoTime() - began).isLessThan(Duration.ofMinutes(1).toNanos());
    }
  }
}
