package dev.corvid.bittorrent.announce;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.corvid.bittorrent.PeerId;
import dev.corvid.bittorrent.metainfo.InfoHash;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a tracker that writes down what it is told and asks to be told every second. */
class AnnouncerTest {
  private static final InetAddress LOCAL = InetAddress.getLoopbackAddress();
  private static final InetSocketAddress OTHER = new InetSocketAddress("10.0.0.1", 5);

  private final BlockingQueue<AnnounceRequest> announced = new LinkedBlockingQueue<>();
  private final BlockingQueue<List<InetSocketAddress>> found = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> troubles = new LinkedBlockingQueue<>();
  private final TrackerClient client = new TrackerClient(HttpClient::newBuilder, LOCAL);
  private volatile Duration interval = Duration.ofMinutes(5);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(LOCAL, 0), 0);
    server.createContext("/announce", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  @Test
  void tellsOfItsStartItsCompletionAndItsEnd() throws Exception {
    try (var announcer = announcer(List.of(List.of(url())))) {
      announcer.start();
      assertThat(next().event()).isEqualTo(AnnounceEvent.STARTED);
      assertThat(found.poll(60, SECONDS)).containsExactly(OTHER);

      announcer.completed();
      assertThat(next().event()).isEqualTo(AnnounceEvent.COMPLETED);
    }
    assertThat(next().event()).isEqualTo(AnnounceEvent.STOPPED);
  }

  @Test
  void announcesAgainAfterTheIntervalThatTheTrackerAsksFor() throws Exception {
    interval = Duration.ofSeconds(1);
    try (var announcer = announcer(List.of(List.of(url())))) {
      announcer.start();
      next();
      assertThat(next().event()).isEqualTo(AnnounceEvent.NONE);
    }
  }

  @Test
  void asksEarlierWhenNeighboursAreNeeded() throws Exception {
    try (var announcer = announcer(List.of(List.of(url())))) {
      announcer.start();
      next();
      found.poll(60, SECONDS);
      announcer.needNeighbours();
      assertThat(next().event()).isEqualTo(AnnounceEvent.NONE);
    }
  }

  @Test
  void goesOnToTheNextTierWhenTheFirstIsDown() throws Exception {
    try (var announcer = announcer(List.of(List.of("http://127.0.0.1:1/"), List.of(url())))) {
      announcer.start();
      assertThat(next().event()).isEqualTo(AnnounceEvent.STARTED);
    }
  }

  @Test
  void saysWhichTrackerIsDownAndTriesAgain() throws Exception {
    try (var announcer = announcer(List.of(List.of("http://127.0.0.1:1/announce")))) {
      announcer.start();
      var trouble = "tracker http://127.0.0.1:1/announce: it does not accept connections";
      assertThat(troubles.poll(60, SECONDS)).isEqualTo(trouble);
      assertThat(troubles.poll(60, SECONDS)).isEqualTo(trouble);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      announced.add(AnnounceRequest.parse(exchange.getRequestURI().getRawQuery()));
      var answer = new AnnounceResponse(interval, Duration.ZERO, 0, 0, List.of(OTHER)).encode(true);
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private Announcer announcer(List<List<String>> trackers) {
    return new Announcer(
        client,
        trackers,
        new Announcer.Identity(InfoHash.of(new byte[20]), PeerId.random(new Random(1)), 6881),
        () -> new Announcer.Progress(1, 2, 3),
        new Announcer.Listener() {
          @Override
          public void found(List<InetSocketAddress> peers) {
            found.add(peers);
          }

          @Override
          public void failed(String trouble, Duration nextTry) {
            troubles.add(trouble);
          }
        },
        new Random(1));
  }

  private AnnounceRequest next() throws InterruptedException {
    var request = announced.poll(60, SECONDS);
    assertThat(request).isNotNull();
    return request;
  }

  private String url() {
    return "http://%s:%d/announce".formatted(LOCAL.getHostAddress(), server.getAddress().getPort());
  }
}
