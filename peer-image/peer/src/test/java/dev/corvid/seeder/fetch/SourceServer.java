package dev.corvid.seeder.fetch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** An HTTP source on loopback that breaks as it is told. */
public final class SourceServer implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, byte[]> contents = new ConcurrentHashMap<>();
  private final Map<String, Responder> responders = new ConcurrentHashMap<>();
  private final Queue<Integer> cuts = new ArrayDeque<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile String etag = "\"one\"";
  private volatile boolean ranges = true;
  private volatile boolean lengths = true;
  private volatile boolean stalling;
  private volatile boolean cutting;

  /** What was asked. */
  public record Request(String path, String range, String authorization, String host) {}

  /** A path's own answer. */
  public interface Responder {
    void respond(HttpExchange exchange) throws IOException;
  }

  public SourceServer() {
    this("127.0.0.1");
  }

  public SourceServer(String address) {
    this(address, 0);
  }

  /** Beside another one at the same port. */
  SourceServer(String address, int port) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral(address), port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  public String url(String path) {
    return "http://" + server.getAddress().getHostString() + ":" + port() + path;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public SourceServer serve(String path, byte[] content) {
    contents.put(path, content);
    return this;
  }

  public SourceServer answer(String path, Responder responder) {
    responders.put(path, responder);
    return this;
  }

  /** Serves the content again. */
  public SourceServer heal(String path) {
    responders.remove(path);
    return this;
  }

  public SourceServer status(String path, int status) {
    return answer(path, exchange -> exchange.sendResponseHeaders(status, -1));
  }

  public SourceServer redirect(String path, String location) {
    return answer(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Location", location);
          exchange.sendResponseHeaders(302, -1);
        });
  }

  /** The next answers break off after so many bytes of their body. */
  SourceServer cutAfter(int... bytes) {
    synchronized (cuts) {
      Arrays.stream(bytes).forEach(cuts::add);
    }
    return this;
  }

  /**
   * Breaks each transfer off before its first byte until {@link #uncut}. A fixed number of them
   * will not do: the JDK's client repeats a request by itself whose answer's headers got lost.
   */
  SourceServer cutAfterwards() {
    cutting = true;
    return this;
  }

  void uncut() {
    cutting = false;
  }

  /** What would break off waits instead. */
  SourceServer stallInsteadOfCutting() {
    stalling = true;
    return this;
  }

  /** Null for none. */
  SourceServer etag(String value) {
    etag = value;
    return this;
  }

  public SourceServer withoutRanges() {
    ranges = false;
    return this;
  }

  SourceServer withoutLengths() {
    lengths = false;
    return this;
  }

  public List<Request> requests() {
    return requests;
  }

  public List<String> ranges() {
    return requests.stream().map(request -> String.valueOf(request.range())).toList();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      requests.add(
          new Request(
              path,
              exchange.getRequestHeaders().getFirst("Range"),
              exchange.getRequestHeaders().getFirst("Authorization"),
              exchange.getRequestHeaders().getFirst("Host")));
      if (responders.containsKey(path)) {
        responders.get(path).respond(exchange);
      } else if (contents.containsKey(path)) {
        send(exchange, contents.get(path));
      } else {
        exchange.sendResponseHeaders(404, -1);
      }
    }
  }

  private void send(HttpExchange exchange, byte[] content) throws IOException {
    var headers = exchange.getResponseHeaders();
    if (etag != null) {
      headers.set("ETag", etag);
    }
    var range = range(exchange, content.length);
    int from = range[0];
    int length = range[1] - from;
    boolean partial = length < content.length;
    if (partial) {
      headers.set("Content-Range", "bytes " + from + "-" + (range[1] - 1) + "/" + content.length);
    }
    Integer cut;
    synchronized (cuts) {
      cut = cuts.isEmpty() && cutting ? Integer.valueOf(0) : cuts.poll();
    }
    exchange.sendResponseHeaders(partial ? 206 : 200, lengths ? length : 0);
    var out = exchange.getResponseBody();
    out.write(content, from, cut == null ? length : Math.min(cut, length));
    out.flush();
    if (cut != null && stalling) {
      awaitClosing();
    } else if (cut == null) {
      out.close();
    }
  }

  /** First byte and end of what is sent. */
  private int[] range(HttpExchange exchange, int total) {
    var asked = exchange.getRequestHeaders().getFirst("Range");
    var condition = exchange.getRequestHeaders().getFirst("If-Range");
    if (asked == null || !ranges || condition != null && !condition.equals(etag)) {
      return new int[] {0, total};
    }
    var numbers = asked.substring("bytes=".length()).split("-");
    int from = Integer.parseInt(numbers[0]);
    int end = numbers.length > 1 ? Integer.parseInt(numbers[1]) + 1 : total;
    return from < total ? new int[] {from, Math.min(end, total)} : new int[] {0, total};
  }

  private void awaitClosing() {
    try {
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
  }
}
