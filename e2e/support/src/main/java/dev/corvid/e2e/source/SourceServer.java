package dev.corvid.e2e.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;

/** An HTTP server of single files, with ranges, a rate, faults and a journal. Thread-safe. */
public final class SourceServer implements AutoCloseable {
  private static final int BLOCK = 64 * 1024;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Throttle throttle = new Throttle();
  private final Journal journal;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Path uploads;

  private SourceServer(InetSocketAddress address, Path uploads, Journal journal)
      throws IOException {
    this.uploads = uploads;
    this.journal = journal;
    server = HttpServer.create(address, 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Listens; port 0 lets the kernel choose. */
  public static SourceServer start(InetSocketAddress address) throws IOException {
    return new SourceServer(
        address, null, new Journal(new PrintStream(OutputStream.nullOutputStream())));
  }

  /** A URL of this machine where nothing listens: connections are refused. */
  public static URI refusing(InetAddress address) throws IOException {
    try (var free = new ServerSocket(0, 1, address)) {
      return URI.create("http://" + address.getHostAddress() + ":" + free.getLocalPort() + "/");
    }
  }

  /** Answers a path, which starts with a slash, in this way from now on. */
  public URI on(String path, Answer answer) {
    answers.put(path, answer);
    return uri(path);
  }

  public URI uri(String path) {
    var address = server.getAddress();
    return URI.create(
        "http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + path);
  }

  /** Bytes per second over all connections; 0 means no limit. */
  public void rate(long bytesPerSecond) {
    throttle.rate(bytesPerSecond);
  }

  public List<Received> requests(String path) {
    return journal.requests(path);
  }

  public long bytesSent(String path) {
    return journal.bytesSent(path);
  }

  /** When the first byte of a path's content went out. */
  public Optional<Instant> firstByte(String path) {
    return Optional.ofNullable(journal.firstByte(path));
  }

  public void awaitSent(String path, long bytes, Duration limit)
      throws InterruptedException, TimeoutException {
    journal.awaitSent(path, bytes, limit);
  }

  @Override
  public void close() {
    closed.countDown();
    throttle.rate(0);
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      if (uploads != null && exchange.getRequestMethod().equals("PUT")) {
        accept(exchange, path);
      } else {
        answer(exchange, answers.getOrDefault(path, new Answer.Status(404)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept(HttpExchange exchange, String path) throws IOException {
    var file = uploads.resolve(Path.of(path).getFileName());
    var part = Files.createTempFile(uploads, "upload", ".part");
    Files.copy(exchange.getRequestBody(), part, StandardCopyOption.REPLACE_EXISTING);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    on(path, new Answer.Content(file));
    respond(exchange, 201, -1);
  }

  private void answer(HttpExchange exchange, Answer answer)
      throws IOException, InterruptedException {
    switch (answer) {
      case Answer.Content content -> content(exchange, content.file());
      case Answer.Status status -> respond(exchange, status.code(), -1);
      case Answer.Redirect redirect -> {
        exchange.getResponseHeaders().set("Location", redirect.to().toString());
        respond(exchange, 302, -1);
      }
      case Answer.Truncated truncated -> {
        respond(exchange, 200, Files.size(truncated.file()));
        send(exchange, truncated.file(), 0, truncated.bytes());
      }
      case Answer.Stalled stalled -> {
        respond(exchange, 200, Files.size(stalled.file()));
        send(exchange, stalled.file(), 0, stalled.bytes());
        closed.await();
      }
      case Answer.Endless _ -> endless(exchange);
      case Answer.Guarded guarded -> {
        var presented = exchange.getRequestHeaders().getFirst("Authorization");
        if (guarded.authorization().equals(presented)) {
          answer(exchange, guarded.behind());
        } else {
          exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"source\"");
          respond(exchange, 401, -1);
        }
      }
    }
  }

  /** Until the other side closes, which a write tells. */
  private void endless(HttpExchange exchange) throws IOException, InterruptedException {
    respond(exchange, 200, 0);
    var block = new byte[BLOCK];
    while (closed.getCount() > 0) {
      throttle.take(block.length);
      exchange.getResponseBody().write(block);
    }
  }

  private void content(HttpExchange exchange, Path file) throws IOException, InterruptedException {
    long length = Files.size(file);
    var tag = "\"" + length + "-" + Files.getLastModifiedTime(file).toMillis() + "\"";
    var headers = exchange.getResponseHeaders();
    headers.set("Accept-Ranges", "bytes");
    headers.set("ETag", tag);
    var asked = exchange.getRequestHeaders();
    var condition = asked.getFirst("If-Range");
    var range =
        condition == null || condition.equals(tag)
            ? ByteRange.parse(asked.getFirst("Range"), length)
            : Optional.<ByteRange>empty();
    if (range.isPresent() && !range.get().satisfiable()) {
      headers.set("Content-Range", "bytes */" + length);
      respond(exchange, 416, -1);
      return;
    }
    range.ifPresent(part -> headers.set("Content-Range", part.contentRange(length)));
    var part = range.orElse(new ByteRange(0, length - 1));
    if (exchange.getRequestMethod().equals("HEAD")) {
      headers.set("Content-Length", Long.toString(part.length()));
      respond(exchange, range.isPresent() ? 206 : 200, -1);
    } else {
      respond(exchange, range.isPresent() ? 206 : 200, part.length() == 0 ? -1 : part.length());
      send(exchange, file, part.first(), part.length());
    }
  }

  private void send(HttpExchange exchange, Path file, long from, long count)
      throws IOException, InterruptedException {
    var path = exchange.getRequestURI().getPath();
    var block = new byte[BLOCK];
    try (var in = Files.newInputStream(file)) {
      in.skipNBytes(from);
      journal.begins(path, from);
      for (long left = count; left > 0; ) {
        int read = in.read(block, 0, (int) Math.min(left, BLOCK));
        if (read < 0) {
          throw new IOException(file + " became shorter while it was sent");
        }
        throttle.take(read);
        exchange.getResponseBody().write(block, 0, read);
        journal.sent(path, read);
        left -= read;
      }
    }
  }

  private void respond(HttpExchange exchange, int status, long length) throws IOException {
    var headers = new TreeMap<String, List<String>>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
    journal.received(
        new Received(
            Instant.now(),
            exchange.getRequestMethod(),
            exchange.getRequestURI().getPath(),
            headers,
            status));
    exchange.sendResponseHeaders(status, length);
  }

  /**
   * {@code SourceServer ADDRESS:PORT FOLDER [BYTES-PER-SECOND]}: serves the folder's files, and
   * whatever is PUT there, until it is ended. Prints when it begins to send what.
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length < 2) {
      System.err.println("usage: SourceServer ADDRESS:PORT FOLDER [BYTES-PER-SECOND]");
      System.exit(2);
    }
    int colon = arguments[0].lastIndexOf(':');
    var address =
        new InetSocketAddress(
            arguments[0].substring(0, colon), Integer.parseInt(arguments[0].substring(colon + 1)));
    var folder = Path.of(arguments[1]);
    var server = new SourceServer(address, folder, new Journal(System.out));
    server.rate(arguments.length > 2 ? Long.parseLong(arguments[2]) : 0);
    try (var files = Files.list(folder)) {
      files
          .filter(Files::isRegularFile)
          .forEach(file -> server.on("/" + file.getFileName(), new Answer.Content(file)));
    }
    System.out.println(Instant.now() + " serving " + folder + " at " + server.uri("/"));
    server.closed.await();
  }
}
