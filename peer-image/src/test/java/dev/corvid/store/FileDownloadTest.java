package dev.corvid.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.metainfo.InfoBuilder;
import dev.corvid.metainfo.Metainfo;
import dev.corvid.metainfo.PieceHasher;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDownloadTest {
  private static final int PIECE = 16 << 10;
  private static final StoreOptions OPTIONS = new StoreOptions(Clock.systemUTC(), "boot");

  @TempDir Path directory;
  private Path source;
  private Metainfo metainfo;

  @BeforeEach
  void makeATorrent() throws Exception {
    source = Files.createDirectories(directory.resolve("source/tree"));
    Files.createDirectory(source.resolve("bin"));
    Files.write(source.resolve("a"), SampleRevision.bytes(new Random(1), 100));
    Files.write(source.resolve("bin/large"), SampleRevision.bytes(new Random(2), 3 * PIECE + 7));
    Files.createFile(source.resolve("bin/empty"));
    Files.createSymbolicLink(source.resolve("link"), Path.of("bin/large"));
    var info =
        new InfoBuilder("tree", PIECE)
            .file("a", 100, false)
            .file("bin/empty", 0, false)
            .file("bin/large", 3 * PIECE + 7, true)
            .link("link", "bin/large");
    try (var storage = SeedStorage.of(info.layout(), source)) {
      metainfo =
          info.build(new PieceHasher(1).hash(storage::read, info.totalLength(), PIECE, n -> {}));
    }
  }

  @Test
  void aTreeIsCopiedPieceByPieceAndResumed() throws IOException {
    var target = directory.resolve("target");
    try (var seed = SeedStorage.of(metainfo, source)) {
      try (var download = FileDownload.open(metainfo, target, OPTIONS)) {
        copy(seed, download, 1);
      }
      try (var download = FileDownload.open(metainfo, target, OPTIONS)) {
        assertThat(download.verified().stream()).containsExactly(1);
        for (var piece = 0; piece < metainfo.pieceCount(); piece++) {
          copy(seed, download, piece);
        }
        download.finish();
      }
    }
    assertThat(target.resolve("tree/a")).hasSameBinaryContentAs(source.resolve("a"));
    assertThat(target.resolve("tree/bin/large"))
        .hasSameBinaryContentAs(source.resolve("bin/large"))
        .isExecutable();
    assertThat(target.resolve("tree/bin/empty")).isEmptyFile();
    assertThat(Files.readSymbolicLink(target.resolve("tree/link"))).isEqualTo(Path.of("bin/large"));
    try (var left = Files.list(target)) {
      assertThat(left).hasSize(1);
    }
    try (var again = FileDownload.open(metainfo, target, OPTIONS)) {
      assertThat(again.verified().cardinality()).isEqualTo(metainfo.pieceCount());
      again.finish();
    }
  }

  @Test
  void aFileThatIsThereAndIsAnotherIsNotOverwritten() throws IOException {
    var target = Files.createDirectories(directory.resolve("target/tree"));
    Files.writeString(target.resolve("a"), "mine");
    for (var attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> FileDownload.open(metainfo, directory.resolve("target"), OPTIONS))
          .hasMessageContaining("choose another directory");
    }
    assertThat(target.resolve("a")).hasContent("mine");
  }

  @Test
  void aSeedWhoseFilesChangedSizeIsRefused() throws IOException {
    Files.writeString(source.resolve("a"), "short");
    assertThatThrownBy(() -> SeedStorage.of(metainfo, source))
        .hasMessageContaining("'a' has 5 bytes, the torrent says 100");
    Files.delete(source.resolve("a"));
    assertThatThrownBy(() -> SeedStorage.of(metainfo, source))
        .hasMessageContaining("'a' is not in");
  }

  private void copy(SeedStorage from, FileDownload to, int piece) throws IOException {
    var bytes = ByteBuffer.allocate(metainfo.pieceLength(piece));
    from.read(metainfo.pieceOffset(piece), bytes);
    to.write(metainfo.pieceOffset(piece), bytes.flip());
    to.pieceVerified(piece);
  }
}
