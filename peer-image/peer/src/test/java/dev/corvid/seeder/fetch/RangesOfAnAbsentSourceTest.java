package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.seeder.error.RangeUnavailableException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source that is only away is no source without ranges, however often it is asked for one. */
class RangesOfAnAbsentSourceTest {
  private static final String PATH = "/weights.bin";
  private static final int SIZE = 100_000;

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
          if (ResponsesTest.isRanged(exchange)) { // and not one byte of it
            exchange.getResponseHeaders().set("Content-Range", ResponsesTest.range(0, 100, SIZE));
            exchange.sendResponseHeaders(206, 100);
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

  private static void read(MirroredSource source) throws Exception {
    try (var answer = source.range(0, 100, SIZE, null)) {
      answer.body().readAllBytes();
    }
  }
}
