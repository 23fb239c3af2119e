package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.scratch.ScratchBudget;
import dev.corvid.seeder.source.SourceTimeouts;
import dev.corvid.seeder.unpack.Archives;
import dev.corvid.store.manifest.Sha256;
import dev.corvid.wire.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class FullFetchTest {
  private final SourceServer server = new SourceServer();
  @TempDir Path scratch;

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void unpacksEveryFormatInPassing() throws Exception {
    byte[] tar = Archives.tar(t -> t.file("a", "hello").file("b/c", "x", 0755));
    server
        .serve("/x.tar", tar)
        .serve("/x.tar.gz", Archives.gzip(tar))
        .serve("/x.tgz", Archives.gzip(tar))
        .serve("/x.tar.zst", Archives.zstd(tar))
        .serve("/x.tar.bz2", Archives.bzip2(tar))
        .serve("/x.txz", Archives.xz(tar, 1 << 12))
        .serve("/x.zip", Archives.zip(z -> z.file("a", "hello", 0644).file("b/c", "x", 0755)));

    for (var path :
        List.of("/x.tar", "/x.tar.gz", "/x.tgz", "/x.tar.zst", "/x.tar.bz2", "/x.txz", "/x.zip")) {
      var fetched = fixture(path).fetch();

      assertThat(fetched.tree().files()).as(path).isEqualTo(2);
      assertThat(scratch.resolve("tree/a")).hasContent("hello");
      assertThat(scratch.resolve("tree/b/c")).hasContent("x");
    }
  }

  @Test
  void aFileThatIsNotUnpackedKeepsTheUrlsName() throws Exception {
    server.serve("/v1/model one.bin", "weights".getBytes(StandardCharsets.UTF_8));

    var fetched = fixture("/v1/model%20one.bin").fetch();

    assertThat(scratch.resolve("tree/model one.bin")).hasContent("weights");
    assertThat(fetched.sourceDigest()).isEqualTo(digestOf("weights".getBytes()));
  }

  @Test
  void keepsZeroByteFiles() throws Exception {
    server.serve("/x.tar", Archives.tar(t -> t.file("empty", "")));

    assertThat(fixture("/x.tar").fetch().tree().files()).isOne();
  }

  @Test
  void goesOnWhereATransferBrokeOff() throws Exception {
    byte[] archive = Archives.noisyTar(300_000);
    server.serve("/x.tar", archive).cutAfter(50_000, 0, 100_000);

    var fetched = fixture("/x.tar").fetch();

    assertThat(fetched.sourceDigest()).isEqualTo(digestOf(archive));
    assertThat(server.ranges())
        .containsExactly("null", "bytes=50000-", "bytes=50000-", "bytes=150000-");
  }

  @Test
  void goesOnFromAnUnrangedAnswerByReadingOver() throws Exception {
    byte[] archive = Archives.noisyTar(300_000);
    server.serve("/x.tar", archive).withoutRanges().cutAfter(50_000);
    var fixture = fixture("/x.tar");

    assertThat(fixture.fetch().sourceDigest()).isEqualTo(digestOf(archive));

    // What is read twice is heard of: else a source that moves gigabytes seems to stand still.
    assertThat(fixture.progress.bytes()).isEqualTo(50_000 + archive.length);
  }

  @Test
  void doesNotMixTwoVersionsOfASource() throws Exception {
    byte[] archive = Archives.noisyTar(300_000);
    var version = new AtomicInteger();
    server.answer(
        "/x.tar",
        exchange -> {
          // Each request meets another file of the same length.
          exchange.getResponseHeaders().set("ETag", "\"" + version.incrementAndGet() + "\"");
          exchange.sendResponseHeaders(200, archive.length);
          exchange.getResponseBody().write(archive, 0, 50_000);
        });

    refused(fixture("/x.tar"), Reason.SourceUnreachable, "changed since the transfer broke off");
    assertThat(version).hasValue(6);
  }

  @Test
  void aCutOffAnswerIsNeverTakenForWhole() throws Exception {
    server.serve("/x.bin", Archives.noise(100_000)).etag(null).cutAfter(50_000);
    refused(fixture("/x.bin"), Reason.SourceUnreachable, "broke off after 50,000 of");
  }

  @Test
  void aRestartedContainerAsksOnlyForTheRest() throws Exception {
    byte[] archive = Archives.noisyTar(300_000);
    server.serve("/x.tar.gz", Archives.gzip(archive)).cutAfter(100_000).stallInsteadOfCutting();
    var first = fixture("/x.tar.gz");
    first.timeouts = new SourceTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(2));
    var stopped = new Thread(() -> ignore(first::fetch));
    stopped.start();
    await().until(() -> first.progress.bytes() >= 100_000);
    server.status("/x.tar.gz", 503);
    stopped.join();
    server.heal("/x.tar.gz");

    var second = fixture("/x.tar.gz");
    var fetched = second.fetch();

    assertThat(fetched.tree().files()).isOne();
    assertThat(server.ranges().getLast()).isEqualTo("bytes=100000-");
    assertThat(second.progress.bytes()).isEqualTo(Archives.gzip(archive).length - 100_000);
  }

  @Test
  void bytesOfAnotherBootAreFetchedAgain() throws Exception {
    server.serve("/x.bin", Archives.noise(10_000));
    fixture("/x.bin").fetch();
    assertThat(scratch.resolve("fetched")).exists();

    var again = fixture("/x.bin");
    again.boot = "another-boot";
    again.fetch();

    assertThat(again.progress.bytes()).isEqualTo(10_000);
  }

  @Test
  void wholeBytesOfAnEarlierContainerAreOnlyAskedAfter() throws Exception {
    server.serve("/x.bin", Archives.noise(10_000));
    fixture("/x.bin").fetch();

    var again = fixture("/x.bin");
    again.fetch();
    server.etag("\"two\"");
    var changed = fixture("/x.bin");
    changed.fetch();

    assertThat(again.progress.bytes()).isOne();
    assertThat(changed.progress.bytes()).isEqualTo(10_000);
  }

  @Test
  void aStalledSourceIsLeft() throws Exception {
    server
        .serve("/x.bin", Archives.noise(100_000))
        .stallInsteadOfCutting()
        .cutAfter(10, 10, 10, 10, 10, 10);
    var fixture = fixture("/x.bin");
    fixture.timeouts = new SourceTimeouts(Duration.ofSeconds(5), Duration.ofMillis(150));
    server.etag(null);

    refused(fixture, Reason.SourceUnreachable, "no byte came for", "broke off after 10 of");
  }

  @Test
  void takesTheNextMirror() throws Exception {
    server.serve("/good.tar", Archives.tar(t -> t.file("a", "hello"))).status("/bad.tar", 500);

    fixture("/bad.tar", "/missing.tar", "/good.tar").fetch();

    assertThat(server.requests().stream().map(SourceServer.Request::path))
        .containsExactly("/bad.tar", "/missing.tar", "/good.tar");
  }

  @Test
  void aPinnedDigestLetsOneMirrorContinueAnother() throws Exception {
    byte[] content = Archives.noise(100_000);
    server.serve("/a.bin", content).serve("/b.bin", content);
    var fixture = fixture("/a.bin", "/b.bin");
    fixture.digest = digestOf(content);
    server.answer(
        "/a.bin",
        exchange -> {
          if (exchange.getRequestHeaders().getFirst("Range") != null) {
            exchange.sendResponseHeaders(500, -1);
            return;
          }
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content, 0, 10_000);
        });

    fixture.fetch();

    assertThat(server.requests().getLast().path()).isEqualTo("/b.bin");
  }

  @Test
  void namesEveryMirrorsTrouble() {
    server.status("/a.tar", 500);

    refused(
        fixture("/a.tar", "/b.tar"),
        Reason.SourceUnreachable,
        "/a.tar answers 500",
        "/b.tar answers 404");
  }

  @Test
  void comparesThePinnedDigest() throws Exception {
    server
        .serve("/x.tar", Archives.tar(t -> t.file("a", "hello")))
        .serve("/x.zip", Archives.noise(100));
    for (var path : List.of("/x.tar", "/x.zip")) {
      var fixture = fixture(path);
      fixture.digest = "sha256:" + "1".repeat(64);

      refused(
          fixture, Reason.DigestMismatch, "spec.source.http.digest is sha256:111", "has sha256:");
      assertThat(scratch.resolve("fetched")).doesNotExist();
    }
  }

  @Test
  void anErrorPageInPlaceOfAPinnedArchiveIsAMismatch() {
    server.serve("/x.tar.gz", "<html>sorry</html>".getBytes(StandardCharsets.UTF_8));
    var fixture = fixture("/x.tar.gz");
    fixture.digest = "sha256:" + "1".repeat(64);

    refused(fixture, Reason.DigestMismatch, "spec.source.http.digest");
  }

  @Test
  void aReplacementMustMeetTheSameBytes() throws Exception {
    server.serve("/x.tar", Archives.tar(t -> t.file("a", "hello")));
    var fixture = fixture("/x.tar");
    fixture.pinned = FetchFixture.pinnedTo("sha256:" + "2".repeat(64));

    refused(fixture, Reason.SourceChanged, "this release was made from sha256:222", "spec.version");
  }

  @Test
  void refusesCorruptArchives() throws Exception {
    byte[] gzip = Archives.gzip(Archives.tar(t -> t.file("a", "hello".repeat(1000))));
    gzip[gzip.length - 6] ^= 1;
    byte[] zstd = Archives.zstd(Archives.tar(t -> t.file("a", "hello".repeat(1000))));
    server
        .serve("/x.tar.gz", gzip)
        .serve("/y.tar.zst", Arrays.copyOf(zstd, zstd.length - 5))
        .serve("/z.tar.zst", "no zstd".getBytes(StandardCharsets.UTF_8))
        .serve("/z.zip", "no zip".getBytes(StandardCharsets.UTF_8));

    refused(fixture("/x.tar.gz"), Reason.InvalidContent, "the archive is corrupt", "CRC-32");
    refused(fixture("/y.tar.zst"), Reason.InvalidContent, "the archive is corrupt");
    refused(fixture("/z.tar.zst"), Reason.InvalidContent, "the archive is corrupt");
    refused(fixture("/z.zip"), Reason.InvalidContent, "not a zip at all");
  }

  @Test
  void refusesTenGibibytesOfZerosBeforeTheFirstIsWritten() throws Exception {
    server.serve("/x.tar.gz", Archives.zeros(128L << 20));
    var fixture = fixture("/x.tar.gz");
    fixture.scratchBytes = 96 << 20;

    refused(fixture, Reason.InsufficientDisk, "scratch of 96Mi is too small", "sizeLimit");
    assertThat(scratch.resolve("tree/zeros")).doesNotExist();
  }

  @Test
  void aSourceThatStaysWrongIsFetchedTwiceAndThenOnlyAskedAfter() {
    server.serve("/x.zip", Archives.noise(100_000));
    var fixture = fixture("/x.zip");
    var fetch = fixture.reusable();

    for (int attempt = 0; attempt < 5; attempt++) {
      assertThatThrownBy(() -> fetch.run(new ScratchBudget(0)))
          .hasMessageContaining("not a zip at all");
    }

    assertThat(fixture.progress.bytes()).isEqualTo(2 * 100_000);
    assertThat(server.requests()).hasSize(5);
  }

  @Test
  void givesUpTheKeptBytesBeforeItRefuses() throws Exception {
    byte[] archive = Archives.noisyTar(200_000);
    server.serve("/x.tar", archive);
    var fixture = fixture("/x.tar");
    fixture.scratchBytes = 300_000;

    assertThat(fixture.fetch().tree().files()).isOne();
    assertThat(scratch.resolve("fetched")).doesNotExist();
  }

  /** They are on disk as long as they are read, so that nothing else may take their place. */
  @Test
  void keptBytesThatAreStillReadAreFetchedAgainWhenScratchIsTight() throws Exception {
    byte[] archive = Archives.noisyTar(200_000);
    server.serve("/x.tar", archive).cutAfter(150_000).cutAfterwards();
    ignore(fixture("/x.tar")::fetch);
    server.uncut();
    assertThat(scratch.resolve("fetched")).hasSize(150_000);
    var fixture = fixture("/x.tar");
    fixture.scratchBytes = 300_000;

    assertThat(fixture.fetch().sourceDigest()).isEqualTo(digestOf(archive));
    assertThat(server.ranges()).endsWith("bytes=150000-", "null");
  }

  @Test
  void saysThatScratchIsTooSmall() throws Exception {
    server
        .serve("/x.tar", Archives.noisyTar(200_000))
        .serve("/x.bin", Archives.noise(200_000))
        .serve("/x.zip", Archives.zip(z -> z.stored("a", Archives.noise(100_000))));
    for (var path : List.of("/x.tar", "/x.bin", "/x.zip")) {
      var fixture = fixture(path);
      fixture.scratchBytes = 150_000;

      refused(fixture, Reason.InsufficientDisk, "scratch of 146Ki is too small", "sizeLimit");
    }
  }

  /** By its length, and with what to write; an archive of less may still unpack to more. */
  @ParameterizedTest
  @CsvSource({"/x.bin, 86Mi", "/x.tar, 86Mi", "/x.tar.gz, 107Mi", "/x.zip, 107Mi"})
  void saysThatScratchIsTooSmallBeforeAnythingIsFetched(String path, String value) {
    server.serve(path, new byte[20 << 20]);
    var fixture = fixture(path);
    fixture.scratchBytes = 10 << 20;

    refused(
        fixture,
        Reason.InsufficientDisk,
        "scratch of 10Mi is too small for a source of 20Mi",
        "raise spec.seeder.scratch.sizeLimit to at least " + value + ", or");
    assertThat(fixture.progress.bytes()).isZero();
  }

  @Test
  void refusesAFileWithoutAName() {
    server.serve("/", Archives.noise(10));

    refused(fixture("/"), Reason.InvalidSpec, "called by the last part of its URL");
  }

  private FetchFixture fixture(String... paths) {
    var urls = Arrays.stream(paths).map(server::url).toArray(String[]::new);
    return new FetchFixture(scratch, urls);
  }

  private static void refused(FetchFixture fixture, Reason reason, String... parts) {
    assertThatThrownBy(fixture::fetch)
        .satisfies(e -> assertThat(e.getMessage()).contains(parts))
        .asInstanceOf(InstanceOfAssertFactories.type(SourceException.class))
        .returns(reason, SourceException::reason);
  }

  private static void ignore(Callable<?> action) {
    try {
      action.call();
    } catch (Exception e) {
      // The container ended.
    }
  }

  private static String digestOf(byte[] bytes) {
    return "sha256:" + HexFormat.of().formatHex(Sha256.digest().digest(bytes));
  }
}
