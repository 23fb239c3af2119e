package dev.corvid.opentracker;

import dev.corvid.http.ConnectionLimits;
import dev.corvid.http.Listener;
import dev.corvid.http.Timeouts;
import dev.corvid.time.Uptime;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** A tracker for anybody who can reach it, listening. What it knows is gone when it is closed. */
public final class AnnounceServer implements AutoCloseable {
  private static final int MAX_HEADER = 8 << 10;

  /** Of the heap; a connection with a half request takes up to 32 KiB. */
  private static final int HEAP_SHARE = 4;

  private static final int CONNECTION_BYTES = 32 << 10;
  private static final int MAX_CONNECTIONS = 10_000;
  private static final int PER_ADDRESS = 64;

  /** A client keeps its connection for the next torrent's announce. */
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
            SwarmRegistry.Limits.defaults(), Uptime::now, RandomGenerator.getDefault());
    var server =
        WebServer.builder()
            .maxPayloadSize(0)
            .shutdownGracePeriod(Duration.ofMillis(200))
            .routing(routing -> routing.register(new AnnounceService(registry)));
    var http = Http1Config.builder().maxHeadersSize(MAX_HEADER);
    return new AnnounceServer(Listener.start(server, http, limits(), listen));
  }

  private static ConnectionLimits limits() {
    long room = Runtime.getRuntime().maxMemory() / HEAP_SHARE / CONNECTION_BYTES;
    Timeouts usual = Timeouts.defaults();
    return ConnectionLimits.anonymous(
        (int) Math.clamp(room, 2L * PER_ADDRESS, MAX_CONNECTIONS),
        PER_ADDRESS,
        new Timeouts(usual.header(), IDLE, IDLE, usual.transfer()));
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
