package dev.corvid.store;

import static dev.corvid.store.StoreFixture.activate;
import static dev.corvid.store.StoreFixture.assertTree;
import static dev.corvid.store.StoreFixture.obey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.wire.config.Roots;
import dev.corvid.wire.grant.Grant.Action;
import dev.corvid.wire.grant.ReleaseName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is on a node's disk already is not fetched again. */
class LocalReuseTest {
  private static final int LARGE_PIECE = 256 << 10;

  private final Random random = new Random(9);

  @TempDir Path directory;
  private StoreFixture store;

  @BeforeEach
  void open() {
    store = new StoreFixture(directory);
  }

  @Test
  void unchangedPiecesOfAChangedFileAreCopied() throws IOException {
    var large = SampleRevision.bytes(random, 40 * SampleRevision.PIECE);
    var old = new SampleRevision.Builder().file("a", large, false).file("b", new byte[9], false);
    var changed = large.clone();
    for (var at = 10 * SampleRevision.PIECE; at < 25 * SampleRevision.PIECE; at++) {
      changed[at]++;
    }
    var next =
        new SampleRevision.Builder()
            .file("a", changed, true)
            .file("c", new byte[100], false)
            .link("l", "a")
            .build();
    assertThat(reusedBy(next, old.build())).isEqualTo(25L * SampleRevision.PIECE);
  }

  @Test
  void aFileIsFoundUnderAnotherPath() throws IOException {
    var bytes = SampleRevision.bytes(random, 3 * SampleRevision.PIECE + 5);
    var old = new SampleRevision.Builder().file("old/name", bytes, false).build();
    var next =
        new SampleRevision.Builder()
            .file("copies/one", bytes, true)
            .file("copies/two", bytes, false)
            .file("other", SampleRevision.bytes(random, SampleRevision.PIECE), false)
            .build();
    assertThat(reusedBy(next, old)).isGreaterThanOrEqualTo(6L * SampleRevision.PIECE);
  }

  @Test
  void ofAPieceOfManyFilesOnlyTheChangedOnesAreFetched() throws IOException {
    var old = new SampleRevision.Builder();
    var next = new SampleRevision.Builder();
    for (var file = 10; file < 30; file++) {
      var bytes = SampleRevision.bytes(random, 24 << 10);
      old.file("file-" + file, bytes, false);
      next.file("file-" + file, file == 15 ? SampleRevision.bytes(random, 9000) : bytes, false);
    }
    var wanted = next.build(LARGE_PIECE);
    try (var root = store.open()) {
      activate(root, 1, old.build(LARGE_PIECE));
      var release = obey(root, 2, Action.ACTIVATE, wanted);
      try (var download = release.download(wanted.content(), wanted.metainfo())) {
        wanted.deliverManifest(download);
        assertThat(download.reuse(() -> false)).isTrue();
        var piece = download.verified().nextClearBit(0);
        if (piece < wanted.metainfo().pieceCount()) {
          assertThat(download.present(piece).cardinality()).isGreaterThanOrEqualTo(13);
        }
        wanted.deliver(download);
        release.activate(download.finish());
      }
    }
    assertTree(store.current().toRealPath(), wanted);
  }

  @Test
  void aDamagedFileIsNotBelieved() throws IOException {
    var bytes = SampleRevision.bytes(random, 2 * SampleRevision.PIECE);
    var old = new SampleRevision.Builder().file("a", bytes, false).build();
    var next = new SampleRevision.Builder().file("b", bytes, false).build();
    try (var root = store.open()) {
      activate(root, 1, old);
      var file = store.current().resolve("a");
      var stamp = Files.getLastModifiedTime(file);
      var damaged = bytes.clone();
      damaged[7]++;
      Files.delete(file);
      Files.write(file, damaged);
      Files.setLastModifiedTime(file, stamp);
    }
    assertThat(reusedBy(next, old)).isZero();
  }

  @Test
  void anotherProcessLooksAgain() throws IOException {
    var bytes = SampleRevision.bytes(random, 2 * SampleRevision.PIECE);
    var next = new SampleRevision.Builder().file("b", bytes, false).build();
    try (var root = store.open()) {
      activate(root, 1, new SampleRevision.Builder().file("a", bytes, false).build());
      var release = obey(root, 2, Action.ACTIVATE, next);
      try (var download = release.download(next.content(), next.metainfo())) {
        next.deliverManifest(download);
        assertThat(download.reuse(() -> true)).isFalse();
      }
    }
    try (var root = store.open()) {
      var release = root.release(StoreFixture.NAME);
      try (var download = release.download(next.content(), next.metainfo())) {
        assertThat(download.hasManifest() && download.mayReuse()).isTrue();
        assertThat(download.reuse(() -> false)).isTrue();
        assertThat(download.bytesReused()).isEqualTo(bytes.length);
      }
      try (var again = release.download(next.content(), next.metainfo())) {
        assertThat(again.bytesReused()).isEqualTo(bytes.length);
        release.activate(again.finish());
      }
    }
    assertTree(store.current().toRealPath(), next);
  }

  /** A figure in one's own status must not tell what another tenant holds. */
  @Test
  void reuseStaysInTheNamespace() throws IOException {
    var bytes = SampleRevision.bytes(random, 3 * SampleRevision.PIECE);
    var held = new SampleRevision.Builder().file("a", bytes, false).build();
    var guess = new SampleRevision.Builder().file("b", bytes, false).build();
    try (var root = store.open()) {
      activate(root, 1, held);
      assertThat(reusedBy(root, new ReleaseName("ads", "guess"), guess)).isZero();
      assertThat(reusedBy(root, new ReleaseName("search", "other"), guess)).isEqualTo(bytes.length);
    }
    store.sharing = Roots.Root.Sharing.ROOT;
    try (var root = store.open()) {
      assertThat(reusedBy(root, new ReleaseName("ads", "shared"), guess)).isEqualTo(bytes.length);
    }
  }

  private static long reusedBy(Root root, ReleaseName name, SampleRevision next)
      throws IOException {
    try (var download = root.release(name).download(next.content(), next.metainfo())) {
      next.deliverManifest(download);
      download.reuse(() -> false);
      return download.bytesReused();
    }
  }

  /** Puts one revision there, then the other; how many bytes of it were not fetched. */
  private long reusedBy(SampleRevision next, SampleRevision old) throws IOException {
    try (var root = store.open()) {
      activate(root, 1, old);
      var release = obey(root, 2, Action.ACTIVATE, next);
      try (var download = release.download(next.content(), next.metainfo())) {
        assertThat(download.mayReuse()).isTrue();
        next.deliverManifest(download);
        assertThat(download.reuse(() -> false)).isTrue();
        var reused = download.bytesReused();
        next.deliver(download);
        release.activate(download.finish());
        assertTree(store.current().toRealPath(), next);
        return reused;
      }
    }
  }
}
