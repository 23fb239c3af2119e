package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.corvid.seeder.error.RangeUnavailableException;
import dev.corvid.seeder.unpack.Archives;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A source that is only away is no source without ranges, however often it is asked for one. */
class RangesOfAnAbsentSourceTest {
  private static final String PATH = "/weights.bin";
  private static final int SIZE = 100_000;
  private static final byte[] CONTENT = Archives.noise(SIZE);
  private static final String TAG = "\"one\"";

  private final SourceServer server = new SourceServer();
  @TempDir Path scratch;

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void theWholeThatFailsTooSaysNothingOfRanges() throws Exception {
    server.answer(
        PATH,
        exchange -> {
          if (ResponsesTest.isRanged(exchange)) {
            headersOnly(exchange);
          } else {
            exchange.sendResponseHeaders(503, -1);
          }
        });
    try (var source = new FetchFixture(scratch, server.url(PATH)).sources().create()) {
      for (int i = 0; i < 8; i++) {
        assertThatThrownBy(() -> read(source)).isNotInstanceOf(RangeUnavailableException.class);
      }
    }
  }

  /**
   * Four times it brings not one byte of a range; it is back by the time the whole is asked for.
   */
  @Test
  void aSourceThatIsBackWhenTheWholeIsAskedForIsReadByRanges() throws Exception {
    var back = new AtomicBoolean();
    server.answer(
        PATH,
        exchange -> {
          if (!ResponsesTest.isRanged(exchange)) {
            back.set(true);
            ResponsesTest.whole(exchange, CONTENT, TAG, SIZE);
          } else if (back.get()) {
            ResponsesTest.part(exchange, CONTENT, TAG, ResponsesTest.range(0, 100, SIZE));
          } else {
            headersOnly(exchange);
          }
        });
    try (var source = new FetchFixture(scratch, server.url(PATH)).sources().create()) {
      assertThat(readAtLast(source)).isEqualTo(Arrays.copyOf(CONTENT, 100));
      assertThat(read(source)).isEqualTo(Arrays.copyOf(CONTENT, 100));
    }
    assertThat(server.ranges()).filteredOn(range -> range.equals("null")).hasSize(1);
  }

  @Test
  void aRangeThatIsRefusedOnceIsAskedForAgain() throws Exception {
    var refused = new AtomicBoolean();
    server.answer(
        PATH,
        exchange -> {
          if (!ResponsesTest.isRanged(exchange)) {
            ResponsesTest.whole(exchange, CONTENT, TAG, SIZE);
          } else if (refused.getAndSet(true)) {
            ResponsesTest.part(exchange, CONTENT, TAG, ResponsesTest.range(0, 100, SIZE));
          } else {
            exchange.sendResponseHeaders(500, -1);
          }
        });
    try (var source = new FetchFixture(scratch, server.url(PATH)).sources().create()) {
      assertThat(read(source)).isEqualTo(Arrays.copyOf(CONTENT, 100));
    }
  }

  /** The whole comes, and a range never does. */
  @ParameterizedTest
  @ValueSource(ints = {206, 500})
  void aSourceThatSendsOnlyTheWholeIsReadWhole(int status) throws Exception {
    server.answer(
        PATH,
        exchange -> {
          if (!ResponsesTest.isRanged(exchange)) {
            ResponsesTest.whole(exchange, CONTENT, TAG, SIZE);
          } else if (status == 206) {
            headersOnly(exchange);
          } else {
            exchange.sendResponseHeaders(status, -1);
          }
        });
    try (var source = new FetchFixture(scratch, server.url(PATH)).sources().create()) {
      assertThatThrownBy(() -> readAtLast(source)).isInstanceOf(RangeUnavailableException.class);
    }
  }

  /** Of a range, and not one byte of it. */
  private static void headersOnly(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Range", ResponsesTest.range(0, 100, SIZE));
    exchange.sendResponseHeaders(206, 100);
    exchange.getResponseBody().flush();
  }

  /** By the fifth attempt: headers that get lost count at once, a body that is empty afterwards. */
  private static byte[] readAtLast(MirroredSource source) throws Exception {
    for (int i = 0; i < 4; i++) {
      try {
        return read(source);
      } catch (RangeUnavailableException e) {
        throw e;
      } catch (IOException e) {
        // Not one byte came.
      }
    }
    return read(source);
  }

  private static byte[] read(MirroredSource source) throws Exception {
    try (var answer = source.range(0, 100, SIZE, null)) {
      return answer.body().readAllBytes();
    }
  }
}
