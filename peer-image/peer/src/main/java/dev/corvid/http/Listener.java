package dev.corvid.http;

import dev.corvid.net.Addresses;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.logging.Logger;

/**
 * A web server that answers on one address until it is closed, in HTTP/1.1, and keeps no more
 * connections than its limits allow. Thread-safe.
 */
public final class Listener implements AutoCloseable {
  private static final Logger log = Logger.getLogger(Listener.class.getName());

  private final WebServer server;
  private final InetSocketAddress asked;
  private final Connections connections;

  private Listener(WebServer server, InetSocketAddress asked, Connections connections) {
    this.server = server;
    this.asked = asked;
    this.connections = connections;
  }

  /**
   * Listens and answers at once.
   *
   * @param address port 0 lets the kernel choose
   * @param http what a request may be; prologue and header of each client are kept in memory
   * @throws IOException if the address cannot be bound
   */
  public static Listener start(
      WebServerConfig.Builder config,
      Http1Config.Builder http,
      ConnectionLimits limits,
      InetSocketAddress address)
      throws IOException {
    var bounded = withinOpenFiles(limits);
    var connections = new Connections(bounded);
    var server =
        config
            .address(address.getAddress())
            .port(address.getPort())
            .protocolsDiscoverServices(false)
            .addConnectionSelector(new BoundedSelector(connections, http))
            .maxTcpConnections(bounded.accepted())
            .shutdownHook(false)
            .build()
            .start();
    if (!server.isRunning()) {
      throw new IOException(whyNot(address)); // Helidon only logs it
    }
    return new Listener(server, address, connections);
  }

  /** The address that was bound. */
  public InetSocketAddress address() {
    return new InetSocketAddress(asked.getAddress(), server.port());
  }

  /** How many connections were refused or closed for that reason. */
  public long closed(CloseReason reason) {
    return connections.closed(reason);
  }

  @Override
  public void close() {
    server.stop();
  }

  private static ConnectionLimits withinOpenFiles(ConnectionLimits limits) {
    var files = OpenFiles.left();
    if (files.isEmpty()) {
      return limits;
    }
    var bounded = limits.within(files.getAsLong());
    if (bounded.connections() < limits.connections()) {
      log.warning(
          () ->
              "at most %,d connections, not %,d: the process may open %,d more files; raise its limit (ulimit -n)"
                  .formatted(bounded.connections(), limits.connections(), files.getAsLong()));
    }
    return bounded;
  }

  private static String whyNot(InetSocketAddress address) {
    try (var probe = new ServerSocket()) {
      probe.bind(address);
      return "the server did not start";
    } catch (IOException e) {
      return "cannot listen on " + Addresses.text(address) + ": " + e.getMessage();
    }
  }
}
