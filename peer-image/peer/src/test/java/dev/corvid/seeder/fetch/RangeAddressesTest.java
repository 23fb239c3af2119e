package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.seeder.unpack.Archives;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers behind one name that say the same of different bytes, as nginx does of equal lengths. */
@Tag("slow")
@Timeout(60)
class RangeAddressesTest {
  private static final byte[] FIRST = Archives.noise(2_000_000);
  private static final byte[] SECOND = new byte[FIRST.length];
  private static final String TAG = "\"one\"";
  private static final RangeSettings FOUR =
      new RangeSettings(1 << 16, 1 << 15, 1 << 19, 4, 4, Duration.ofSeconds(20), System::nanoTime);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final AtomicInteger resolved = new AtomicInteger();
  @TempDir Path scratch;

  @Test
  void withoutADigestAllRangesComeFromTheAddressOfTheFirstAnswer() throws Exception {
    try (var one = new SourceServer("127.0.0.2");
        var other = new SourceServer("127.0.0.3", one.port())) {
      serve(one, FIRST);
      serve(other, SECOND);
      var fixture = fixture(one);

      assertThat(fixture.fetch().sourceDigest()).isEqualTo(ResponsesTest.digestOf(FIRST));

      assertThat(one.requests()).hasSizeGreaterThan(10);
      assertThat(other.requests()).isEmpty();
    }
  }

  /** The digest tells, and then one connection brings all. */
  @Test
  void withADigestAnyAddressIsAskedAndAMixtureIsNotKept() throws Exception {
    try (var one = new SourceServer("127.0.0.2");
        var other = new SourceServer("127.0.0.3", one.port())) {
      serve(one, FIRST);
      serve(other, SECOND);
      var fixture = fixture(one);
      fixture.digest = ResponsesTest.digestOf(FIRST);
      fixture.resolver =
          host -> List.of(InetAddress.ofLiteral(isLater() ? "127.0.0.3" : "127.0.0.2"));

      assertThat(fixture.fetch().sourceDigest()).isEqualTo(fixture.digest);

      assertThat(scratch.resolve("tree/x.bin")).hasBinaryContent(FIRST);
    }
  }

  /** Of the first addresses that are asked for, those after the first answer's. */
  private boolean isLater() {
    int before = resolved.getAndIncrement();
    return 0 < before && before < 4;
  }

  private void serve(SourceServer server, byte[] content) {
    server.answer(
        "/x.bin",
        exchange -> {
          exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
          exchange.getResponseHeaders().set("ETag", TAG);
          if (ResponsesTest.isRanged(exchange)) {
            ResponsesTest.part(exchange, content, TAG);
            asked.countDown();
            return;
          }
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content, 0, 1000);
          exchange.getResponseBody().flush();
          try {
            asked.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.getResponseBody().write(content, 1000, content.length - 1000);
        });
  }

  private FetchFixture fixture(SourceServer server) {
    var fixture = new FetchFixture(scratch, "http://source.test:" + server.port() + "/x.bin");
    fixture.ranges = FOUR;
    fixture.resolver =
        host ->
            List.of(
                InetAddress.ofLiteral(
                    resolved.getAndIncrement() % 2 == 0 ? "127.0.0.2" : "127.0.0.3"));
    return fixture;
  }
}
