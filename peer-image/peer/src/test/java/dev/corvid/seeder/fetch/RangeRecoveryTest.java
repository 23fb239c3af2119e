package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.corvid.seeder.unpack.Archives;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a mirror, a stall or the death of the seeder costs a transfer over four connections. */
@Tag("slow")
@Timeout(60)
class RangeRecoveryTest {
  private static final int RANGE = 1 << 15;
  private static final int WINDOW = 1 << 19;
  private static final byte[] CONTENT = Archives.noise(2_000_000);
  private static final byte[] OTHER = new byte[CONTENT.length];
  private static final String DIGEST = ResponsesTest.digestOf(CONTENT);
  private static final String PATH = "/x.bin";
  private static final String MIRROR = "/mirror.bin";

  private final SourceServer server = new SourceServer();
  private final Map<String, CountDownLatch> begun = new ConcurrentHashMap<>();
  private final CountDownLatch late = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);
  private int pause = Integer.MAX_VALUE; // where long answers stop until it is late
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  @TempDir Path directory;
  private Path scratch;

  private record Asked(String path, int from, int end) {
    boolean contains(int at) {
      return from <= at && at < end;
    }
  }

  private interface Answer {
    void send(HttpExchange exchange, Asked range) throws IOException;
  }

  @BeforeEach
  void createScratch() throws IOException {
    scratch = Files.createDirectory(directory.resolve("scratch"));
  }

  @AfterEach
  void close() {
    begun.values().forEach(CountDownLatch::countDown);
    late.countDown();
    over.countDown();
    server.close();
  }

  /** The answer with the whole stops until each URL was asked for a range: others take over. */
  private void serve(String path, byte[] content, Answer ranges) {
    begun.put(path, new CountDownLatch(1));
    server.answer(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
          exchange.getResponseHeaders().set("ETag", "\"one\"");
          if (ResponsesTest.isRanged(exchange)) {
            var last = exchange.getRequestHeaders().getFirst("Range").replaceAll(".*-", "");
            int end = last.isEmpty() ? content.length : Integer.parseInt(last) + 1;
            var range =
                new Asked(path, ResponsesTest.from(exchange), Math.min(end, content.length));
            asked.add(range);
            ranges.send(exchange, range);
            begun.get(path).countDown();
            return;
          }
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content, 0, 1000);
          exchange.getResponseBody().flush();
          for (var latch : begun.values()) {
            await(latch);
          }
          write(exchange, content, 1000, content.length);
        });
  }

  private void write(HttpExchange exchange, byte[] content, int from, int end) throws IOException {
    int until = end - from <= RANGE ? end : Math.clamp(pause, from, end);
    exchange.getResponseBody().write(content, from, until - from);
    exchange.getResponseBody().flush();
    if (until < end) {
      await(late);
      exchange.getResponseBody().write(content, until, end - until);
    }
  }

  private Answer of(byte[] content) {
    return (exchange, range) -> part(exchange, content, range, range.end() - range.from());
  }

  private void part(HttpExchange exchange, byte[] content, Asked range, int sent)
      throws IOException {
    exchange
        .getResponseHeaders()
        .set("Content-Range", ResponsesTest.range(range.from(), range.end(), content.length));
    exchange.sendResponseHeaders(206, range.end() - range.from());
    write(exchange, content, range.from(), range.from() + sent);
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private FetchFixture fixture(Duration patience, String... paths) {
    var urls = Stream.of(paths).map(server::url).toArray(String[]::new);
    var fixture = new FetchFixture(scratch, urls);
    fixture.ranges = new RangeSettings(1 << 16, RANGE, WINDOW, 4, 4, patience, System::nanoTime);
    return fixture;
  }

  private List<Asked> askedOf(String path) {
    return asked.stream().filter(range -> range.path().equals(path)).toList();
  }

  /** It neither brings a byte nor breaks off; others have all that has room behind it. */
  @Test
  void aFirstConnectionThatFallsSilentIsLeft() throws Exception {
    serve(PATH, CONTENT, of(CONTENT));
    begun.put("what never begins", new CountDownLatch(1));
    var fixture = fixture(Duration.ofSeconds(5), PATH);

    assertThat(fixture.fetch().sourceDigest()).isEqualTo(DIGEST);

    assertThat(scratch.resolve("tree/x.bin")).hasBinaryContent(CONTENT);
    assertThat(fixture.pauses).as("what breaks off is resumed after a pause").isEmpty();
    assertThat(asked).allMatch(range -> range.end() - range.from() <= RANGE);
  }

  /** Nothing is left for the others: the window would have room. */
  @Test
  void aFirstConnectionThatFallsSilentNearTheEndIsLeft() throws Exception {
    byte[] content = Arrays.copyOf(CONTENT, WINDOW / 2);
    serve(PATH, content, of(content));
    begun.put("what never begins", new CountDownLatch(1));
    var fixture = fixture(Duration.ofSeconds(5), PATH);

    assertThat(fixture.fetch().sourceDigest()).isEqualTo(ResponsesTest.digestOf(content));

    assertThat(fixture.pauses).as("what breaks off is resumed after a pause").isEmpty();
  }

  /** Its two connections end, one by one; what they did not bring comes from elsewhere. */
  @ParameterizedTest
  @ValueSource(strings = {"breaks off", "is refused", "has another length", "is another range"})
  void aMirrorThatFailsIsDroppedAndOthersBringItsRanges(String how) throws Exception {
    serve(PATH, CONTENT, of(CONTENT));
    serve(
        MIRROR,
        CONTENT,
        (exchange, range) -> {
          switch (how) {
            case "breaks off" -> part(exchange, CONTENT, range, 100);
            case "is refused" -> exchange.sendResponseHeaders(503, -1);
            case "has another length" -> {
              exchange
                  .getResponseHeaders()
                  .set("Content-Range", ResponsesTest.range(range.from(), range.end(), 1 << 30));
              exchange.sendResponseHeaders(206, range.end() - range.from());
              exchange.getResponseBody().write(OTHER, range.from(), range.end() - range.from());
            }
            default ->
                part(
                    exchange,
                    OTHER,
                    new Asked(MIRROR, range.from() + 1, range.end()),
                    range.end() - range.from() - 1);
          }
        });
    var fixture = fixture(Duration.ofSeconds(20), PATH, MIRROR);
    fixture.digest = DIGEST;

    assertThat(fixture.fetch().sourceDigest()).isEqualTo(DIGEST);

    assertThat(scratch.resolve("tree/x.bin")).hasBinaryContent(CONTENT);
    assertThat(askedOf(MIRROR))
        .as("three each, and one whose rest the first connection reads itself")
        .isNotEmpty()
        .hasSizeLessThanOrEqualTo(how.equals("breaks off") ? 8 : 2);
    assertThat(askedOf(PATH)).hasSizeGreaterThan(10);
    assertThat(server.ranges()).filteredOn(range -> range.equals("null")).hasSize(1);
  }

  /** Nothing else can be asked for then: all that fits is here, and nothing of it may be lost. */
  @Test
  void whatStallsIsAskedForAgainWhenNothingElseHasRoom() throws Exception {
    serve(
        PATH,
        CONTENT,
        (exchange, range) -> {
          if (range.contains(CONTENT.length / 2)
              && asked.stream().filter(range::equals).count() == 1) {
            await(over);
          } else {
            of(CONTENT).send(exchange, range);
          }
        });

    assertThat(fixture(Duration.ofSeconds(5), PATH).fetch().sourceDigest()).isEqualTo(DIGEST);

    var halves = asked.stream().filter(range -> range.contains(CONTENT.length / 2)).toList();
    assertThat(halves).hasSize(2);
    int stalled = asked.indexOf(halves.getFirst());
    int again = asked.lastIndexOf(halves.getLast());
    int front = asked.subList(0, again).stream().mapToInt(Asked::end).max().orElseThrow();
    assertThat(front)
        .as("the window is full before it is asked for again")
        .isBetween(halves.getFirst().from() + WINDOW - RANGE, halves.getFirst().from() + WINDOW);
    assertThat(again).isGreaterThan(stalled);
    assertThat(asked.stream().mapToInt(range -> range.end() - range.from()).sum())
        .as("nothing else is asked for twice")
        .isLessThanOrEqualTo(CONTENT.length + RANGE);
  }

  /** The ring beside the unpacked files has no owner then, so the transfer begins again. */
  @Test
  void aSeederThatIsKilledBesideItsRingBeginsAgain() throws Exception {
    byte[] archive = Archives.noisyTar(CONTENT.length);
    pause = archive.length / 8 * 7;
    serve(
        "/x.tar",
        archive,
        (exchange, range) -> {
          if (range.end() == archive.length && range.from() > archive.length - RANGE) {
            late.countDown();
            await(over);
          }
          of(archive).send(exchange, range);
        });
    var killed = directory.resolve("killed");
    var fixture = fixture(Duration.ofSeconds(20), "/x.tar");
    fixture.scratchBytes = CONTENT.length / 4 * 7; // for the ring beside the file, not for all
    var fetched =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return fixture.fetch().sourceDigest();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    late.await();
    assertThat(scratch.resolve("fetched")).doesNotExist();
    assertThat(ResumingInputStreamTest.open())
        .anyMatch(file -> file.startsWith(scratch.resolve("ahead").toString()));
    copy(scratch, killed);
    over.countDown();
    assertThat(fetched.join()).isEqualTo(ResponsesTest.digestOf(archive));
    server.requests().clear();

    var restarted = new FetchFixture(killed, server.url("/x.tar"));
    restarted.scratchBytes = fixture.scratchBytes;

    assertThat(restarted.fetch().sourceDigest()).isEqualTo(ResponsesTest.digestOf(archive));
    assertThat(server.ranges()).containsExactly("null");
    try (var left = Files.list(killed)) {
      assertThat(left.map(file -> file.getFileName().toString())).doesNotContain("ahead");
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }
}
