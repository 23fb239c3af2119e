package dev.corvid.seeder.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP proxy on loopback that connects to one local port, whatever it is asked for. */
final class ForwardProxy implements AutoCloseable {
  private static final String PROOF = "Proxy-Authorization:";

  private final ServerSocket server;
  private final int target;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> proofs = new CopyOnWriteArrayList<>();

  ForwardProxy(int target) {
    this.target = target;
    try {
      server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::run);
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** Method and request target of each request. */
  List<String> asked() {
    return asked;
  }

  /** {@code Proxy-Authorization} of each request that had one. */
  List<String> proofs() {
    return proofs;
  }

  private void run() {
    while (!server.isClosed()) {
      try {
        var client = server.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        var origin = new Socket(InetAddress.ofLiteral("127.0.0.1"), target)) {
      var head = head(client.getInputStream());
      var line = head.lines().findFirst().orElse("");
      asked.add(line.substring(0, Math.max(0, line.lastIndexOf(' '))));
      head.lines()
          .filter(each -> each.regionMatches(true, 0, PROOF, 0, PROOF.length()))
          .forEach(each -> proofs.add(each.substring(PROOF.length()).strip()));
      if (line.startsWith("CONNECT ")) {
        client.getOutputStream().write(bytes("HTTP/1.1 200 Connected\r\n\r\n"));
      } else {
        origin.getOutputStream().write(bytes(head));
      }
      var back =
          Thread.ofVirtual().start(() -> copy(origin, client)); // ends when either side closes
      copy(client, origin);
      back.join();
    } catch (IOException e) {
      // One of them left.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    int next;
    while (head.indexOf("\r\n\r\n") < 0 && (next = in.read()) >= 0) {
      head.append((char) next);
    }
    return head.toString();
  }

  private static void copy(Socket from, Socket to) {
    try {
      OutputStream out = to.getOutputStream();
      from.getInputStream().transferTo(out);
      to.shutdownOutput();
    } catch (IOException e) {
      // One of them left.
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
