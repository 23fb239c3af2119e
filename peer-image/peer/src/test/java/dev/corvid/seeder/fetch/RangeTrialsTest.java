package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.corvid.seeder.scratch.ScratchBudget;
import dev.corvid.seeder.unpack.Archives;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sources where further connections are no use, or harm: what one connection gets of them comes all
 * the same.
 */
@Tag("slow")
@Timeout(120)
class RangeTrialsTest {
  private static final int SIZE = 24 << 20;
  private static final byte[] CONTENT = Archives.noise(SIZE);
  private static final String PATH = "/x.bin";

  /** Bytes a second of one connection. */
  private static final long ALONE = 8_000_000;

  private static final RangeSettings FOUR =
      new RangeSettings(1 << 16, 1 << 15, 1 << 19, 4, 4, Duration.ofSeconds(20), System::nanoTime);

  private final SourceServer server = new SourceServer();
  private final AtomicInteger turns = new AtomicInteger();
  private final AtomicInteger ranged = new AtomicInteger();
  private final AtomicInteger unranged = new AtomicInteger();
  private final AtomicInteger whole = new AtomicInteger();
  private final CountDownLatch asked = new CountDownLatch(1);
  @TempDir Path scratch;

  @AfterEach
  void close() {
    asked.countDown();
    server.close();
  }

  /** The whole stops in its middle until a range was asked for. */
  private void answer(HttpExchange exchange, String tag) throws IOException {
    exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
    exchange.getResponseHeaders().set("ETag", tag);
    if (!ResponsesTest.isRanged(exchange)) {
      unranged.incrementAndGet();
      exchange.sendResponseHeaders(200, SIZE);
      exchange.getResponseBody().write(CONTENT, 0, SIZE / 2);
      awaitUnchecked(asked);
      exchange.getResponseBody().write(CONTENT, SIZE / 2, SIZE / 2);
      whole.incrementAndGet(); // a body that is not read would not be written to its end
      return;
    }
    ranged.incrementAndGet();
    asked.countDown();
    if (tag.equals(exchange.getRequestHeaders().getFirst("If-Range"))) {
      ResponsesTest.part(exchange, CONTENT, tag);
    } else {
      ResponsesTest.whole(exchange, CONTENT, tag, SIZE);
    }
  }

  private FetchFixture fixture(RangeSettings settings, String url) {
    var fixture = new FetchFixture(scratch, url);
    fixture.ranges = settings;
    return fixture;
  }

  /** Read to its end, though others were tried. */
  private void requireFirstAnswer(FetchedTree fetched) throws IOException {
    assertThat(fetched.sourceDigest()).isEqualTo(ResponsesTest.digestOf(CONTENT));
    var file = Files.readAllBytes(scratch.resolve("tree/x.bin"));
    assertThat(ResponsesTest.digestOf(file)).isEqualTo(ResponsesTest.digestOf(CONTENT));
    assertThat(unranged.get()).isOne();
    assertThat(whole.get()).isOne();
    assertThat(ranged.get()).isPositive();
  }

  /** Up to two connections, which have a rate together. */
  private FetchFixture two(long rate) {
    var fixture = new FetchFixture(scratch, server.url(PATH));
    var clock = new ByteClock(fixture.progress, () -> ranged.get() > 0 ? rate : ALONE);
    fixture.ranges =
        new RangeSettings(1 << 16, 1 << 18, 32 << 20, 1, 2, Duration.ofSeconds(20), clock);
    return fixture;
  }

  /**
   * Its answer could not be had again.
   *
   * @param rate of two connections together
   */
  @ParameterizedTest
  @ValueSource(longs = {5_000_000, 7_500_000})
  void theFirstAnswerIsReadToItsEndWhereAnotherConnectionGainsNothing(long rate) throws Exception {
    try (var second = new SourceServer("127.0.0.2");
        var third = new SourceServer("127.0.0.3")) {
      server.answer(
          PATH,
          exchange -> {
            var host = turns.getAndIncrement() % 2 == 0 ? second : third;
            exchange.getResponseHeaders().set("Location", host.url("/o"));
            exchange.sendResponseHeaders(302, -1);
          });
      second.answer("/o", exchange -> answer(exchange, "\"one\""));
      third.answer("/o", exchange -> answer(exchange, "\"one\""));

      requireFirstAnswer(two(rate).fetch());
    }
  }

  @Test
  void theFirstAnswerIsReadToItsEndWhereServersDisagreeAboutTheVersion() throws Exception {
    server.answer(
        PATH,
        exchange -> answer(exchange, turns.getAndIncrement() % 2 == 0 ? "\"one\"" : "\"two\""));

    requireFirstAnswer(two(ALONE).fetch());
  }

  /** Of those that are served, none is harmed. */
  @Test
  void aConnectionTooManyIsDoneWithout() throws Exception {
    byte[] content = Archives.noise(2_000_000);
    server.answer(
        PATH,
        exchange -> {
          boolean late =
              ResponsesTest.isRanged(exchange) && ResponsesTest.from(exchange) > content.length / 2;
          if (late && turns.incrementAndGet() <= 2) { // once others have taken over
            exchange.getResponseHeaders().set("Retry-After", "600");
            exchange.sendResponseHeaders(429, -1);
          } else {
            byTheBook(exchange, content, content);
          }
        });
    var fixture = fixture(FOUR, server.url(PATH));

    var fetched = fixture.fetch();

    assertThat(fetched.sourceDigest()).isEqualTo(ResponsesTest.digestOf(content));
    assertThat(fixture.pauses).isEmpty();
  }

  /** What they become together says nothing of the URL, nor of scratch. */
  @Test
  void joinedBytesThatDoNotFitAreFetchedAloneIfADigestIsPinned() throws Exception {
    byte[] right = manyEntries();
    byte[] wrong = new byte[right.length];
    byte[] header = new byte[512];
    var entry = new TarArchiveEntry("large");
    entry.setSize(7L << 30);
    entry.writeEntryHeader(header);
    for (int at = 0; at + 512 <= wrong.length; at += 512) {
      System.arraycopy(header, 0, wrong, at, 512);
    }
    server.answer("/x.tar", exchange -> byTheBook(exchange, right, wrong));
    var fixture = fixture(FOUR, server.url("/x.tar"));
    fixture.digest = ResponsesTest.digestOf(right);
    fixture.scratchBytes = 64 << 20;

    assertThat(fixture.fetch().sourceDigest()).isEqualTo(fixture.digest);
  }

  @Test
  void rangesOfOtherBytesUnderTheSameTagCostTheTransferOnly() throws Exception {
    byte[] right = Archives.noise(2_000_000);
    byte[] wrong = new byte[right.length];
    server.answer(PATH, exchange -> byTheBook(exchange, right, wrong));
    var fixture = fixture(FOUR, server.url(PATH));
    fixture.digest = ResponsesTest.digestOf(right);

    assertThat(fixture.fetch().sourceDigest()).isEqualTo(fixture.digest);
    assertThat(scratch.resolve("tree/x.bin")).hasBinaryContent(right);
  }

  /** One that is away, at the same host. */
  @Test
  void aMirrorThatIsAwayDoesNotSpeakForItsHost() throws Exception {
    byte[] content = Archives.noise(2_000_000);
    server.answer(PATH, exchange -> byTheBook(exchange, content, content));
    var fixture = new FetchFixture(scratch, server.url(PATH), server.url("/away.bin"));
    fixture.ranges = FOUR;
    fixture.digest = ResponsesTest.digestOf(content);
    var fetch = fixture.reusable();
    fetch.run(new ScratchBudget(0));
    Files.delete(scratch.resolve("fetched.json"));
    ranged.set(0);
    unranged.set(0);

    fetch.run(new ScratchBudget(0));

    assertThat(ranged.get()).isPositive();
  }

  @Test
  void aFileThatIsKeptNeedsNoRoomForItsRanges() throws Exception {
    byte[] content = Archives.noise(2_000_000);
    server.answer(PATH, exchange -> byTheBook(exchange, content, content));
    var fixture = fixture(FOUR, server.url(PATH));
    fixture.scratchBytes = content.length + (64 << 10);

    assertThat(fixture.fetch().sourceDigest()).isEqualTo(ResponsesTest.digestOf(content));
    assertThat(ranged.get()).isGreaterThan(10);
  }

  /** More than three times in all, and never three times in a row. */
  @Test
  void rangesThatBreakOffNowAndThenAreAskedForAgain() throws Exception {
    byte[] content = Archives.noise(2_000_000);
    var tries = new ConcurrentHashMap<Integer, Integer>();
    var asked = new CopyOnWriteArrayList<Integer>();
    server.answer(
        PATH,
        exchange -> {
          if (ResponsesTest.isRanged(exchange)) {
            int from = ResponsesTest.from(exchange);
            int end = ResponsesTest.end(exchange, content);
            asked.add(end - from);
            boolean breaks = from / FOUR.range() % 4 == 0;
            if (breaks && tries.merge(from, 1, Integer::sum) < 3) {
              exchange.getResponseHeaders().set("ETag", "\"one\"");
              exchange
                  .getResponseHeaders()
                  .set("Content-Range", ResponsesTest.range(from, end, content.length));
              exchange.sendResponseHeaders(206, end - from);
              exchange.getResponseBody().flush(); // without headers the JDK's client asks again
              return;
            }
          }
          byTheBook(exchange, content, content);
        });
    var fixture = fixture(FOUR, server.url(PATH));

    var fetched = fixture.fetch();

    assertThat(fetched.sourceDigest()).isEqualTo(ResponsesTest.digestOf(content));
    assertThat(tries).hasSizeGreaterThan(3);
    assertThat(asked).allMatch(length -> length <= FOUR.range());
    assertThat(fixture.pauses)
        .hasSizeGreaterThan(3)
        .containsOnly(Duration.ofMillis(200), Duration.ofMillis(400));
  }

  /** It brings bytes all the time, so that nothing ever is late. */
  @Test
  void aRangeThatTricklesIsFinishedByAnotherConnection() throws Exception {
    byte[] content = Archives.noise(2_000_000);
    var slow = new AtomicInteger();
    var asked = new CopyOnWriteArrayList<Integer>();
    server.answer(
        PATH,
        exchange -> {
          if (ResponsesTest.isRanged(exchange)) {
            asked.add(ResponsesTest.from(exchange));
            if (turns.incrementAndGet() == 12) {
              slow.set(ResponsesTest.from(exchange));
              trickle(exchange, content);
              return;
            }
          }
          byTheBook(exchange, content, content);
        });

    var fetched = fixture(FOUR, server.url(PATH)).fetch();

    assertThat(fetched.sourceDigest()).isEqualTo(ResponsesTest.digestOf(content));
    assertThat(asked).anyMatch(from -> from > slow.get() && from < slow.get() + FOUR.range());
  }

  private static void trickle(HttpExchange exchange, byte[] content) throws IOException {
    int from = ResponsesTest.from(exchange);
    int end = ResponsesTest.end(exchange, content);
    exchange.getResponseHeaders().set("ETag", "\"one\"");
    exchange
        .getResponseHeaders()
        .set("Content-Range", ResponsesTest.range(from, end, content.length));
    exchange.sendResponseHeaders(206, end - from);
    for (int at = from; at < end; at += 64) {
      exchange.getResponseBody().write(content, at, Math.min(64, end - at));
      exchange.getResponseBody().flush();
      LockSupport.parkNanos(50_000_000);
    }
  }

  @Test
  void nothingIsLeftOpenWhenTheSeederStops() throws Exception {
    byte[] content = Archives.noise(2_000_000);
    var hanging = new CountDownLatch(1);
    var stopped = new CountDownLatch(1);
    server.answer(
        PATH,
        exchange -> {
          if (ResponsesTest.isRanged(exchange) && turns.incrementAndGet() > 12) {
            hanging.countDown();
            awaitUnchecked(stopped);
          }
          byTheBook(exchange, content, content);
        });
    var fixture = fixture(FOUR, server.url(PATH));
    var outcome = new CompletableFuture<Throwable>();
    var fetching =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    fixture.fetch();
                    outcome.complete(null);
                  } catch (Throwable e) {
                    outcome.complete(e);
                  }
                });
    hanging.await();

    fetching.interrupt();

    assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
    assertThat(ResumingInputStreamTest.open())
        .noneMatch(file -> file.startsWith(scratch.toString()));
    stopped.countDown();
  }

  private static void awaitUnchecked(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** The whole stops until a range was asked for, and then until it came. */
  private void byTheBook(HttpExchange exchange, byte[] whole, byte[] ranges) throws IOException {
    exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
    if (ResponsesTest.isRanged(exchange)) {
      ResponsesTest.part(exchange, ranges, "\"one\"");
      synchronized (this) {
        ranged.incrementAndGet();
        notifyAll();
      }
      return;
    }
    exchange.getResponseHeaders().set("ETag", "\"one\"");
    exchange.sendResponseHeaders(200, whole.length);
    exchange.getResponseBody().write(whole, 0, 1000);
    exchange.getResponseBody().flush();
    synchronized (this) {
      try {
        while (unranged.get() == 0 && ranged.get() == 0) {
          wait();
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      unranged.incrementAndGet(); // a second time nobody asks for ranges
    }
    exchange.getResponseBody().write(whole, 1000, whole.length - 1000);
  }

  private static byte[] manyEntries() throws IOException {
    var bytes = new ByteArrayOutputStream();
    var tar = new TarArchiveOutputStream(bytes);
    for (int i = 0; i < 200; i++) {
      var entry = new TarArchiveEntry("file-" + i);
      entry.setSize(8 << 10);
      tar.putArchiveEntry(entry);
      tar.write(Archives.noise(8 << 10));
      tar.closeArchiveEntry();
    }
    tar.finish();
    return bytes.toByteArray();
  }
}
