package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.seeder.SeededRevision;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.seeder.unpack.Archives;
import dev.corvid.wire.Reason;
import dev.corvid.wire.seeder.SeederTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pinned manifest changes: the content decides, whatever it is packed in. */
class ManifestDigestTest {
  private static final byte[] RIGHT = Archives.noise(100_000);
  private static final byte[] WRONG = flipped(RIGHT);

  private final SourceServer server = new SourceServer();
  @TempDir Path scratch;
  @TempDir Path other;

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void takesTheSameContentFromWhateverItIsPackedIn() throws Exception {
    byte[] tar = tar(RIGHT);
    server
        .serve("/a.tar", tar)
        .serve("/a.tar.gz", Archives.gzip(tar))
        .serve("/a.tar.zst", Archives.zstd(tar))
        .serve("/a.zip", Archives.zip(zip -> zip.stored("a", RIGHT)));
    var content = revision("/a.tar").content();

    for (var path : new String[] {"/a.tar.gz", "/a.tar.zst", "/a.zip"}) {
      var fixture = pinned(content.manifestDigest(), path);

      assertThat(fixture.revision().content()).as(path).isEqualTo(content);
    }
  }

  @Test
  void countsNoLinksThatAreLeftOut() throws Exception {
    server.serve(
        "/links.tar", Archives.tar(tar -> tar.file("a", RIGHT, 0644).link("deep/down/b", "/etc")));
    server.serve("/a.tar", tar(RIGHT));
    var fixture = pinned(revision("/a.tar").content().manifestDigest(), "/links.tar");
    fixture.unpack = new SeederTask.Unpack("Auto", 0, "LeaveOut");

    assertThat(fixture.revision().note()).contains("deep/down/b");
  }

  @Test
  void refusesOtherContentWithBothDigests() throws Exception {
    server.serve("/right.tar", tar(RIGHT)).serve("/wrong.tar", tar(WRONG));
    var right = revision("/right.tar").content().manifestDigest();
    var wrong = revision("/wrong.tar").content().manifestDigest();

    assertThatThrownBy(pinned(right, "/wrong.tar")::fetch)
        .returns(Reason.DigestMismatch, e -> ((SourceException) e).reason())
        .hasMessageContaining("spec.source.manifestDigest is " + right)
        .hasMessageContaining("the content of " + server.url("/wrong.tar") + " has " + wrong)
        .hasMessageContaining("correct the digest, the source, or spec.source.files and unpack");
  }

  @Test
  void theNextUrlIsAskedForOtherContent() throws Exception {
    server.serve("/wrong.tar", tar(WRONG)).serve("/right.tar", tar(RIGHT));
    var right = revision("/right.tar").content();

    var fixture = pinned(right.manifestDigest(), "/wrong.tar", "/right.tar");

    assertThat(fixture.revision().content()).isEqualTo(right);
  }

  @Test
  void noOtherUrlIsAskedWhenTheBytesArePinnedToo() throws Exception {
    server.serve("/wrong.tar", tar(WRONG)).serve("/right.tar", tar(RIGHT));
    var fixture =
        pinned(revision("/right.tar").content().manifestDigest(), "/wrong.tar", "/right.tar");
    fixture.digest = ResponsesTest.digestOf(tar(WRONG));
    server.requests().clear();

    assertThatThrownBy(fixture::fetch).hasMessageContaining("spec.source.manifestDigest is");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void oneMirrorContinuesAnother() throws Exception {
    server.serve("/a.bin", RIGHT).serve("/b.bin", RIGHT);
    var content = revision("/a.bin").content();
    breakOffOnce("/a.bin", RIGHT, new AtomicBoolean());
    server.requests().clear();

    var fixture = pinned(content.manifestDigest(), "/a.bin", "/b.bin");

    assertThat(fixture.revision().content()).isEqualTo(content);
    assertThat(server.requests().getLast().path()).isEqualTo("/b.bin");
    assertThat(server.ranges().getLast()).isEqualTo("bytes=10000-");
  }

  /** Each of two archives may be right, and their halves may not be when they are joined. */
  @Test
  void whatWasJoinedAndIsNotTheContentIsTakenFromOneUrlAlone() throws Exception {
    server.serve("/a.tar", tar(RIGHT));
    var content = revision("/a.tar").content();
    var asked = new AtomicBoolean();
    breakOffOnce("/a.tar", tar(RIGHT), asked);
    server.answer(
        "/b.tar",
        exchange -> {
          asked.set(true);
          int length = tar(WRONG).length;
          var range = "bytes 10000-%d/%d".formatted(length - 1, length);
          ResponsesTest.part(exchange, tar(WRONG), null, range);
        });
    server.requests().clear();

    var fixture = pinned(content.manifestDigest(), "/a.tar", "/b.tar");

    assertThat(fixture.revision().content()).isEqualTo(content);
    assertThat(asked).isTrue();
    assertThat(server.requests().getLast().path()).isEqualTo("/a.tar");
    assertThat(server.ranges().getLast()).isEqualTo("null");
  }

  /** A server whose archive has another length has no bytes that could be joined. */
  @Test
  void anArchiveOfAnotherLengthIsTakenWhole() throws Exception {
    server
        .serve("/a.tar.gz", Archives.gzip(tar(RIGHT)))
        .serve("/b.tar.gz", Archives.gzip(Archives.gnuTar(tar -> tar.file("./a", RIGHT, 0644))));
    var content = revision("/b.tar.gz").content();
    breakOffOnce("/a.tar.gz", Archives.gzip(tar(RIGHT)), new AtomicBoolean());

    var fixture = pinned(content.manifestDigest(), "/a.tar.gz", "/b.tar.gz");

    assertThat(fixture.revision().content()).isEqualTo(content);
  }

  @Test
  void whatLooksLikeAMistakeIsTakenWhenItIsTheContent() throws Exception {
    server.serve("/a.bin", new byte[0]);
    assertThatThrownBy(fixture("/a.bin")::fetch).hasMessageContaining("sends no bytes");
    var named = fixture("/a.bin");
    named.digest = ResponsesTest.digestOf(new byte[0]);
    var content = named.revision().content();

    assertThat(pinned(content.manifestDigest(), "/a.bin").revision().content()).isEqualTo(content);
  }

  @Test
  void aReplacementMayFindTheContentInOtherBytes() throws Exception {
    server.serve("/a.tar", tar(RIGHT)).serve("/b.tar.gz", Archives.gzip(tar(RIGHT)));
    var first = revision("/a.tar");
    var fixture = pinned(first.content().manifestDigest(), "/b.tar.gz");
    fixture.pinned = new SeederTask.Pinned(first.sourceDigest(), first.content());

    assertThat(fixture.revision().content()).isEqualTo(first.content());
  }

  @Test
  void aReplacementRefusesOtherContent() throws Exception {
    server.serve("/a.tar", tar(RIGHT)).serve("/b.tar", tar(WRONG));
    var first = revision("/a.tar");
    var fixture = pinned(first.content().manifestDigest(), "/b.tar");
    fixture.pinned = new SeederTask.Pinned(first.sourceDigest(), first.content());

    assertThatThrownBy(fixture::fetch)
        .returns(Reason.DigestMismatch, e -> ((SourceException) e).reason());
  }

  /** It would publish before it has a byte. */
  @Test
  void aReplacementServesNoPiecesOfContentThatIsNotPinned() throws Exception {
    server.serve("/a.bin", RIGHT);
    var first = revision("/a.bin");
    var url = SourceUrl.parse(server.url("/a.bin"));
    var fixture = pinned(first.content().manifestDigest(), "/a.bin");
    fixture.pinned = new SeederTask.Pinned(first.sourceDigest(), first.content());
    assertThat(PinnedFile.of(fixture.task(), url)).isPresent();

    fixture.manifestDigest = "sha256:" + "1".repeat(64);

    assertThat(PinnedFile.of(fixture.task(), url)).isEmpty();
  }

  /** The first answer ends early; until {@code asked} no other comes, then the whole. */
  private void breakOffOnce(String path, byte[] content, AtomicBoolean asked) {
    var begun = new AtomicBoolean();
    server.answer(
        path,
        exchange -> {
          if (begun.compareAndSet(false, true)) {
            ResponsesTest.whole(exchange, content, null, 10_000);
          } else if (asked.get()) {
            ResponsesTest.whole(exchange, content, null, content.length);
          } else {
            exchange.sendResponseHeaders(503, -1);
          }
        });
  }

  private SeededRevision revision(String path) throws Exception {
    var directory = Files.createTempDirectory(other, "scratch");
    return new FetchFixture(directory, server.url(path)).revision();
  }

  private FetchFixture pinned(String manifestDigest, String... paths) throws Exception {
    var fixture = fixture(paths);
    fixture.manifestDigest = manifestDigest;
    return fixture;
  }

  private FetchFixture fixture(String... paths) throws Exception {
    var urls = Arrays.stream(paths).map(server::url).toArray(String[]::new);
    return new FetchFixture(Files.createTempDirectory(scratch, "scratch"), urls);
  }

  private static byte[] tar(byte[] file) throws IOException {
    return Archives.tar(tar -> tar.file("a", file, 0644));
  }

  private static byte[] flipped(byte[] content) {
    byte[] flipped = content.clone();
    flipped[content.length - 1] ^= 1;
    return flipped;
  }
}
