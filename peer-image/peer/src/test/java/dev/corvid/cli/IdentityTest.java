package dev.corvid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.corvid.cli.process.Arguments;
import dev.corvid.net.Version;
import java.io.DataInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process calls itself is the same wherever it is asked. */
class IdentityTest {
  private static final int HANDSHAKE = 68;

  @TempDir Path directory;
  private final CompletableFuture<String> announced = new CompletableFuture<>();
  private final CompletableFuture<String> agent = new CompletableFuture<>();

  @Test
  void announcesThePeerIdThatItsHandshakeSays() throws Exception {
    var tree = SampleTree.in(directory, 50_000);
    var torrent = directory.resolve("x.torrent");
    var tracker = tracker();
    var port = tracker.getAddress().getPort();
    Cli.run("make", tree, "-o", torrent, "--announce", "http://127.0.0.1:" + port + "/announce");
    try (var seeder =
        CorvidProcess.start("seed", torrent, tree, "--json", "--listen", "127.0.0.1:0")) {
      var listening = seeder.await("listening");
      var id =
          peerId(
              Arguments.address(listening.path("address").asText()),
              HexFormat.of().parseHex(listening.path("infoHash").asText()));

      assertThat(announced.get(60, TimeUnit.SECONDS)).isEqualTo(id);
      assertThat(agent.get()).isEqualTo(Version.userAgent());
    } finally {
      tracker.stop(0);
    }
  }

  /** Hears who announces, and refuses. */
  private HttpServer tracker() throws Exception {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var tracker = HttpServer.create(address, 0);
    tracker.createContext(
        "/announce",
        exchange -> {
          for (var field : exchange.getRequestURI().getRawQuery().split("&")) {
            if (field.startsWith("peer_id=")) {
              var id = field.substring(field.indexOf('=') + 1);
              announced.complete(URLDecoder.decode(id, StandardCharsets.ISO_8859_1));
            }
          }
          agent.complete(exchange.getRequestHeaders().getFirst("User-Agent"));
          exchange.sendResponseHeaders(503, -1);
          exchange.close();
        });
    tracker.start();
    return tracker;
  }

  private static String peerId(InetSocketAddress peer, byte[] infoHash) throws Exception {
    try (var socket = new Socket(peer.getAddress(), peer.getPort())) {
      var out = socket.getOutputStream();
      out.write("\23BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1));
      out.write(new byte[8]);
      out.write(infoHash);
      out.write("-XX0000-someone else".getBytes(StandardCharsets.US_ASCII));
      var theirs = new byte[HANDSHAKE];
      new DataInputStream(socket.getInputStream()).readFully(theirs);
      return new String(theirs, HANDSHAKE - 20, 20, StandardCharsets.ISO_8859_1);
    }
  }
}
