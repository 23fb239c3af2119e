package dev.corvid.operator.http;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.time.Duration;

/**
 * Serves Quarkus' routes, probes and metrics, to whoever can reach the pod. A connection is for one
 * request and is closed {@link #LIFETIME} after it was opened, whatever was sent on it; beyond
 * {@link #MOST} connections, a new one takes the place of another. Quarkus' own listener can do
 * neither: its timeout starts again with each byte, and when it is full it refuses. It listens on
 * loopback only.
 */
@Singleton
class HttpListener {
  private static final int MOST = 128;

  /** Longer than a kubelet or a Prometheus waits by default. */
  private static final Duration LIFETIME = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final Router router;
  private final Place place;

  /** Confined to the event loop: there is one for all connections of a server. */
  private final HttpConnections<HttpConnection> connections = new HttpConnections<>(MOST);

  /** Where it listens. */
  @ConfigMapping(prefix = "corvid.http")
  interface Place {
    @WithDefault("0.0.0.0")
    String host();

    @WithDefault("8080")
    int port();
  }

  HttpListener(Vertx vertx, Router router, Place place) {
    this.vertx = vertx;
    this.router = router;
    this.place = place;
  }

  void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
    var options =
        new HttpServerOptions()
            .setHost(place.host())
            .setPort(place.port())
            .setAcceptBacklog(1024)
            // With it, a connection is not known before its first bytes.
            .setHttp2ClearTextEnabled(false)
            .setMaxInitialLineLength(2048)
            .setMaxHeaderSize(8192);
    vertx
        .createHttpServer(options)
        .connectionHandler(this::opened)
        .requestHandler(this::answer)
        .listen()
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  private void opened(HttpConnection connection) {
    String address = connection.remoteAddress().hostAddress();
    long timer = vertx.setTimer(LIFETIME.toMillis(), _ -> connection.close());
    connection.closeHandler(
        _ -> {
          vertx.cancelTimer(timer);
          connections.remove(address, connection);
        });
    connections.add(address, connection).ifPresent(HttpConnection::close);
  }

  private void answer(HttpServerRequest request) {
    request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    request.response().endHandler(_ -> request.connection().close());
    router.handle(request);
  }
}
