package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import dev.corvid.seeder.error.RetryAfterException;
import dev.corvid.seeder.scratch.ScratchBudget;
import dev.corvid.seeder.source.OriginRateLimiter;
import dev.corvid.seeder.unpack.Archives;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A source that is read over four connections. The answer with the whole stops until ranges were
 * asked for, so that no test depends on who is faster.
 */
@Tag("slow")
@Timeout(60)
class RangesTest {
  private static final int SIZE = 2_000_000;
  private static final int RANGE = 1 << 15;
  private static final byte[] OLD = Archives.noise(SIZE);
  private static final byte[] NEW = reversed(OLD);
  private static final String ONE = "\"one\"";
  private static final String PATH = "/x.bin";
  private static final RangeSettings FOUR =
      new RangeSettings(1 << 16, RANGE, 1 << 19, 4, 4, Duration.ofSeconds(20), System::nanoTime);

  private final SourceServer server = new SourceServer();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch open = new CountDownLatch(1);
  private final AtomicInteger ranged = new AtomicInteger();
  private final Map<String, String> conditions = new ConcurrentHashMap<>();
  @TempDir Path scratch;

  @AfterEach
  void close() {
    asked.countDown();
    open.countDown();
    server.close();
  }

  /** How a range is answered, by how many were asked for before it. */
  private interface Ranged {
    void answer(HttpExchange exchange, int before) throws IOException;
  }

  /** By the book. */
  private void serve(String path, byte[] content) {
    serve(path, content, ONE, (exchange, before) -> ResponsesTest.part(exchange, content, ONE));
  }

  /** The whole, once a range was asked for and what there is to say of it was said. */
  private void serve(String path, byte[] content, String tag, Ranged ranges) {
    server.answer(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
          if (ResponsesTest.isRanged(exchange)) {
            var headers = exchange.getRequestHeaders();
            conditions.put(headers.getFirst("Range"), String.valueOf(headers.getFirst("If-Range")));
            try {
              ranges.answer(exchange, ranged.getAndIncrement());
            } finally {
              asked.countDown();
            }
            return;
          }
          whole(exchange, content, tag);
        });
  }

  private void whole(HttpExchange exchange, byte[] content, String tag) throws IOException {
    if (tag != null) {
      exchange.getResponseHeaders().set("ETag", tag);
    }
    exchange.sendResponseHeaders(200, content.length);
    exchange.getResponseBody().write(content, 0, 1000);
    exchange.getResponseBody().flush();
    uninterruptibly(asked);
    exchange.getResponseBody().write(content, 1000, content.length - 1000);
  }

  private static void uninterruptibly(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private FetchFixture fixture(String... urls) {
    var fixture = new FetchFixture(scratch, urls.length == 0 ? one() : urls);
    fixture.ranges = FOUR;
    return fixture;
  }

  private String[] one() {
    return new String[] {server.url(PATH)};
  }

  private void requireOld(FetchedTree fetched) {
    assertThat(fetched.sourceDigest()).isEqualTo(ResponsesTest.digestOf(OLD));
    assertThat(scratch.resolve("tree/x.bin")).hasBinaryContent(OLD);
  }

  @Test
  void rangesOfOneVersionAreAskedForAtOnce() throws Exception {
    var three = new CountDownLatch(3);
    serve(
        PATH,
        OLD,
        ONE,
        (exchange, before) -> {
          three.countDown();
          uninterruptibly(three); // else it would never end
          ResponsesTest.part(exchange, OLD, ONE);
        });
    var fixture = fixture();

    requireOld(fixture.fetch());

    assertThat(conditions.values()).containsOnly(ONE);
    assertThat(server.ranges().getFirst()).isEqualTo("null");
    assertThat(server.ranges().stream().skip(1)).allMatch(it -> it.matches("bytes=\\d+-\\d+"));
    assertThat(fixture.progress.bytes()).isEqualTo(SIZE);
    assertThat(scratch.resolve("fetched")).hasSize(SIZE);
  }

  @Test
  void anArchiveIsUnpackedInOrder() throws Exception {
    byte[] archive = Archives.gzip(Archives.noisyTar(SIZE));
    serve("/x.tar.gz", archive);

    var fetched = fixture(server.url("/x.tar.gz")).fetch();

    assertThat(fetched.sourceDigest()).isEqualTo(ResponsesTest.digestOf(archive));
    assertThat(ranged.get()).isGreaterThan(10);
  }

  /** Then the ranges go to a ring beside what is unpacked. */
  @Test
  void rangesOutlastTheKeptBytesWhenScratchIsTight() throws Exception {
    byte[] archive = Archives.noisyTar(SIZE);
    serve("/x.tar", archive);
    var fixture = fixture(server.url("/x.tar"));
    fixture.scratchBytes = SIZE + SIZE / 2;

    var fetched = fixture.fetch();

    assertThat(fetched.sourceDigest()).isEqualTo(ResponsesTest.digestOf(archive));
    assertThat(scratch.resolve("fetched")).doesNotExist();
    assertThat(scratch.resolve("ahead")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"W/\"one\"", ""})
  void withoutAStrongValidatorThereIsOneConnection(String tag) throws Exception {
    asked.countDown();
    serve(
        PATH,
        OLD,
        tag.isEmpty() ? null : tag,
        (exchange, before) -> ResponsesTest.part(exchange, NEW, tag));

    requireOld(fixture().fetch());

    assertThat(server.ranges()).containsExactly("null");
  }

  @Test
  void withoutAnOfferOfRangesThereIsOneConnection() throws Exception {
    server.serve(PATH, OLD); // which has a strong ETag

    requireOld(fixture().fetch());

    assertThat(server.ranges()).containsExactly("null");
  }

  @Test
  void aPinnedDigestStandsInForValidatorAndOffer() throws Exception {
    server.answer(
        PATH,
        exchange -> {
          if (ResponsesTest.isRanged(exchange)) {
            ResponsesTest.part(exchange, OLD, null);
            asked.countDown();
          } else {
            whole(exchange, OLD, null);
          }
        });
    var fixture = fixture();
    fixture.digest = ResponsesTest.digestOf(OLD);

    requireOld(fixture.fetch());

    assertThat(server.requests()).hasSizeGreaterThan(10);
  }

  @Test
  void aSmallSourceIsReadOverOneConnection() throws Exception {
    asked.countDown();
    serve(PATH, OLD);
    var fixture = fixture();
    fixture.ranges = RangeSettings.DEFAULT;

    requireOld(fixture.fetch());

    assertThat(server.ranges()).containsExactly("null");
  }

  /** The first connection continues as if no other had been tried, and no other is tried again. */
  @ParameterizedTest
  @ValueSource(ints = {200, 403, 404, 416, 429, 500, 503})
  void whereFurtherConnectionsAreRefusedTheFirstContinues(int status) throws Exception {
    serve(
        PATH,
        OLD,
        ONE,
        (exchange, before) -> {
          if (status == 200) {
            ResponsesTest.whole(exchange, OLD, ONE, SIZE);
          } else {
            exchange.sendResponseHeaders(status, -1);
          }
        });
    var fixture = fixture();
    var fetch = fixture.reusable();

    requireOld(fetch.run(new ScratchBudget(0)));

    assertThat(fixture.progress.bytes()).isEqualTo(SIZE);
    int before = server.requests().size();
    Files.delete(scratch.resolve("fetched.json"));
    requireOld(fetch.run(new ScratchBudget(0)));
    assertThat(server.ranges().subList(before, server.requests().size()))
        .filteredOn(range -> !range.equals("null"))
        .as("once over each connection, if the first transfer ended before they were refused")
        .hasSizeLessThanOrEqualTo(3);
  }

  @Test
  void aPauseThatFurtherConnectionsAreAskedForIsKeptTo() throws Exception {
    serve(
        PATH,
        OLD,
        ONE,
        (exchange, before) -> {
          if (ResponsesTest.from(exchange) < SIZE / 2) { // once others have taken over
            ResponsesTest.part(exchange, OLD, ONE);
          } else {
            exchange.getResponseHeaders().set("Retry-After", "20");
            exchange.sendResponseHeaders(429, -1);
          }
        });
    var fetch = fixture().reusable();

    assertThatThrownBy(() -> fetch.run(new ScratchBudget(0)))
        .isInstanceOf(RetryAfterException.class)
        .hasMessageContaining("/x.bin broke off after");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"later", "earlier", "longer", "total", "short", "cut", "empty", "hang-up", "more"})
  void oddRangesEndInTheRightBytes(String kind) throws Exception {
    serve(
        PATH,
        OLD,
        ONE,
        (exchange, before) -> {
          int from = ResponsesTest.from(exchange);
          int end = ResponsesTest.end(exchange, OLD);
          if (before % 3 == 0 && before < 30) {
            ResponsesTest.part(exchange, OLD, ONE);
            return;
          }
          switch (kind) {
            case "later" -> answer(exchange, from + 1, end, SIZE, end - from - 1);
            case "earlier" -> answer(exchange, from - 1, end, SIZE, end - from + 1);
            case "longer" -> answer(exchange, from, Math.min(end + 1, SIZE), SIZE, end + 1 - from);
            case "total" -> answer(exchange, from, end, SIZE + 1, end - from);
            case "short" -> {
              int half = from + Math.max(1, (end - from) / 2);
              answer(exchange, from, half, SIZE, half - from);
            }
            case "cut" -> answer(exchange, from, end, SIZE, (end - from) / 2);
            case "more" -> more(exchange, from, end);
            case "empty" -> answer(exchange, from, end, SIZE, 0);
            default -> {} // the connection ends
          }
        });

    requireOld(fixture().fetch());
  }

  private static void answer(HttpExchange exchange, int from, int end, int total, int sent)
      throws IOException {
    exchange.getResponseHeaders().set("ETag", ONE);
    exchange.getResponseHeaders().set("Content-Range", ResponsesTest.range(from, end, total));
    exchange.sendResponseHeaders(206, end - from);
    exchange.getResponseBody().write(OLD, from, Math.min(sent, end - from));
  }

  /** In chunks, so that only its end shows it. */
  private static void more(HttpExchange exchange, int from, int end) throws IOException {
    exchange.getResponseHeaders().set("ETag", ONE);
    exchange.getResponseHeaders().set("Content-Range", ResponsesTest.range(from, end, SIZE));
    exchange.sendResponseHeaders(206, 0);
    exchange.getResponseBody().write(NEW, from, end - from);
    exchange.getResponseBody().write(NEW, 0, 2);
    exchange.getResponseBody().close();
  }

  /** The first answer is of one version, and so what comes is. */
  @Test
  void rangesOfAnotherVersionAreNotTaken() throws Exception {
    serve(PATH, OLD, ONE, (exchange, before) -> ResponsesTest.part(exchange, NEW, "\"two\""));

    requireOld(fixture().fetch());
  }

  @Test
  void aVersionThatIsReplacedBetweenRangesIsFetchedFromItsFirstByte() throws Exception {
    var replaced = new AtomicInteger();
    server.answer(
        PATH,
        exchange -> {
          exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
          boolean isNew = replaced.get() > 8;
          if (!ResponsesTest.isRanged(exchange)) {
            if (isNew) {
              ResponsesTest.whole(exchange, NEW, "\"two\"", SIZE);
            } else {
              whole(exchange, OLD, ONE);
            }
            return;
          }
          var condition = exchange.getRequestHeaders().getFirst("If-Range");
          replaced.incrementAndGet();
          asked.countDown();
          if (!isNew) {
            ResponsesTest.part(exchange, OLD, ONE);
          } else if ("\"two\"".equals(condition)) {
            ResponsesTest.part(exchange, NEW, "\"two\"");
          } else {
            ResponsesTest.whole(exchange, NEW, "\"two\"", SIZE);
          }
        });

    assertThat(fixture().fetch().sourceDigest()).isEqualTo(ResponsesTest.digestOf(NEW));
    assertThat(scratch.resolve("tree/x.bin")).hasBinaryContent(NEW);
  }

  @Test
  void mirrorsGiveRangesOfPinnedBytes() throws Exception {
    serve(PATH, OLD);
    serve("/b.bin", OLD, "\"b\"", (exchange, before) -> ResponsesTest.part(exchange, OLD, "\"b\""));
    var fixture = fixture(server.url(PATH), server.url("/b.bin"));
    fixture.digest = ResponsesTest.digestOf(OLD);

    requireOld(fixture.fetch());

    assertThat(server.requests().stream().map(SourceServer.Request::path)).contains("/b.bin");
  }

  @Test
  void aMirrorWithOtherBytesCostsTheTransferAndNotTheRelease() throws Exception {
    serve(PATH, OLD);
    serve("/b.bin", NEW, "\"b\"", (exchange, before) -> ResponsesTest.part(exchange, NEW, "\"b\""));
    var fixture = fixture(server.url(PATH), server.url("/b.bin"));
    fixture.digest = ResponsesTest.digestOf(OLD);

    requireOld(fixture.fetch());
  }

  @Test
  void aMirrorThatIsAwayCostsNothing() throws Exception {
    serve(PATH, OLD);
    var fixture = fixture(server.url(PATH), server.url("/away.bin"));
    fixture.digest = ResponsesTest.digestOf(OLD);

    requireOld(fixture.fetch());

    assertThat(fixture.progress.bytes()).isEqualTo(SIZE);
  }

  /**
   * As the kernel leaves the files when the process is killed: the first range is not there yet.
   */
  @Test
  void aKilledContainerResumesFromWhatIsContiguous() throws Exception {
    var others = new CountDownLatch(4);
    serve(
        PATH,
        OLD,
        ONE,
        (exchange, before) -> {
          if (before == 0) {
            uninterruptibly(open);
          }
          ResponsesTest.part(exchange, OLD, ONE);
          if (before > 0) {
            others.countDown();
          }
        });
    asked.countDown();
    var fixture = fixture();
    var fetched =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return fixture.fetch();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    others.await();
    var killed = Files.createDirectories(scratch.resolveSibling(scratch.getFileName() + "-killed"));
    await().until(() -> Files.size(scratch.resolve("fetched")) > 3 * RANGE);
    for (var name : List.of("fetched.json", "fetched.length", "fetched")) {
      Files.copy(scratch.resolve(name), killed.resolve(name));
    }
    open.countDown();
    requireOld(fetched.join());
    server.requests().clear();
    conditions.clear();

    var restarted = new FetchFixture(killed, server.url(PATH));
    assertThat(restarted.fetch().sourceDigest()).isEqualTo(ResponsesTest.digestOf(OLD));
    assertThat(killed.resolve("tree/x.bin")).hasBinaryContent(OLD);
    assertThat(server.ranges()).hasSize(1);
  }

  @Test
  void aConnectionThatStallsIsLeft() throws Exception {
    serve(
        PATH,
        OLD,
        ONE,
        (exchange, before) -> {
          if (before == 12) {
            uninterruptibly(open);
          }
          ResponsesTest.part(exchange, OLD, ONE);
        });
    var fixture = fixture();
    fixture.ranges =
        new RangeSettings(1 << 16, RANGE, 1 << 19, 4, 4, Duration.ofSeconds(5), System::nanoTime);

    requireOld(fixture.fetch());
    assertThat(server.ranges().stream().skip(1)).allMatch(range -> lengthOf(range) <= RANGE);
    assertThat(server.ranges().stream().skip(1).mapToInt(RangesTest::lengthOf).sum())
        .as("only the range that stalled is asked for twice")
        .isLessThanOrEqualTo(SIZE + RANGE);
  }

  private static int lengthOf(String range) {
    var ends = range.replace("bytes=", "").split("-");
    return ends.length < 2 ? SIZE : Integer.parseInt(ends[1]) - Integer.parseInt(ends[0]) + 1;
  }

  @Test
  void theFirstConnectionDoesNotWaitForAnotherThatIsNotAnswered() throws Exception {
    var three = new CountDownLatch(3);
    serve(
        PATH,
        OLD,
        ONE,
        (exchange, before) -> {
          three.countDown();
          uninterruptibly(three);
          asked.countDown();
          uninterruptibly(open);
        });
    var fixture = fixture();

    requireOld(fixture.fetch());

    assertThat(fixture.progress.bytes()).isEqualTo(SIZE);
    assertThat(server.requests()).hasSize(4);
  }

  @Test
  void theOriginsLimitHoldsForAllConnectionsTogether() throws Exception {
    serve(PATH, OLD);
    var fixture = fixture();
    fixture.rate = new OriginRateLimiter(4_000_000);

    long began = System.nanoTime();
    requireOld(fixture.fetch());

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(350));
    assertThat(ranged.get()).isGreaterThan(10);
  }

  /** What the redirect led to is asked itself, until it is over. */
  @Test
  void aLocationServesUntilItExpires() throws Exception {
    var locations = new AtomicInteger();
    try (var store = new SourceServer("127.0.0.2")) {
      server.answer(
          PATH,
          exchange -> {
            exchange
                .getResponseHeaders()
                .set("Location", store.url("/o?Signature=" + locations.incrementAndGet()));
            exchange.sendResponseHeaders(302, -1);
          });
      store.answer(
          "/o",
          exchange -> {
            exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
            int signature = Integer.parseInt(exchange.getRequestURI().getQuery().substring(10));
            if (!ResponsesTest.isRanged(exchange)) {
              whole(exchange, OLD, ONE);
              return;
            }
            boolean over = ranged.getAndIncrement() > 20 && signature == 1;
            if (over) {
              exchange.sendResponseHeaders(403, -1);
            } else {
              ResponsesTest.part(exchange, OLD, ONE);
            }
            asked.countDown();
          });

      requireOld(fixture().fetch());

      assertThat(locations.get()).isBetween(2, 5);
      assertThat(server.ranges()).doesNotContain("bytes=0-");
    }
  }

  private static byte[] reversed(byte[] bytes) {
    var reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }
}
