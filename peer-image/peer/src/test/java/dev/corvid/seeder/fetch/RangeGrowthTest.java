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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sources whose rate is a function of the connections that they have. The answer with the whole
 * stops until so many ranges came that the first further connection has been judged.
 */
@Tag("slow")
@Timeout(120)
class RangeGrowthTest {
  private static final int SIZE = 48 << 20;
  private static final byte[] CONTENT = Archives.noise(SIZE);
  private static final String DIGEST = ResponsesTest.digestOf(CONTENT);
  private static final String TAG = "\"one\"";
  private static final String PATH = "/x.bin";
  private static final String MIRROR = "/mirror.bin";
  private static final int RANGE = 1 << 18;
  private static final int WINDOW = 16 << 20;

  /** Of the whole, which are enough to judge one connection. */
  private static final int FIRST_BYTES = 10 << 20;

  /**
   * Which are more than the longest wait and the bytes that are measured then, at the rate of two.
   */
  private static final int JUDGED = 30;

  private static final long ONE = 1_000_000;
  private static final long TWO = 2 * ONE;
  private static final long LESS = TWO - ONE / 10;

  private final SourceServer server = new SourceServer();
  private final CountDownLatch judged = new CountDownLatch(JUDGED);
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger unranged = new AtomicInteger();
  private final AtomicInteger whole = new AtomicInteger();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  @TempDir Path scratch;

  private record Asked(String path, int from, int end) {
    boolean isContinuedBy(Asked rest) {
      return from < rest.from && rest.from < end;
    }
  }

  private interface Answer {
    void send(HttpExchange exchange, int from, int end) throws IOException;
  }

  @AfterEach
  void close() {
    while (judged.getCount() > 0) {
      judged.countDown();
    }
    over.countDown();
    server.close();
  }

  private long ranged(String path) {
    return asked.stream().filter(range -> range.path().equals(path)).count();
  }

  private void serve(String path, boolean counts, Answer ranges) {
    server.answer(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
          exchange.getResponseHeaders().set("ETag", TAG);
          if (!ResponsesTest.isRanged(exchange)) {
            whole(exchange);
            return;
          }
          int from = ResponsesTest.from(exchange);
          var last = exchange.getRequestHeaders().getFirst("Range").replaceAll(".*-", "");
          int end = last.isEmpty() ? SIZE : Integer.parseInt(last) + 1;
          asked.add(new Asked(path, from, end));
          if (counts) {
            judged.countDown();
          }
          exchange.getResponseHeaders().set("Content-Range", ResponsesTest.range(from, end, SIZE));
          exchange.sendResponseHeaders(206, end - from);
          ranges.send(exchange, from, end);
        });
  }

  private void whole(HttpExchange exchange) throws IOException {
    unranged.incrementAndGet();
    exchange.sendResponseHeaders(200, SIZE);
    exchange.getResponseBody().write(CONTENT, 0, FIRST_BYTES);
    exchange.getResponseBody().flush();
    await(judged);
    exchange.getResponseBody().write(CONTENT, FIRST_BYTES, SIZE - FIRST_BYTES);
    whole.incrementAndGet(); // a body that is not read would not be written to its end
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void byTheBook(HttpExchange exchange, int from, int end) throws IOException {
    exchange.getResponseBody().write(CONTENT, from, end - from);
  }

  private FetchFixture fixture(int most, LongSupplier rate, String... paths) {
    var urls = Arrays.stream(paths).map(server::url).toArray(String[]::new);
    var fixture = new FetchFixture(scratch, urls);
    fixture.ranges =
        new RangeSettings(
            1 << 16,
            RANGE,
            WINDOW,
            1,
            most,
            Duration.ofMinutes(10),
            new ByteClock(fixture.progress, rate));
    return fixture;
  }

  private void requireContent(FetchedTree fetched) throws IOException {
    assertThat(fetched.sourceDigest()).isEqualTo(DIGEST);
    var file = Files.readAllBytes(scratch.resolve("tree/x.bin"));
    assertThat(ResponsesTest.digestOf(file)).isEqualTo(DIGEST);
  }

  @Test
  void aFurtherConnectionThatGainsTakesOver() throws Exception {
    serve(PATH, true, RangeGrowthTest::byTheBook);

    requireContent(fixture(2, () -> asked.isEmpty() ? ONE : TWO, PATH).fetch());

    assertThat(unranged.get()).isOne();
    assertThat(whole.get()).as("read whole, too").isZero();
    assertThat(asked).allMatch(range -> range.end() - range.from() <= RANGE);
  }

  @Test
  void aMirrorTakesThePlaceOfAConnectionThatGainsNothing() throws Exception {
    serve(PATH, false, RangeGrowthTest::byTheBook);
    serve(MIRROR, true, RangeGrowthTest::byTheBook);
    var fixture = fixture(2, () -> ranged(MIRROR) == 0 ? ONE : TWO, PATH, MIRROR);
    fixture.digest = DIGEST;

    requireContent(fixture.fetch());

    assertThat(asked.getFirst().path()).isEqualTo(PATH);
    assertThat(ranged(MIRROR)).isGreaterThan(JUDGED);
    assertThat(unranged.get()).isOne();
    assertThat(whole.get()).as("read whole, too").isZero();
  }

  /** Its answers never end. */
  @Test
  void whatAMirrorDoesNotBringIsBroughtByOthersAndItIsLeft() throws Exception {
    serve(PATH, true, RangeGrowthTest::byTheBook);
    serve(
        MIRROR,
        false,
        (exchange, from, end) -> {
          exchange.getResponseBody().write(CONTENT, from, 1000);
          exchange.getResponseBody().flush();
          await(over);
        });
    LongSupplier rate =
        () -> asked.isEmpty() ? ONE : ranged(MIRROR) > 0 || ranged(PATH) > JUDGED ? LESS : TWO;
    var fixture = fixture(3, rate, PATH, MIRROR);
    fixture.digest = DIGEST;

    requireContent(fixture.fetch());

    var left = asked.stream().filter(range -> range.path().equals(MIRROR)).toList();
    assertThat(left).isNotEmpty();
    assertThat(left).allMatch(this::isCompletedElsewhere);
    assertThat(left)
        .as("the rest of what it did not bring")
        .noneMatch(rest -> left.stream().anyMatch(range -> range.isContinuedBy(rest)));
    assertThat(asked.subList(asked.size() - 40, asked.size())).doesNotContainAnyElementsOf(left);
    assertThat(unranged.get()).isOne();
    assertThat(whole.get()).as("read whole, too").isZero();
  }

  private boolean isCompletedElsewhere(Asked left) {
    return asked.stream()
        .anyMatch(
            range ->
                range.path().equals(PATH)
                    && range.from() >= left.from()
                    && range.from() < left.end());
  }
}
