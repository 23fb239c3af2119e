package dev.corvid.operator.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.corvid.operator.tracker.FleetCache.Contact;
import dev.corvid.time.Uptime;
import dev.corvid.wire.Deflate;
import dev.corvid.wire.Wire;
import dev.corvid.wire.operator.Fleet;
import dev.corvid.wire.operator.FleetPoll;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tracker whose answers are too large, or in several parts. */
class TrackerSyncTest {
  private static final int BEARABLE = 1 << 20;

  @TempDir Path directory;
  private final List<FleetPoll> polls = new CopyOnWriteArrayList<>();
  private final List<Set<String>> changed = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final FleetCache fleetCache = new FleetCache(Uptime::now);
  private HttpServer server;

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/fleet", this::fleet);
    server.start();
  }

  @AfterEach
  void close() {
    closed.countDown();
    server.stop(0);
  }

  @Test
  void asksForSmallerPartsUntilItCanReadThemAndWaitsForTheLast() throws Exception {
    var base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    var token = Files.writeString(directory.resolve("token"), "t");
    try (var link =
        new TrackerSync(
            new TrackerApiClient(base, token),
            fleetCache,
            new TrackerOutbox(),
            changed::add,
            () -> {},
            Uptime::now,
            new Random(1))) {
      link.start(Set.of());

      await().atMost(Duration.ofSeconds(60)).until(() -> polls.size() == 5);

      assertThat(polls.subList(0, 4))
          .containsExactly(
              new FleetPoll(null, 0, 4 * BEARABLE),
              new FleetPoll(null, 0, 2 * BEARABLE),
              new FleetPoll(null, 0, BEARABLE),
              new FleetPoll("i", 1, 2 * BEARABLE));
      assertThat(fleetCache.contact("a")).isEqualTo(Contact.REPORTING);
      assertThat(changed).containsExactly(Set.of(), Set.of("r1", "r2"));
    }
  }

  @Test
  void pushesOnWhenWhatItTellsEndsInADefect() throws Exception {
    var pushes = new AtomicInteger();
    server.createContext(
        "/v1/push",
        exchange -> {
          pushes.incrementAndGet();
          exchange.sendResponseHeaders(500, -1);
          exchange.close();
        });
    var base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    var token = Files.writeString(directory.resolve("token"), "t");
    try (var link =
        new TrackerSync(
            new TrackerApiClient(base, token),
            fleetCache,
            new TrackerOutbox(),
            changed::add,
            () -> {
              throw new IllegalStateException("a listener's defect");
            },
            Uptime::now,
            new Random(1))) {
      link.start(Set.of());

      await().atMost(Duration.ofSeconds(60)).until(() -> pushes.get() >= 3);
    }
  }

  private void fleet(HttpExchange exchange) throws IOException {
    try (exchange) {
      var poll = Wire.decode(exchange.getRequestBody().readAllBytes(), FleetPoll.class);
      polls.add(poll);
      if (poll.instance() == null && poll.bytes() > BEARABLE) {
        exchange.getResponseHeaders().set("Content-Encoding", Deflate.NAME);
        answer(exchange, Deflate.compress(new byte[TrackerApiClient.MAX_ANSWER + 1]));
      } else if (poll.instance() == null) {
        var node = new Fleet.Node("a", false);
        answer(exchange, Wire.encode(new Fleet("i", 1, true, true, List.of(node), heard("r1"))));
      } else if (poll.sequence() == 1) {
        answer(exchange, Wire.encode(new Fleet("i", 2, false, false, List.of(), heard("r2"))));
      } else {
        closed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<Fleet.Release> heard(String uid) {
    return List.of(new Fleet.Release(uid, null, List.of()));
  }

  private static void answer(HttpExchange exchange, byte[] body) throws IOException {
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
  }
}
