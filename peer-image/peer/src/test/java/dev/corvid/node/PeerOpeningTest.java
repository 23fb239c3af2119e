package dev.corvid.node;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.wire.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerOpeningTest {
  @TempDir Path directory;
  private LoopbackCluster cluster;

  @BeforeEach
  void open() throws Exception {
    cluster = new LoopbackCluster(directory);
  }

  @AfterEach
  void close() throws Exception {
    cluster.close();
  }

  /** The process may end only later, and with it what was opened. */
  @Test
  void whatWasOpenedIsClosedWhenThePortIsTaken() throws Exception {
    // An address of its own, so that no other process takes the port while it is free.
    var own = InetAddress.ofLiteral("127.77.0.2");
    InetSocketAddress http;
    try (var free = new ServerSocket(0, 1, own)) {
      http = new InetSocketAddress(own, free.getLocalPort());
    }
    try (var taken = new ServerSocket(0, 1, own)) {
      var options = cluster.options("node-1");
      var listen = new InetSocketAddress(own, taken.getLocalPort());
      assertThatThrownBy(() -> Peer.open(with(options, listen, http), Clock.systemUTC()))
          .isInstanceOf(IOException.class);
      assertThatCode(() -> bind(http)).doesNotThrowAnyException();
    }
  }

  private static void bind(InetSocketAddress address) throws IOException {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
    }
  }

  private static PeerOptions with(
      PeerOptions options, InetSocketAddress listen, InetSocketAddress http) {
    return new PeerOptions(
        options.node(),
        options.address(),
        Endpoint.of(listen),
        options.tracker(),
        options.token(),
        options.trust(),
        options.roots(),
        options.rootsDirectory(),
        Endpoint.of(http),
        options.downloadLimit(),
        options.uploadLimit(),
        options.perRelease());
  }
}
