package dev.corvid.announce;

import dev.corvid.http.Listener;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** A tracker for anybody who can reach it, listening. What it knows is gone when it is closed. */
public final class AnnounceServer implements AutoCloseable {
  private static final int MAX_CONNECTIONS = 10_000;
  private static final Duration IDLE = Duration.ofSeconds(30);

  private final Listener listener;

  private AnnounceServer(Listener listener) {
    this.listener = listener;
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
    var server =
        WebServer.builder()
            .maxTcpConnections(MAX_CONNECTIONS)
            .maxPayloadSize(0)
            .idleConnectionTimeout(IDLE)
            .shutdownGracePeriod(Duration.ofMillis(200))
            .routing(routing -> routing.register(new AnnounceService(registry)));
    return new AnnounceServer(Listener.start(server, listen));
  }

  /** The address that was bound. */
  public InetSocketAddress address() {
    return listener.address();
  }

  @Override
  public void close() {
    listener.close();
  }
}
