package dev.corvid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.bittorrent.announce.TrackerClient;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.cli.process.Arguments;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A tracker whose files are few: a listener that runs out of them would end for good. */
class TrackerFilesTest {
  private static final int FILES = 200;

  @Test
  void answersAlthoughMoreConnectThanItMayOpenFiles() throws Exception {
    List<Socket> crowd = new ArrayList<>();
    try (var tracker =
        CorvidProcess.startWithFiles(FILES, "tracker", "--json", "--listen", "127.0.0.1:0")) {
      var address = Arguments.address(tracker.await("listening").path("address").asText());
      for (var i = 0; i < 2 * FILES; i++) {
        crowd.add(connect("127.0.1." + (i % 100 + 1), address));
      }
      scrape(address);
    } finally {
      for (var each : crowd) {
        each.close();
      }
    }
  }

  /** Says half a request, so that it is waited for. */
  private static Socket connect(String from, InetSocketAddress to) throws IOException {
    var socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
    socket.connect(to, 10_000);
    socket.getOutputStream().write('G');
    return socket;
  }

  private static void scrape(InetSocketAddress tracker) throws Exception {
    var announce = URI.create("http://127.0.0.1:%d/announce".formatted(tracker.getPort()));
    try (var client = new TrackerClient(HttpClient::newBuilder, InetAddress.getLoopbackAddress())) {
      assertThat(client.scrape(announce, InfoHash.of(new byte[20]), Duration.ofSeconds(30)))
          .isEmpty();
    }
  }
}
