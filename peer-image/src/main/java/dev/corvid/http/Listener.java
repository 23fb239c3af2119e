package dev.corvid.http;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** A web server that answers on one address until it is closed. Thread-safe. */
public final class Listener implements AutoCloseable {
  private final WebServer server;
  private final InetSocketAddress asked;

  private Listener(WebServer server, InetSocketAddress asked) {
    this.server = server;
    this.asked = asked;
  }

  /**
   * Listens and answers at once.
   *
   * @param address port 0 lets the kernel choose
   * @throws IOException if the address cannot be bound
   */
  public static Listener start(WebServerConfig.Builder config, InetSocketAddress address)
      throws IOException {
    var server =
        config
            .address(address.getAddress())
            .port(address.getPort())
            .shutdownHook(false)
            .build()
            .start();
    if (!server.isRunning()) {
      throw new IOException(whyNot(address)); // Helidon only logs it
    }
    return new Listener(server, address);
  }

  /** The address that was bound. */
  public InetSocketAddress address() {
    return new InetSocketAddress(asked.getAddress(), server.port());
  }

  @Override
  public void close() {
    server.stop();
  }

  private static String whyNot(InetSocketAddress address) {
    try (var probe = new ServerSocket()) {
      probe.bind(address);
      return "the server did not start";
    } catch (IOException e) {
      return "cannot listen on " + address + ": " + e.getMessage();
    }
  }
}
