package dev.corvid.announce;

import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** A tracker for anybody who can reach it, listening. What it knows is gone when it is closed. */
public final class AnnounceServer implements AutoCloseable {
  private static final int MAX_CONNECTIONS = 10_000;
  private static final Duration IDLE = Duration.ofSeconds(30);

  private final WebServer server;
  private final InetSocketAddress listen;

  private AnnounceServer(InetSocketAddress listen, SwarmRegistry registry) {
    this.listen = listen;
    server =
        WebServer.builder()
            .address(listen.getAddress())
            .port(listen.getPort())
            .shutdownHook(false)
            .maxTcpConnections(MAX_CONNECTIONS)
            .maxPayloadSize(0)
            .idleConnectionTimeout(IDLE)
            .shutdownGracePeriod(Duration.ofMillis(200))
            .routing(routing -> routing.register(new AnnounceService(registry)))
            .build()
            .start();
  }

  /**
   * Listens and answers at once.
   *
   * @param listen port 0 lets the kernel choose
   * @throws IOException if the address cannot be bound
   */
  public static AnnounceServer open(InetSocketAddress listen) throws IOException {
    var registry =
        new SwarmRegistry(
            SwarmRegistry.Limits.defaults(), InstantSource.system(), RandomGenerator.getDefault());
    var started = new AnnounceServer(listen, registry);
    if (!started.server.isRunning()) {
      throw new IOException(whyNot(listen)); // Helidon only logs it
    }
    return started;
  }

  /** The address that was bound. */
  public InetSocketAddress address() {
    return new InetSocketAddress(listen.getAddress(), server.port());
  }

  @Override
  public void close() {
    server.stop();
  }

  private static String whyNot(InetSocketAddress listen) {
    try (var probe = new ServerSocket()) {
      probe.bind(listen);
      return "the server did not start";
    } catch (IOException e) {
      return e.getMessage();
    }
  }
}
