package dev.corvid.seeder;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An HTTP source whose answers are written byte by byte, down to what is wrong with them. The first
 * component of the path names the behavior; each connection has one request.
 */
final class OddServer implements AutoCloseable {
  private static final int MAX_HEAD = 1 << 16;

  private final ServerSocket server;
  private final Map<String, Behavior> behaviors = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> times = new ConcurrentHashMap<>();
  private final Map<String, List<Request>> requests = new ConcurrentHashMap<>();

  /** How one path answers. */
  @FunctionalInterface
  interface Behavior {
    void answer(Exchange exchange) throws IOException, InterruptedException;
  }

  /** What was asked, and when. */
  record Request(Instant at, String target, String head) {
    String header(String name) {
      var line = Pattern.compile("(?im)^" + Pattern.quote(name) + ": *(.*?)\\r?$").matcher(head);
      return line.find() ? line.group(1) : null;
    }
  }

  OddServer() {
    try {
      server = new ServerSocket(0, 200, InetAddress.ofLiteral("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::run);
  }

  void serve(String name, Behavior behavior) {
    behaviors.put(name, behavior);
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getLocalPort() + "/" + path;
  }

  List<Request> requests(String name) {
    return requests.computeIfAbsent(name, unused -> new CopyOnWriteArrayList<>());
  }

  private void run() {
    while (!server.isClosed()) {
      try {
        var socket = server.accept();
        Thread.ofVirtual().start(() -> answer(socket));
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void answer(Socket socket) {
    try (socket) {
      var head = head(socket.getInputStream());
      var words = head.split(" ", 3);
      if (words.length < 3) {
        return;
      }
      var name = words[1].substring(1).replaceFirst("[/?].*", "");
      var behavior = behaviors.get(name);
      if (behavior == null) {
        return;
      }
      var request = new Request(Instant.now(), words[1], head);
      requests(name).add(request);
      int before = times.computeIfAbsent(name, unused -> new AtomicInteger()).getAndIncrement();
      behavior.answer(new Exchange(name, request, before, socket.getOutputStream()));
      socket.shutdownOutput();
    } catch (IOException e) {
      // The client left.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String head(InputStream in) throws IOException {
    var head = new ByteArrayOutputStream();
    for (int next; head.size() < MAX_HEAD && (next = in.read()) >= 0; ) {
      head.write(next);
      if (next == '\n' && head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        break;
      }
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  /**
   * One request and its answer.
   *
   * @param times how many there were before it under this name
   */
  record Exchange(String name, Request request, int times, OutputStream out) {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

    boolean ranged() {
      return range() != null;
    }

    /** The first byte that is asked for. */
    int from() {
      return ranged() ? Integer.parseInt(range().group(1)) : 0;
    }

    /** The end of what is asked for. */
    int end(int total) {
      boolean open = !ranged() || range().group(2).isEmpty();
      return open ? total : Math.min(total, Integer.parseInt(range().group(2)) + 1);
    }

    private Matcher range() {
      var text = request.header("Range");
      var matcher = text == null ? null : RANGE.matcher(text);
      return matcher != null && matcher.matches() ? matcher : null;
    }

    boolean targets(String part) {
      return request.target().contains(part);
    }

    /** A path beside this one. */
    String path(String file) {
      return "/" + name + "/" + file;
    }

    void raw(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    }

    void raw(byte[] bytes, int from, int end) throws IOException {
      out.write(bytes, from, end - from);
      out.flush();
    }

    /** Status line, headers, and a line that says that the connection ends. */
    void head(String status, String... headers) throws IOException {
      raw(
          "HTTP/1.1 "
              + status
              + "\r\n"
              + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n")
              + "Connection: close\r\n\r\n");
    }

    void status(String status, String... headers) throws IOException {
      var all = new java.util.ArrayList<>(List.of(headers));
      all.add("Content-Length: 0");
      head(status, all.toArray(String[]::new));
    }

    void whole(byte[] body, String... headers) throws IOException {
      whole(body, body.length, headers);
    }

    /** Breaks off after so many bytes. */
    void whole(byte[] body, int sent, String... headers) throws IOException {
      var all = new java.util.ArrayList<>(List.of(headers));
      all.add("Content-Length: " + body.length);
      head("200 OK", all.toArray(String[]::new));
      raw(body, 0, sent);
    }

    /** The range that is asked for. */
    void part(byte[] body, String... headers) throws IOException {
      int end = end(body.length);
      part(body, from(), end, String.valueOf(body.length), headers);
    }

    /** Any range, with any total. */
    void part(byte[] body, int from, int end, String total, String... headers) throws IOException {
      slice("206 Partial Content", body, from, end, total, headers);
    }

    void slice(String status, byte[] body, int from, int end, String total, String... headers)
        throws IOException {
      slice(status, body, from, end, total, end - from, headers);
    }

    /** Breaks off after so many bytes. */
    void slice(
        String status, byte[] body, int from, int end, String total, int sent, String... headers)
        throws IOException {
      var all = new java.util.ArrayList<>(List.of(headers));
      all.add("Content-Range: bytes %d-%d/%s".formatted(from, end - 1, total));
      all.add("Content-Length: " + (end - from));
      head(status, all.toArray(String[]::new));
      raw(body, from, from + sent);
    }

    /** Chunks of 10,000 bytes, without the last one. */
    void chunks(byte[] body) throws IOException {
      for (int at = 0; at < body.length; at += 10_000) {
        int end = Math.min(body.length, at + 10_000);
        raw("%x\r\n".formatted(end - at));
        raw(body, at, end);
        raw("\r\n");
      }
    }

    void redirect(String location, String... headers) throws IOException {
      var all = new java.util.ArrayList<>(List.of(headers));
      all.add("Location: " + location);
      status("302 Found", all.toArray(String[]::new));
    }

    /** A server that is slow on purpose. */
    void pause(Duration duration) throws InterruptedException {
      Thread.sleep(duration);
    }
  }
}
