package dev.corvid.seeder.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.seeder.SeededRevision;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.seeder.unpack.Archives;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.seeder.SeederTask;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PinnedFileTest {
  private final SourceServer server =
      new SourceServer().serve("/x.bin", Archives.noise(700_000)).serve("/x.tar", new byte[1024]);
  @TempDir Path scratch;
  private FetchFixture fixture;
  private SeededRevision first;

  @BeforeEach
  void publish() throws Exception {
    fixture = new FetchFixture(scratch, server.url("/x.bin"));
    first = fixture.revision();
    pin(first.content());
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void isInTheTorrentThatWasPublished() throws Exception {
    var file = PinnedFile.of(fixture.task(), url("/x.bin")).orElseThrow();

    assertThat(file.length()).isEqualTo(700_000);
    assertThat(new String(file.manifest(), StandardCharsets.UTF_8)).contains("x.bin");
    assertThat(file.isIn(first.metainfo())).isTrue();
  }

  @Test
  void isNoneThatIsUnpackedOrCalledOtherwiseOrOneOfSeveral() throws Exception {
    assertThat(PinnedFile.of(fixture.task(), url("/x.tar"))).isEmpty();
    assertThat(PinnedFile.of(fixture.task(), url("/other.bin"))).isEmpty();
    var content = first.content();
    pin(
        new Content(
            content.manifestDigest(),
            content.infoHash(),
            content.pieceLength(),
            content.sizeBytes(),
            2));
    assertThat(PinnedFile.of(fixture.task(), url("/x.bin"))).isEmpty();
    fixture.pinned = null;
    assertThat(PinnedFile.of(fixture.task(), url("/x.bin"))).isEmpty();
  }

  /** What an earlier seeder made counts for less than what the spec pins. */
  @Test
  void isNoneThatTheSpecPinsToOtherBytes() throws Exception {
    fixture.manifestDigest = first.content().manifestDigest();
    fixture.digest = first.sourceDigest();
    assertThat(PinnedFile.of(fixture.task(), url("/x.bin"))).isPresent();

    fixture.digest = "sha256:" + "1".repeat(64);

    assertThat(PinnedFile.of(fixture.task(), url("/x.bin"))).isEmpty();
  }

  private void pin(Content content) {
    fixture.pinned = new SeederTask.Pinned(first.sourceDigest(), content);
  }

  private SourceUrl url(String path) throws SourceException {
    return SourceUrl.parse(server.url(path));
  }
}
