package dev.corvid.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.bittorrent.metainfo.InfoBuilder;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.metainfo.PieceHasher;
import dev.corvid.store.piece.SeedStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
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
  void whatTookThePlaceOfAnUnfinishedTorrentIsNotOverwritten() throws IOException {
    var target = directory.resolve("target");
    beginTwoPieces(target);
    deleteTree(target.resolve("tree"));
    var others = Files.createDirectories(target.resolve("tree/bin")).resolve("large");
    var bytes = SampleRevision.bytes(new Random(3), 3 * PIECE + 7);
    Files.write(others, bytes);
    Files.write(target.resolve("tree/a"), new byte[100]);

    for (var attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> FileDownload.open(metainfo, target, OPTIONS))
          .hasMessageContaining("is not this torrent's: choose another directory, or remove it");
    }
    assertThat(others).hasBinaryContent(bytes);
    deleteTree(target.resolve("tree"));
    try (var download = FileDownload.open(metainfo, target, OPTIONS)) {
      assertThat(download.verified().isEmpty()).isTrue();
      completes(download);
    }
    assertThat(target.resolve("tree/bin/large"))
        .hasSameBinaryContentAs(source.resolve("bin/large"));
  }

  @Test
  void whatWasPutInPlaceOfAnUnfinishedTorrentAndIsItIsWhole() throws IOException {
    var target = directory.resolve("target");
    beginTwoPieces(target);
    deleteTree(target.resolve("tree"));
    Files.createDirectories(target.resolve("tree/bin"));
    Files.copy(source.resolve("a"), target.resolve("tree/a"));
    Files.copy(source.resolve("bin/large"), target.resolve("tree/bin/large"));

    try (var download = FileDownload.open(metainfo, target, OPTIONS)) {
      assertThat(download.verified().cardinality()).isEqualTo(metainfo.pieceCount());
      download.finish();
    }
  }

  @Test
  void aPieceThatWasChangedSinceIsFetchedAgain() throws IOException {
    var target = directory.resolve("target");
    beginTwoPieces(target);
    Files.write(target.resolve("tree/a"), new byte[100]);

    try (var download = FileDownload.open(metainfo, target, OPTIONS)) {
      assertThat(download.verified().stream()).containsExactly(1);
      completes(download);
    }
    assertThat(target.resolve("tree/a")).hasSameBinaryContentAs(source.resolve("a"));
  }

  @Test
  void aRunThatIsToldToEndWhileItReadsBackForgetsNothing() throws IOException {
    var target = directory.resolve("target");
    beginTwoPieces(target);

    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> FileDownload.open(metainfo, target, OPTIONS))
          .isInstanceOf(IOException.class);
    } finally {
      Thread.interrupted();
    }
    try (var download = FileDownload.open(metainfo, target, OPTIONS)) {
      assertThat(download.verified().stream()).containsExactly(0, 1);
    }
  }

  @Test
  void whatWasBrokenOffBeforeItsFirstPieceIsResumed() throws IOException {
    var target = directory.resolve("target");
    try (var download = FileDownload.open(metainfo, target, OPTIONS)) {
      download.write(0, ByteBuffer.allocate(1));
    }
    try (var download = FileDownload.open(metainfo, target, OPTIONS)) {
      completes(download);
    }
    assertThat(target.resolve("tree/a")).hasSameBinaryContentAs(source.resolve("a"));
  }

  @Test
  void aFileThatReplacedAnUnfinishedOneIsNotOverwritten() throws Exception {
    var info = new InfoBuilder("large", PIECE).onlyFile(3 * PIECE + 7, false);
    var large = source.resolve("bin/large");
    try (var storage = SeedStorage.of(info.layout(), large)) {
      metainfo =
          info.build(new PieceHasher(1).hash(storage::read, info.totalLength(), PIECE, n -> {}));
    }
    source = large;
    var target = directory.resolve("target");
    beginTwoPieces(target);
    try (var download = FileDownload.open(metainfo, target, OPTIONS)) {
      assertThat(download.verified().stream()).containsExactly(0, 1);
    }
    Files.delete(target.resolve("large"));
    Files.writeString(target.resolve("large"), "mine");

    assertThatThrownBy(() -> FileDownload.open(metainfo, target, OPTIONS))
        .hasMessageContaining("is not this torrent's");
    assertThat(target.resolve("large")).hasContent("mine");
  }

  @Test
  void oneTorrentIsDownloadedIntoADirectoryOnceAtATime() throws IOException {
    var target = directory.resolve("target");
    try (var first = FileDownload.open(metainfo, target, OPTIONS)) {
      assertThatThrownBy(() -> FileDownload.open(metainfo, target, OPTIONS))
          .hasMessageContaining("this torrent is being downloaded into " + target + " already");
      completes(first);
    }
    try (var left = Files.list(target)) {
      assertThat(left).hasSize(1);
    }
  }

  private void beginTwoPieces(Path target) throws IOException {
    try (var seed = SeedStorage.of(metainfo, source);
        var download = FileDownload.open(metainfo, target, OPTIONS)) {
      copy(seed, download, 0);
      copy(seed, download, 1);
    }
  }

  private void completes(FileDownload download) throws IOException {
    try (var seed = SeedStorage.of(metainfo, source)) {
      for (var piece = 0; piece < metainfo.pieceCount(); piece++) {
        if (!download.verified().get(piece)) {
          copy(seed, download, piece);
        }
      }
      download.finish();
    }
  }

  private static void deleteTree(Path tree) throws IOException {
    try (var files = Files.walk(tree)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
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
