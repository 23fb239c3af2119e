package dev.corvid.swarm;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Serves ranges of one file at /sample, after it has refused so many requests. */
final class WebServer implements AutoCloseable {
  final AtomicInteger requests = new AtomicInteger();
  private final HttpServer server;

  /**
   * @param change of each answer's bytes
   */
  WebServer(byte[] content, int refusals, UnaryOperator<byte[]> change) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/sample",
        exchange -> {
          try (exchange) {
            if (requests.getAndIncrement() < refusals) {
              exchange.sendResponseHeaders(503, -1);
              return;
            }
            var range = exchange.getRequestHeaders().getFirst("Range").substring(6).split("-");
            var from = Integer.parseInt(range[0]);
            var last = Integer.parseInt(range[1]);
            exchange
                .getResponseHeaders()
                .set("Content-Range", "bytes %d-%d/%d".formatted(from, last, content.length));
            var bytes = change.apply(Arrays.copyOfRange(content, from, last + 1));
            exchange.sendResponseHeaders(206, bytes.length);
            exchange.getResponseBody().write(bytes);
          }
        });
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/sample");
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
