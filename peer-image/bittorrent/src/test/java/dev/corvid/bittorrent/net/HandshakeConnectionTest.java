package dev.corvid.bittorrent.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.bittorrent.PeerId;
import dev.corvid.bittorrent.RejectReason;
import dev.corvid.bittorrent.SwarmId;
import dev.corvid.bittorrent.SwarmOptions;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.bittorrent.peers.RejectCounters;
import dev.corvid.bittorrent.wire.Handshake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HandshakeConnectionTest {
  private static final Duration PATIENCE = Duration.ofMillis(20);

  private final RejectCounters rejects = new RejectCounters();

  /** It hung up, and so was not silent. */
  @Test
  void aPeerThatResetsTheConnectionBeforeTheHandshakeIsNotCountedAsSilent() throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var loop = new Loop("test")) {
      var endpoint = new Resetting(loop, server);
      var address = (InetSocketAddress) server.getLocalSocketAddress();
      loop.execute(() -> Connector.dial(endpoint, address, context()));
      endpoint.unreachable.get(60, TimeUnit.SECONDS);

      var later = new CompletableFuture<Void>();
      loop.execute(() -> loop.after(5 * PATIENCE.toNanos(), () -> later.complete(null)));
      later.get(60, TimeUnit.SECONDS);
      assertThat(rejects.of(RejectReason.SILENT)).isZero();
    }
  }

  private SwarmContext context() {
    var usual =
        SwarmOptions.listeningOn(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    var options =
        new SwarmOptions(
            usual.listen(),
            0,
            0,
            usual.threads(),
            usual.maxPendingHandshakes(),
            usual.maxConnectionsPerAddress(),
            usual.dialTimeout(),
            PATIENCE,
            usual.largestBlock(),
            usual.host());
    return new SwarmContext(
        options,
        PeerId.random(new Random(1)),
        0,
        new AtomicReference<>(""),
        new FairRate(0, 0),
        new FairRate(0, 0),
        rejects);
  }

  /** The other side resets the connection just before this side's handshake is sent. */
  private static final class Resetting implements TorrentEndpoint {
    final CompletableFuture<IOException> unreachable = new CompletableFuture<>();
    private final Loop loop;
    private final ServerSocket server;

    Resetting(Loop loop, ServerSocket server) {
      this.loop = loop;
      this.server = server;
    }

    @Override
    public Loop loop() {
      return loop;
    }

    @Override
    public Handshake handshake() {
      try (var accepted = server.accept()) {
        accepted.setSoLinger(true, 0);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      var swarm = SwarmId.of(InfoHash.ofInfo(ByteBuffer.allocate(0)));
      return new Handshake(swarm, PeerId.random(new Random(2)), true, true);
    }

    @Override
    public void handshaken(
        SocketChannel channel, InetSocketAddress address, boolean dialled, Handshake theirs) {
      unreachable.completeExceptionally(new AssertionError("no handshake has come"));
    }

    @Override
    public void unreachable(InetSocketAddress address, IOException cause) {
      unreachable.complete(cause);
    }
  }
}
