package dev.corvid.http;

import dev.corvid.net.Addresses;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.http.Headers;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1Connection;
import io.helidon.webserver.http1.Http1ConnectionListener;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;

/**
 * HTTP/1.1 within the limits of {@link Connections}. Helidon calls a listener's only selector as
 * soon as it has accepted a connection, before it has read anything.
 */
final class BoundedSelector implements ServerConnectionSelector {
  private final Connections connections;
  private final ServerConnectionSelector http;

  BoundedSelector(Connections connections, Http1Config.Builder config) {
    this.connections = connections;
    this.http =
        Http1ConnectionSelector.builder()
            .config(
                config.addReceiveListener(new Requests()).addSendListener(new Answers()).build())
            .build();
  }

  @Override
  public int bytesToIdentifyConnection() {
    return http.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData data) {
    return http.supports(data);
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    var from = ((InetSocketAddress) context.remotePeer().address()).getAddress();
    var connection =
        new HttpConnection(context.serverSocket(), from, connections, System::nanoTime);
    if (!connections.open(connection)) {
      throw new CloseConnectionException(
          "no room for another connection from " + Addresses.text(from));
    }
    try {
      var bounded = new BoundedContext(context, connection);
      return new Bounded((Http1Connection) http.connection(bounded), connection, connections);
    } catch (RuntimeException | Error e) {
      connections.ended(connection);
      throw e;
    }
  }

  /** Hears that the header of a request is complete. */
  private static final class Requests implements Http1ConnectionListener {
    @Override
    public void headers(ConnectionContext context, Headers headers) {
      ((BoundedContext) context).connection().requested();
    }
  }

  /** Hears that an answer begins. */
  private static final class Answers implements Http1ConnectionListener {
    @Override
    public void status(ConnectionContext context, Status status) {
      ((BoundedContext) context).connection().answering();
    }
  }

  private record Bounded(Http1Connection http, HttpConnection connection, Connections connections)
      implements ServerConnection, InterruptableTask<Void> {
    @Override
    public void handle(Limit limit) throws InterruptedException {
      try {
        HttpConnection.with(connection)
            .<Void, InterruptedException>call(
                () -> {
                  http.handle(limit);
                  return null;
                });
      } finally {
        connections.ended(connection);
      }
    }

    @Override
    public Duration idleTime() {
      return http.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
      http.close(interrupt);
    }

    @Override
    public boolean canInterrupt() {
      return http.canInterrupt();
    }
  }
}
