package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.seeder.scratch.ScratchBudget;
import dev.corvid.seeder.unpack.Archives;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumingInputStreamTest {
  private final SourceServer server = new SourceServer();
  @TempDir Path scratch;

  @AfterEach
  void close() {
    server.close();
  }

  /** The budget gives their bytes to others: a deleted file that is open still has its blocks. */
  @Test
  void holdsNothingOpenOfBytesThatWereGivenUp() throws Exception {
    server.serve("/x.tar", Archives.noise(300_000));
    var fixture = new FetchFixture(scratch, server.url("/x.tar"));
    var once = Duration.ofMillis(1);
    try (var source = fixture.sources().create();
        var partial = new PartialDownload(scratch, new ScratchBudget(0), FetchFixture.BOOT);
        var download =
            ResumingInputStream.open(
                new ResumingInputStream.Origin(source, source.urls(null).getFirst(), false, false),
                answer -> {},
                partial,
                fixture.progress,
                new RetryBackoff(once, once, new Random(1)),
                fixture.pauses::add)) {
      download.readNBytes(1000);
      assertThat(open()).anyMatch(file -> file.startsWith(scratch.resolve("fetched").toString()));

      partial.giveUp();

      assertThat(open()).noneMatch(file -> file.startsWith(scratch.resolve("fetched").toString()));
      assertThat(download.readAllBytes()).hasSize(299_000);
    }
  }

  /** What came is kept, and another URL or the next attempt may do better. */
  @Test
  void aSourceThatBreaksOffAfterEachByteIsNotAskedForEachOfThem() throws Exception {
    byte[] content = Archives.noise(1000);
    server.answer(
        "/x.bin",
        exchange -> {
          int from = ResponsesTest.isRanged(exchange) ? ResponsesTest.from(exchange) : 0;
          exchange.getResponseHeaders().set("ETag", "\"one\"");
          if (from > 0) {
            exchange
                .getResponseHeaders()
                .set("Content-Range", ResponsesTest.range(from, 1000, 1000));
          }
          exchange.sendResponseHeaders(from > 0 ? 206 : 200, 1000 - from);
          exchange.getResponseBody().write(content, from, 1);
          exchange.getResponseBody().flush();
        });
    var fixture = new FetchFixture(scratch, server.url("/x.bin"));

    assertThatThrownBy(fixture::fetch).hasMessageContaining("/x.bin broke off after");

    assertThat(server.requests()).hasSize(6);
    assertThat(scratch.resolve("fetched")).hasSize(6);
  }

  /** By this process, as Linux tells it. */
  static List<String> open() throws IOException {
    var open = new ArrayList<String>();
    try (var descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (var descriptor : descriptors) {
        try {
          open.add(Files.readSymbolicLink(descriptor).toString());
        } catch (NoSuchFileException e) {
          // Closed meanwhile.
        }
      }
    }
    return open;
  }
}
