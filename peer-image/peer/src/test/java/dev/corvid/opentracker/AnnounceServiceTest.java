package dev.corvid.opentracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.bittorrent.PeerId;
import dev.corvid.bittorrent.announce.AnnounceEvent;
import dev.corvid.bittorrent.announce.AnnounceRequest;
import dev.corvid.bittorrent.announce.Scrape;
import dev.corvid.bittorrent.announce.TrackerClient;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.time.Uptime;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Client and tracker with a real connection between them. */
class AnnounceServiceTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final InetAddress LOCAL = InetAddress.getLoopbackAddress();

  private final WebServer server =
      WebServer.builder()
          .address(LOCAL)
          .port(0)
          .routing(
              routing ->
                  routing
                      .register(
                          new AnnounceService(
                              new SwarmRegistry(
                                  SwarmRegistry.Limits.defaults(), Uptime::now, new Random(1))))
                      .get("/endless", (request, response) -> response.send(new byte[2 << 20])))
          .build()
          .start();
  private final TrackerClient client = new TrackerClient(HttpClient::newBuilder, LOCAL);

  @AfterEach
  void stop() {
    client.close();
    server.stop();
  }

  @Test
  void introducesTwoPeers() throws Exception {
    client.announce(url("/announce"), request(1, 10), TIMEOUT);
    var response = client.announce(url("/announce"), request(2, 0), TIMEOUT);

    assertThat(response.peers()).containsExactly(new InetSocketAddress(LOCAL, 1));
    assertThat(response.seeds()).isEqualTo(1);
    assertThat(response.leechers()).isEqualTo(1);
  }

  @Test
  void givesUpOnAnAnswerThatStopsHalfWay() throws Exception {
    try (var half = new ServerSocket(0, 5, LOCAL)) {
      Thread.ofVirtual().start(() -> answerHalf(half));
      var url = URI.create("http://127.0.0.1:%d/announce".formatted(half.getLocalPort()));
      assertThatThrownBy(() -> client.announce(url, request(1, 10), Duration.ofMillis(300)))
          .isInstanceOf(IOException.class)
          .hasMessage("no answer in time");
    }
  }

  private static void answerHalf(ServerSocket server) {
    try (var socket = server.accept()) {
      var half = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nd8:interv";
      socket.getOutputStream().write(half.getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // The client gave up.
    }
  }

  @Test
  void seesTheAddressThatAPeerSendsFrom() throws Exception {
    var other = InetAddress.ofLiteral("127.0.0.2");
    try (var elsewhere = new TrackerClient(HttpClient::newBuilder, other)) {
      elsewhere.announce(url("/announce"), request(1, 10), TIMEOUT);
    }

    assertThat(client.announce(url("/announce"), request(2, 10), TIMEOUT).peers())
        .containsExactly(new InetSocketAddress(other, 1));
  }

  @Test
  void countsForAScrape() throws Exception {
    var request = request(1, 0);
    client.announce(url("/announce"), request, TIMEOUT);

    assertThat(client.scrape(url("/announce?passkey=x"), request.infoHash(), TIMEOUT))
        .containsEntry(request.infoHash(), new Scrape.Counts(1, 0, 0));
    assertThat(client.scrape(url("/announce"), hash((byte) 9), TIMEOUT)).isEmpty();
  }

  @Test
  void refusesInTheWordsOfATracker() throws Exception {
    assertThatThrownBy(() -> client.scrape(url("/nothing"), hash((byte) 1), TIMEOUT))
        .hasMessageContaining("has no URL for scrape");
    assertThatThrownBy(() -> client.announce(url("/nothing"), request(1, 1), TIMEOUT))
        .hasMessage("it answered with status 404");
    assertThatThrownBy(
            () -> client.announce(URI.create("udp://host:1/announce"), request(1, 1), TIMEOUT))
        .hasMessageContaining("only http and https");
  }

  @Test
  void readsNoMoreThanAMebibyte() {
    assertThatThrownBy(() -> client.announce(url("/endless"), request(1, 1), TIMEOUT))
        .isInstanceOf(IOException.class);
  }

  private URI url(String path) {
    return URI.create("http://%s:%d%s".formatted(LOCAL.getHostAddress(), server.port(), path));
  }

  private static AnnounceRequest request(int port, long left) {
    return new AnnounceRequest(
        hash((byte) 0x80),
        PeerId.random(new Random(port)),
        port,
        0,
        0,
        left,
        AnnounceEvent.STARTED,
        50,
        true);
  }

  private static InfoHash hash(byte first) {
    var bytes = new byte[20];
    new Random(first).nextBytes(bytes);
    return InfoHash.of(bytes);
  }
}
