package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.seeder.http.RetryAfterTimes;
import dev.corvid.seeder.http.SourceHttpClient;
import dev.corvid.seeder.http.SourceResponse;
import dev.corvid.seeder.source.Credentials;
import dev.corvid.seeder.source.HttpTransport;
import dev.corvid.seeder.source.MountedSecret;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.time.Uptime;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one connection brings a second, where time passes only with the bytes. */
@Timeout(60)
class RangeCrewTest {
  private static final int RANGE = 1000;
  private static final int TOTAL = 1 << 20;
  private static final RangeSettings SETTINGS =
      new RangeSettings(0, RANGE, TOTAL, 1, 1, Duration.ZERO, System::nanoTime);

  private final AtomicLong now = new AtomicLong();
  private final RangeCrew crew = new RangeCrew();
  private final RangePlan plan = new RangePlan(SETTINGS, TOTAL, 0, TOTAL);
  private final Queue<Body> bodies = new ConcurrentLinkedQueue<>();
  private final BlockingQueue<RangePlan.Range> ranges = new LinkedBlockingQueue<>();
  private final CountDownLatch over = new CountDownLatch(1);

  @AfterEach
  void close() {
    over.countDown();
    synchronized (crew) {
      crew.stop();
    }
  }

  /** The rest of one that broke off comes in less time than the whole would. */
  @Test
  void aRangeThatWasContinuedIsNoFasterThanItsRest() throws Exception {
    bodies.add(new Body(900, 1, End.BREAK));
    bodies.add(new Body(100, 10, End.WHOLE)); // 100 bytes a second
    bodies.add(new Body(200, 10, End.SILENCE));
    begin();
    fetch(RANGE);

    assertThat(isTrickle(fetch(200))).isFalse();
  }

  @Test
  void whatCameBeforeTheBreakDoesNotHideThatTheRestTrickles() throws Exception {
    bodies.add(new Body(RANGE, 1, End.WHOLE)); // 1000 bytes a second
    bodies.add(new Body(900, 1, End.BREAK));
    bodies.add(new Body(20, 100, End.SILENCE));
    begin();
    fetch(RANGE);

    assertThat(isTrickle(fetch(920))).isTrue();
  }

  private void begin() throws Exception {
    var client = new SourceHttpClient(transport, new Credentials(MountedSecret.read(null)));
    var url = SourceUrl.parse("http://source.test/x.bin");
    var retryTimes = new RetryAfterTimes(Uptime::now);
    var singles = new SingleConnectionOrigins();
    var sources = new RangeSources(client, List.of(url), true, retryTimes, singles, SETTINGS);
    var source = RangeSource.mirror(sources, url, TOTAL);
    synchronized (crew) {
      crew.begin(new RangeWorker(source, new Intake(), pause -> {}, now::get));
    }
  }

  /** The next range, until so many bytes of it are here. */
  private RangePlan.Range fetch(int bytes) {
    var range = plan.next(null, 1, false, false);
    ranges.add(range);
    await()
        .until(
            () -> {
              synchronized (crew) {
                return range.arrived() - range.first() == bytes;
              }
            });
    return range;
  }

  private boolean isTrickle(RangePlan.Range range) {
    synchronized (crew) {
      return crew.isTrickle(range, now.get());
    }
  }

  private final HttpTransport transport =
      new HttpTransport() {
        @Override
        public Reply send(Request request) {
          var builder = HttpRequest.newBuilder(request.url().uri());
          request.headers().accept(builder);
          var range = builder.build().headers().firstValue("Range").orElseThrow();
          var ends = range.replace("bytes=", "").split("-");
          int from = Integer.parseInt(ends[0]);
          int end = Integer.parseInt(ends[1]) + 1;
          var headers = Map.of("Content-Range", List.of(ResponsesTest.range(from, end, TOTAL)));
          return new Reply(
              206,
              HttpHeaders.of(headers, (name, value) -> true),
              bodies.remove(),
              InetAddress.ofLiteral("192.0.2.1"));
        }

        @Override
        public void close() {}
      };

  private enum End {
    WHOLE,
    BREAK,
    SILENCE
  }

  /** So many bytes, each of which takes some time. */
  private final class Body extends InputStream {
    private final int millisEach;
    private final End end;
    private int left;

    Body(int bytes, int millisEach, End end) {
      this.left = bytes;
      this.millisEach = millisEach;
      this.end = end;
    }

    @Override
    public int read() throws IOException {
      if (left == 0) {
        return end();
      }
      left--;
      now.addAndGet(Duration.ofMillis(millisEach).toNanos());
      return 0;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = 0;
      while (count < length && left > 0) {
        target[offset + count++] = (byte) read();
      }
      return count > 0 || length == 0 ? count : read();
    }

    private int end() throws IOException {
      switch (end) {
        case WHOLE -> {
          return -1;
        }
        case BREAK -> throw new IOException("connection reset");
        default -> {}
      }
      try {
        over.await();
        return -1;
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  /** All that comes is kept. */
  private final class Intake implements RangeWorker.Ranges {
    @Override
    public RangePlan.Range take(RangeWorker worker) throws InterruptedException {
      var range = ranges.take();
      synchronized (crew) {
        crew.assign(worker, range);
      }
      return range;
    }

    @Override
    public long end(RangePlan.Range range) {
      synchronized (crew) {
        return range.end();
      }
    }

    @Override
    public boolean answered(RangeWorker worker, RangePlan.Range range, SourceResponse answer) {
      return true;
    }

    @Override
    public boolean keep(RangeWorker worker, RangePlan.Range range, byte[] buffer, int count) {
      synchronized (crew) {
        range.claim(count);
        range.came();
        if (range.isOver()) {
          crew.whole(range, now.get());
        }
        return true;
      }
    }

    @Override
    public boolean asks(RangeWorker worker) {
      return over.getCount() > 0;
    }

    @Override
    public void failed(RangeWorker worker, RangePlan.Range range, RangeWorker.Outcome outcome) {
      synchronized (crew) {
        plan.cut(range);
      }
    }

    @Override
    public void failed(Throwable defect) {
      throw new AssertionError(defect);
    }

    @Override
    public void left(RangeWorker worker) {}
  }
}
