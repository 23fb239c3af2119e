package dev.corvid.seeder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;

/** Answers every connection with the same bytes, and closes it. */
final class RawServer implements AutoCloseable {
  private final ServerSocket server;
  private final byte[] answer;

  RawServer(String answer) {
    this.answer = answer.getBytes(StandardCharsets.ISO_8859_1);
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
        socket.getInputStream().read(new byte[4096]);
        socket.getOutputStream().write(answer);
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
