package dev.corvid.seeder.fetch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** Answers every connection with bytes of a test's choice, and closes it. */
final class RawServer implements AutoCloseable {
  private final ServerSocket server;
  private final UnaryOperator<String> answers;

  RawServer(String answer) {
    this(request -> answer);
  }

  /**
   * @param answers by the request; both in Latin-1
   */
  RawServer(UnaryOperator<String> answers) {
    this.answers = answers;
    try {
      server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::run);
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getLocalPort() + path;
  }

  private void run() {
    while (!server.isClosed()) {
      try (var socket = server.accept()) {
        var request = new byte[4096];
        int length = Math.max(0, socket.getInputStream().read(request));
        var answer = answers.apply(new String(request, 0, length, StandardCharsets.ISO_8859_1));
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
        socket.shutdownOutput();
      } catch (IOException e) {
        // The client left, or the server closed.
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
