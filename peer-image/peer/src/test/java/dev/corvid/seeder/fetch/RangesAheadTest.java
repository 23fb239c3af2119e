package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.seeder.http.RangeRequest;
import dev.corvid.seeder.http.RetryAfterTimes;
import dev.corvid.seeder.http.SourceHttpClient;
import dev.corvid.seeder.http.SourceResponse;
import dev.corvid.seeder.scratch.RangeWindow;
import dev.corvid.seeder.source.Credentials;
import dev.corvid.seeder.source.HttpTransport;
import dev.corvid.seeder.source.MountedSecret;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.time.Uptime;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The reader is the test, and the source a function, so that either can be the slow one. */
@Timeout(60)
class RangesAheadTest {
  private static final int TOTAL = 64 << 20;
  private static final int RANGE = 1 << 18;
  private static final int WINDOW = 8 << 20;
  private static final byte[] ZEROS = new byte[TOTAL];
  private static final String URL = "http://source.test/x.bin";
  private static final String MIRROR = "http://mirror.test/x.bin";
  private static final long MB = 1_000_000;

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Set<Thread> connections = ConcurrentHashMap.newKeySet();
  private final FetchProgress progress = new FetchProgress();
  private final SingleConnectionOrigins singles = new SingleConnectionOrigins();
  private final CountDownLatch over = new CountDownLatch(1);
  private final byte[] buffer = new byte[RANGE];
  private volatile Body body = (url, from, bytes) -> bytes;
  private SourceResponse first;
  private RangeSources sources;
  private RangesAhead ahead;
  private long position;
  @TempDir Path scratch;

  private interface Body {
    InputStream of(String url, int from, InputStream bytes) throws IOException;
  }

  @AfterEach
  void close() {
    over.countDown();
    ahead.close();
  }

  private final HttpTransport transport =
      new HttpTransport() {
        @Override
        public Reply send(Request request) throws IOException {
          var builder = HttpRequest.newBuilder(request.url().uri());
          request.headers().accept(builder);
          var range = builder.build().headers().firstValue("Range");
          return range.isEmpty()
              ? reply(200, Map.of("Content-Length", List.of("" + TOTAL)), new byte[0])
              : part(request.url().toString(), range.get().replace("bytes=", "").split("-"));
        }

        @Override
        public void close() {}
      };

  private HttpTransport.Reply part(String url, String[] ends) throws IOException {
    asked.add(url);
    connections.add(Thread.currentThread());
    int from = Integer.parseInt(ends[0]);
    int end = ends.length < 2 ? TOTAL : Integer.parseInt(ends[1]) + 1;
    var range = Map.of("Content-Range", List.of(ResponsesTest.range(from, end, TOTAL)));
    return reply(206, range, body.of(url, from, new ByteArrayInputStream(ZEROS, from, end - from)));
  }

  private static HttpTransport.Reply reply(
      int status, Map<String, List<String>> more, byte[] body) {
    return reply(status, more, new ByteArrayInputStream(body));
  }

  private static HttpTransport.Reply reply(
      int status, Map<String, List<String>> more, InputStream body) {
    var headers = new HashMap<>(more);
    headers.put("ETag", List.of("\"one\""));
    headers.put("Accept-Ranges", List.of("bytes"));
    return new HttpTransport.Reply(
        status,
        HttpHeaders.of(headers, (name, value) -> true),
        body,
        InetAddress.ofLiteral("192.0.2.1"));
  }

  private void begin(int begin, int most, Duration patience, LongSupplier clock, String... urls)
      throws Exception {
    var all = List.of(urls).stream().map(RangesAheadTest::parsed).toList();
    var client = new SourceHttpClient(transport, new Credentials(MountedSecret.read(null)));
    var settings = new RangeSettings(0, RANGE, WINDOW, begin, most, patience, clock);
    sources =
        new RangeSources(
            client, all, all.size() > 1, new RetryAfterTimes(Uptime::now), singles, settings);
    first = client.get(all.getFirst(), RangeRequest.WHOLE, false);
    ahead =
        new RangesAhead(
            sources.of(first, false),
            settings,
            RangeWindow.in(Files.createFile(scratch.resolve("fetched")), WINDOW),
            new RangesAhead.Start(0, TOTAL, 0, first::closeQuietly),
            progress::read,
            pause -> {});
  }

  private static SourceUrl parsed(String url) {
    try {
      return SourceUrl.parse(url);
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Reads as the transfer's own connection until others bring what follows. */
  private void untilOthersBringIt() throws Exception {
    await().until(() -> !asked.isEmpty());
    while (ahead.turn(1 << 12) instanceof RangesAhead.Turn.Own(int most)) {
      progress.read(most);
      position += most;
      ahead.passed(most);
    }
  }

  private void read(long bytes) throws Exception {
    for (long end = position + bytes; position < end; ) {
      int count = ahead.read(buffer, 0, (int) Math.min(buffer.length, end - position));
      assertThat(count).as("at %d", position).isPositive();
      position += count;
    }
  }

  private void awaitFullWindow() {
    await()
        .until(
            () ->
                singles.contains(first.url())
                    || progress.bytes() >= Math.min(TOTAL, position + WINDOW - RANGE));
  }

  @Test
  void aReaderThatIsSlowerThanTheSourceSaysNothingOfIt() throws Exception {
    var slow = new AtomicLong();
    var clock =
        new ByteClock(
            progress, () -> slow.get() > 0 ? slow.get() : 10 * MB * (1 + connections.size()));
    begin(2, 8, Duration.ofMinutes(10), clock, URL);
    untilOthersBringIt();
    while (connections.size() < 3) {
      read(RANGE);
    }
    awaitFullWindow();

    slow.set(MB);
    while (position < TOTAL / 2) {
      read(RANGE);
      awaitFullWindow();
    }

    assertThat(singles.contains(first.url())).isFalse();
    assertThat(ahead.ending().why()).isNull();
  }

  @Test
  void aFirstConnectionThatHoldsUpAllOthersIsLeft() throws Exception {
    var hadItsTurn = new CountDownLatch(1);
    body =
        (url, from, bytes) -> {
          awaitLatch(hadItsTurn);
          return bytes;
        };
    begin(3, 3, Duration.ofMinutes(10), System::nanoTime, URL);
    assertThat(ahead.turn(1000)).isInstanceOf(RangesAhead.Turn.Own.class);
    hadItsTurn.countDown();

    await().until(() -> ahead.turn(1000) instanceof RangesAhead.Turn.Others);

    read(TOTAL);
    assertThat(asked.stream().distinct()).containsExactly(URL);
  }

  /** One connection is enough then, but not this one. */
  @Test
  void aTrialThatFillsTheWindowTakesOver() throws Exception {
    var now = new AtomicLong();
    begin(1, 2, Duration.ofMinutes(10), now::get, URL);
    while (asked.isEmpty()) {
      now.addAndGet(Duration.ofMillis(100).toNanos());
      ahead.turn(1 << 18);
      position += 1 << 18;
      ahead.passed(1 << 18);
      if (position >= 3 << 20) {
        await().until(() -> !asked.isEmpty());
      }
    }

    await().until(() -> ahead.turn(1000) instanceof RangesAhead.Turn.Others);

    read(TOTAL - position);
  }

  @Test
  void aRangeThatHoldsUpAllOthersIsFinishedByOneOfThem() throws Exception {
    var now = new AtomicLong();
    var slow = new AtomicLong(-1);
    body = (url, from, bytes) -> slow.compareAndSet(-1, from) ? cut(bytes, RANGE / 16) : bytes;
    begin(3, 3, Duration.ofMinutes(10), now::get, URL);
    untilOthersBringIt();
    while (position < slow.get()) {
      read(1);
    }
    await().until(() -> progress.bytes() >= position + WINDOW - RANGE - RANGE);

    now.addAndGet(Duration.ofMillis(600).toNanos());

    read(TOTAL - position);
  }

  /** Its rest does not come. */
  private InputStream cut(InputStream bytes, int count) {
    var closed = new CountDownLatch(1);
    return new FilterInputStream(bytes) {
      private int left = count;

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        if (left == 0) {
          hang(closed);
        }
        int some = super.read(target, offset, Math.min(left, length));
        left -= some;
        return some;
      }

      @Override
      public void close() {
        closed.countDown();
      }
    };
  }

  private static void hang(CountDownLatch over) throws IOException {
    awaitLatch(over);
    throw new IOException("over");
  }

  private static void awaitLatch(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** As of a server that lets a client have so much and no more. */
  @Test
  void rangesThatAllBecameSlowAreLeft() throws Exception {
    var now = new AtomicLong();
    var step = new AtomicLong();
    body = (url, from, bytes) -> from < TOTAL / 4 ? bytes : cut(bytes, 100);
    begin(3, 3, Duration.ofMinutes(10), () -> now.addAndGet(step.get()), URL);
    untilOthersBringIt();
    read(TOTAL / 4 - position);

    step.set(Duration.ofMillis(700).toNanos());
    int count;
    do {
      count = ahead.read(buffer, 0, buffer.length);
      position += count;
    } while (count > 0);

    assertThat(position).isLessThan(TOTAL / 4 + RANGE);
    assertThat(ahead.ending().why()).hasMessage("ranges come too slowly");
    assertThat(ahead.ending().again()).isTrue();
  }

  @Test
  void aMirrorThatNeverAnswersIsLeftForTheAttempt() throws Exception {
    body =
        (url, from, bytes) -> {
          if (url.equals(MIRROR)) {
            hang(over);
          }
          return bytes;
        };
    begin(4, 4, Duration.ofSeconds(3), System::nanoTime, URL, MIRROR);
    untilOthersBringIt();

    read(TOTAL - position);

    assertThat(asked).filteredOn(MIRROR::equals).hasSizeBetween(1, 3);
    assertThat(sources.of(first, false)).hasSize(1);
  }
}
