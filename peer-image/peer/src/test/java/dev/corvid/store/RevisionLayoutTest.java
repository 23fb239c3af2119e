package dev.corvid.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.bittorrent.metainfo.FileKind;
import dev.corvid.store.manifest.ContentPath;
import dev.corvid.store.manifest.RevisionLayout;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RevisionLayoutTest {
  private static final SampleRevision SAMPLE = SampleRevision.of(42);

  /**
   * If this fails, nodes of this version and of the one before do not find each other: give the
   * layout a new version instead.
   */
  @Test
  void theSameContentHasTheSameInfoHashForEver() {
    assertThat(SAMPLE.content().manifestDigest())
        .isEqualTo("sha256:2fa153379160002d676cabedd05d8c37ebefc4f752fd1de51933ecab8401ff0d");
    assertThat(SAMPLE.content().infoHash()).isEqualTo("34652b33291eee0ba78d069f2044009d9d427ccd");
  }

  @Test
  void theManifestComesFirstAndLargeFilesStartOnAPiece() {
    var metainfo = SAMPLE.metainfo();
    assertThat(metainfo.path(0)).isEqualTo(ContentPath.MANIFEST);
    assertThat(metainfo.name()).isEqualTo("corvid");
    assertThat(metainfo.isPrivate()).isTrue();
    for (var file = 0; file < metainfo.fileCount(); file++) {
      if (metainfo.kind(file) == FileKind.FILE && metainfo.length(file) >= SampleRevision.PIECE) {
        assertThat(metainfo.offset(file) % SampleRevision.PIECE).isZero();
      }
    }
    assertThat(metainfo.kind(metainfo.fileCount() - 1)).isEqualTo(FileKind.FILE);
  }

  @Test
  void aPieceLengthIsKeptUnlessItIsFarOff() {
    assertThat(RevisionLayout.pieceLength(0)).isEqualTo(256 << 10);
    assertThat(RevisionLayout.pieceLength(1L << 30)).isEqualTo(1 << 20);
    assertThat(RevisionLayout.pieceLength(1L << 40)).isEqualTo(4 << 20);
    assertThat(RevisionLayout.pieceLength(1L << 30, 256 << 10)).isEqualTo(256 << 10);
    assertThat(RevisionLayout.pieceLength(1L << 40, 256 << 10)).isEqualTo(4 << 20);
    assertThat(RevisionLayout.pieceLength(1000, 4 << 20)).isEqualTo(256 << 10);
  }

  @Test
  void aTreeOnDiskServesTheTorrentThatWasMadeFromIt(@TempDir Path directory) throws IOException {
    var store = new StoreFixture(directory);
    try (var root = store.open()) {
      StoreFixture.activate(root, 1, SAMPLE);
      try (var storage = root.release(StoreFixture.NAME).active().orElseThrow().open()) {
        assertThat(storage.verified().cardinality()).isEqualTo(SAMPLE.metainfo().pieceCount());
      }
    }
  }
}
