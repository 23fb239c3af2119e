package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.seeder.error.RetryAfterException;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.scratch.ScratchBudget;
import dev.corvid.seeder.source.SourceTimeouts;
import dev.corvid.seeder.unpack.Archives;
import dev.corvid.wire.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong with one URL, the next one is asked. */
class MirrorsTest {
  private static final byte[] RIGHT = Archives.noise(100_000);
  private static final byte[] WRONG = Archives.noise(99_000);

  private final SourceServer server = new SourceServer();
  @TempDir Path scratch;

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void theNextUrlIsAskedWhenTheDigestIsWrong() throws Exception {
    server.serve("/a.bin", WRONG).serve("/b.bin", RIGHT);
    var fixture = fixture("/a.bin", "/b.bin");
    fixture.digest = ResponsesTest.digestOf(RIGHT);

    assertThat(fixture.fetch().sourceDigest()).isEqualTo(fixture.digest);
    assertThat(scratch.resolve("tree/a.bin")).hasBinaryContent(RIGHT);
  }

  /** Where it never answers, each range would wait for it. */
  @Test
  void aUrlThatGaveNoRangeIsAskedAfterTheOthers() throws Exception {
    server.status("/a.bin", 503).serve("/b.bin", RIGHT);
    try (var source = fixture("/a.bin", "/b.bin").sources().create()) {
      for (int from = 0; from < 5000; from += 1000) {
        try (var range = source.range(from, 1000, RIGHT.length, null)) {
          assertThat(range.body().readAllBytes()).hasSize(1000);
        }
      }
    }

    assertThat(server.requests()).filteredOn(it -> it.path().equals("/a.bin")).hasSize(1);
  }

  @Test
  void theNextUrlIsAskedWhenTheArchiveIsDamagedOrShort() throws Exception {
    byte[] right = Archives.gzip(Archives.noisyTar(100_000));
    byte[] damaged = right.clone();
    damaged[50_000] ^= 1;
    server
        .serve("/damaged.tar.gz", damaged)
        .serve("/short.tar.gz", Arrays.copyOf(right, 60_000))
        .serve("/right.tar.gz", right);

    var fetched = fixture("/damaged.tar.gz", "/short.tar.gz", "/right.tar.gz").fetch();

    assertThat(fetched.sourceDigest()).isEqualTo(ResponsesTest.digestOf(right));
  }

  @Test
  void theNextUrlIsAskedWhenTheTransferBreaksOff() throws Exception {
    server
        .answer("/a.bin", exchange -> ResponsesTest.whole(exchange, RIGHT, null, 50_000))
        .serve("/b.bin", RIGHT);

    assertThat(fixture("/a.bin", "/b.bin").fetch().sourceDigest())
        .isEqualTo(ResponsesTest.digestOf(RIGHT));
  }

  @Test
  void theNextUrlIsAskedWhenAnAnswerIsRefused() throws Exception {
    server
        .answer(
            "/a.bin",
            exchange -> {
              exchange.getResponseHeaders().set("Content-Encoding", "br");
              ResponsesTest.whole(exchange, RIGHT, null, RIGHT.length);
            })
        .serve("/b.bin", RIGHT);

    fixture("/a.bin", "/b.bin").fetch();

    assertThat(scratch.resolve("tree/a.bin")).hasBinaryContent(RIGHT);
  }

  /** What a server says of a name is its own; which name is released, the spec's URL says. */
  @Test
  void theNextUrlIsAskedWhenOneCallsItAnArchive() throws Exception {
    disposition("/a.bin", "attachment; filename=x.zip");
    server.redirect("/b.bin", "/elsewhere.tar.gz").serve("/elsewhere.tar.gz", RIGHT);
    disposition("/c.bin", "attachment; filename=other.bin");
    var fixture = fixture("/a.bin", "/b.bin", "/c.bin");
    var pinned = fixture("/a.bin", "/b.bin", "/c.bin");
    pinned.digest = ResponsesTest.digestOf(RIGHT);

    for (var each : new FetchFixture[] {fixture, pinned}) {
      var note = each.fetch().note();

      assertThat(scratch.resolve("tree/a.bin")).hasBinaryContent(RIGHT);
      assertThat(note)
          .contains("/a.bin is not unpacked", "Content-Disposition calls it x.zip")
          .contains("it redirects to elsewhere.tar.gz at " + server.url("/b.bin"));
    }
    assertThat(server.requests().getLast().path()).isEqualTo("/c.bin");
  }

  @Test
  void theMessageNamesEachUrlThatCallsItAnArchive() {
    disposition("/a.bin", "attachment; filename=x.zip");
    disposition("/b.bin", "attachment; filename=y.7z");

    assertThatThrownBy(fixture("/a.bin", "/b.bin")::fetch)
        .returns(Reason.InvalidSpec, e -> ((SourceException) e).reason())
        .hasMessageContaining("/a.bin is not unpacked")
        .hasMessageContaining("Content-Disposition calls it x.zip;")
        .hasMessageContaining("calls it y.7z at " + server.url("/b.bin"));
  }

  @Test
  void aMirrorThatIsAwayMayStillHaveWhatAnotherCallsAnArchive() {
    disposition("/a.bin", "attachment; filename=x.zip");
    server.status("/b.bin", 503);

    assertThatThrownBy(fixture("/a.bin", "/b.bin")::fetch)
        .returns(Reason.SourceUnreachable, e -> ((SourceException) e).reason())
        .hasMessageContaining("x.zip")
        .hasMessageContaining("/b.bin answers 503");
  }

  @Test
  void whatIsKeptOutlastsAnAnswerThatIsRefused() throws Exception {
    disposition("/a.bin", "attachment; filename=x.zip");
    server.serve("/b.bin", RIGHT).cutAfter(60_000).cutAfterwards();
    var alone = fixture("/b.bin");
    var fixture = fixture("/a.bin", "/b.bin");
    alone.digest = ResponsesTest.digestOf(RIGHT);
    fixture.digest = alone.digest;
    assertThatThrownBy(alone::fetch).hasMessageContaining("/b.bin broke off");
    server.uncut();
    server.requests().clear();

    fixture.fetch();

    assertThat(server.ranges()).containsExactly("bytes=60000-", "bytes=60000-");
  }

  private void disposition(String path, String header) {
    server.answer(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Content-Disposition", header);
          ResponsesTest.whole(exchange, RIGHT, "\"one\"", RIGHT.length);
        });
  }

  /** What is too large for scratch need not be what the others have. */
  @Test
  void theNextUrlIsAskedWhenTheFileIsTooLarge() throws Exception {
    server.serve("/a.bin", Archives.noise(5_000_000)).serve("/b.bin", RIGHT);
    var fixture = fixture("/a.bin", "/b.bin");
    fixture.digest = ResponsesTest.digestOf(RIGHT);
    fixture.scratchBytes = 1 << 20;

    assertThat(fixture.fetch().sourceDigest()).isEqualTo(fixture.digest);
  }

  @Test
  void theNextUrlIsAskedWhenOneTakesTheSeederToItsLimits() throws Exception {
    server.serve("/b.bin", RIGHT);
    var b = server.url("/b.bin").replace("127.0.0.1", "b.test");
    var fixture = new FetchFixture(scratch, "http://a.test/b.bin", b);
    var resolver = fixture.resolver;
    fixture.resolver =
        host -> {
          if (host.equals("a.test")) {
            throw new StackOverflowError();
          }
          return resolver.resolve(host);
        };

    assertThat(fixture.fetch().sourceDigest()).isEqualTo(ResponsesTest.digestOf(RIGHT));
  }

  @Test
  void theMessageSaysOnceWhatEachUrlGave() {
    server
        .serve("/a.bin", WRONG)
        .status("/b.bin", 503)
        .answer("/c.bin", exchange -> ResponsesTest.whole(exchange, RIGHT, null, 50_000));
    var fixture = fixture("/a.bin", "/b.bin", "/c.bin");
    fixture.digest = ResponsesTest.digestOf(RIGHT);

    assertThatThrownBy(fixture::fetch)
        .returns(Reason.DigestMismatch, e -> ((SourceException) e).reason())
        .satisfies(
            e -> {
              for (var url : new String[] {"/a.bin has sha256:", "/b.bin answers 503", "/c.bin"}) {
                assertThat(e.getMessage().split(url, -1)).as(e.getMessage()).hasSize(2);
              }
            });
  }

  @Test
  void aSourceThatBreaksOffAgainAndAgainIsSaidToOnce() {
    server.serve("/a.bin", RIGHT).etag(null).cutAfter(10, 10, 10, 10, 10, 10, 10);
    var fixture = fixture("/a.bin");

    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(fixture::fetch)
          .satisfies(
              e -> {
                assertThat(e.getMessage().split("broke off", -1)).as(e.getMessage()).hasSize(2);
                assertThat(e.getMessage().split("/a.bin", -1)).as(e.getMessage()).hasSize(2);
              });
    }
  }

  @Test
  void aRightDigestEndsTheSearch() throws Exception {
    byte[] hostile = Archives.tar(tar -> tar.file("../a", "hello"));
    server.serve("/a.tar", hostile).serve("/b.tar", hostile);
    var fixture = fixture("/a.tar", "/b.tar");
    fixture.digest = ResponsesTest.digestOf(hostile);

    assertThatThrownBy(fixture::fetch).hasMessageContaining("../a");
    assertThat(server.requests().stream().map(SourceServer.Request::path)).doesNotContain("/b.tar");
  }

  @Test
  void aBusySourceIsLeftAloneForAsLongAsItAsksFor() throws Exception {
    server.answer(
        "/a.bin",
        exchange -> {
          exchange.getResponseHeaders().set("Retry-After", "20");
          exchange.sendResponseHeaders(429, -1);
        });
    var fetch = fixture("/a.bin").reusable();

    assertThatThrownBy(() -> fetch.run(new ScratchBudget(0)))
        .hasMessageContaining("/a.bin answers 429, and is asked again in 20 s")
        .isInstanceOf(RetryAfterException.class)
        .returns(Duration.ofSeconds(20), e -> ((RetryAfterException) e).retryAfter());
    assertThatThrownBy(() -> fetch.run(new ScratchBudget(0)))
        .hasMessageContaining("asked for a pause (Retry-After)")
        .isInstanceOf(RetryAfterException.class);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aBusyMirrorDoesNotKeepTheOthersWaiting() throws Exception {
    server
        .answer(
            "/a.bin",
            exchange -> {
              exchange.getResponseHeaders().set("Retry-After", "600");
              exchange.sendResponseHeaders(503, -1);
            })
        .status("/b.bin", 500);
    var fetch = fixture("/a.bin", "/b.bin").reusable();

    assertThatThrownBy(() -> fetch.run(new ScratchBudget(0)))
        .isNotInstanceOf(RetryAfterException.class);
    server.serve("/b.bin", RIGHT).heal("/b.bin");
    fetch.run(new ScratchBudget(0));

    assertThat(server.requests().stream().map(SourceServer.Request::path))
        .containsExactly("/a.bin", "/b.bin", "/b.bin");
  }

  @Test
  void aSlowUrlIsWaitedForLongerWhenThereIsNoOther() throws Exception {
    server
        .answer(
            "/slow.bin",
            exchange -> {
              LockSupport.parkNanos(Duration.ofSeconds(4).toNanos());
              ResponsesTest.whole(exchange, RIGHT, null, RIGHT.length);
            })
        .serve("/b.bin", RIGHT);
    var timeouts =
        new SourceTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(2));
    var alone = fixture("/slow.bin");
    alone.timeouts = timeouts;
    var mirrored = fixture("/slow.bin", "/b.bin");
    mirrored.timeouts = timeouts;

    alone.fetch();
    assertThat(server.requests()).hasSize(1);
    mirrored.fetch();
    assertThat(server.requests().getLast().path()).isEqualTo("/b.bin");
  }

  private FetchFixture fixture(String... paths) {
    return new FetchFixture(scratch, Arrays.stream(paths).map(server::url).toArray(String[]::new));
  }
}
