package dev.corvid.store;

import static dev.corvid.store.StoreFixture.activate;
import static dev.corvid.store.StoreFixture.assertTree;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.store.error.StoreException;
import dev.corvid.store.tree.ReadThrottle;
import dev.corvid.wire.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finished files that change on the disk. */
class IntegrityCheckerTest {
  private static final SampleRevision REVISION = SampleRevision.of(1);

  @TempDir Path directory;
  private StoreFixture store;

  @BeforeEach
  void open() {
    store = new StoreFixture(directory);
  }

  @Test
  void oneFlippedBitIsNamedAndOnlyItsPieceIsFetched() throws IOException {
    try (var root = store.open()) {
      var revision = activate(root, 1, REVISION);
      assertThat(revision.check(ReadThrottle.UNLIMITED).isNone()).isTrue();
      flipABit(file("bin/run"), SampleRevision.PIECE + 5);

      var release = damaged(root, revision, "'bin/run'");
      var inode = inode(file("lib/b.txt"));
      try (var repair = release.integrity().repair(REVISION.content()).orElseThrow()) {
        var missing = repair.verified();
        missing.flip(0, REVISION.metainfo().pieceCount());
        assertThat(missing.cardinality()).isOne();
        deliver(repair, REVISION);
        repair.finish();
      }
      assertThat(inode(file("lib/b.txt"))).as("what was whole stays").isEqualTo(inode);
      assertThat(release.active()).isPresent();
      assertWholeAndTidy();
    }
  }

  @Test
  void aFileAndALinkThatWereRemovedComeBack() throws IOException {
    try (var root = store.open()) {
      var revision = activate(root, 1, REVISION);
      Files.delete(file("lib/deep/er/\u00e9\u4e16.dat"));
      Files.delete(file("lib/deep/er"));
      Files.delete(file("lib/empty"));
      Files.delete(file("latest"));
      Files.delete(file("var/log"));
      mend(damaged(root, revision, "and 1 more files"));
      assertWholeAndTidy();
    }
  }

  @Test
  void whatStandsInTheWayOfAFileIsMovedAway() throws IOException {
    try (var root = store.open()) {
      var revision = activate(root, 1, REVISION);
      Files.delete(file("z"));
      Files.createDirectories(file("z").resolve("below"));
      Files.delete(file("lib/a.txt"));
      Files.createSymbolicLink(file("lib/a.txt"), Path.of("b.txt"));
      mend(damaged(root, revision, "'lib/a.txt' and 1 more"));
      assertWholeAndTidy();
    }
  }

  @Test
  void aTouchedFileCostsNoDownload() throws IOException {
    try (var root = store.open()) {
      var revision = activate(root, 1, REVISION);
      Files.setLastModifiedTime(file("z"), java.nio.file.attribute.FileTime.fromMillis(5000));
      var release = damaged(root, revision, "'z'");
      try (var repair = release.integrity().repair(REVISION.content()).orElseThrow()) {
        assertThat(repair.isComplete()).isTrue();
        repair.finish();
      }
      assertWholeAndTidy();
    }
  }

  @Test
  void aTreeThatIsTurnedOverComesAnew() throws IOException {
    try (var root = store.open()) {
      var revision = activate(root, 1, REVISION);
      Files.move(file("lib"), file("elsewhere"));
      Files.writeString(file("lib"), "a file");
      var release = damaged(root, revision, "lib/a.txt");
      assertThat(release.integrity().repair(REVISION.content())).isEmpty();
      StoreFixture.download(release, REVISION);
      assertWholeAndTidy();
    }
  }

  @Test
  void aDamagedManifestIsFoundToo() throws IOException {
    try (var root = store.open()) {
      var revision = activate(root, 1, REVISION);
      var id = "search.model." + REVISION.content().revision();
      flipABit(directory.resolve(".corvid/state").resolve(id + ".manifest"), 40);
      var release = damaged(root, revision, id);
      assertThat(release.integrity().repair(REVISION.content())).isEmpty();
      StoreFixture.download(release, REVISION);
      assertWholeAndTidy();
    }
  }

  @Test
  void bytesThatAreBadAgainNeverReachTheTree() throws IOException {
    try (var root = store.open()) {
      var revision = activate(root, 1, REVISION);
      flipABit(file("bin/run"), 5);
      var release = damaged(root, revision, "bin/run");
      try (var repair = release.integrity().repair(REVISION.content()).orElseThrow()) {
        deliver(repair, REVISION);
        flipABit(
            directory.resolve(
                ".corvid/staging/search.model."
                    + REVISION.content().revision()
                    + ".mending/tree/bin/run"),
            9);
        Assertions.assertThatThrownBy(repair::finish)
            .isInstanceOfSatisfying(
                StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.Corrupted))
            .hasMessageContaining("bin/run");
      }
      assertThat(release.held()).isEmpty();
      mend(release);
      assertWholeAndTidy();
    }
  }

  @Test
  void aClockThatIsSetBackPutsACheckOffByOneIntervalAtMost() throws IOException {
    store.recheckInterval = "1h";
    try (var root = store.open()) {
      var revision = activate(root, 1, REVISION);
      var integrity = root.release(StoreFixture.NAME).integrity();
      store.clock.advance(Duration.ofDays(-365));
      var due = store.clock.instant().plus(Duration.ofHours(1));
      assertThat(integrity.checkDue(revision)).contains(due);

      store.clock.advance(Duration.ofHours(1));

      assertThat(integrity.checkDue(revision)).contains(due);
    }
  }

  @Test
  void aCheckIsDueAtTheRootsIntervalAndAtOnceAfterAnEndWithoutWarning() throws IOException {
    store.recheckInterval = "1h";
    try (var root = store.open()) {
      var revision = activate(root, 1, REVISION);
      var integrity = root.release(StoreFixture.NAME).integrity();
      var hour = Duration.ofHours(1);
      assertThat(integrity.checkDue(revision)).contains(store.clock.instant().plus(hour));
      store.clock.advance(hour);
      integrity.checked(revision, revision.check(ReadThrottle.UNLIMITED));
      assertThat(integrity.checkDue(revision)).contains(store.clock.instant().plus(hour));
    }
    try (var root = store.open()) {
      var release = root.release(StoreFixture.NAME);
      assertThat(release.integrity().checkDue(release.active().orElseThrow()).orElseThrow())
          .isAfter(store.clock.instant());
    }
    Files.createFile(directory.resolve(".corvid/running"));
    try (var root = store.open()) {
      var release = root.release(StoreFixture.NAME);
      assertThat(release.integrity().checkDue(release.active().orElseThrow()).orElseThrow())
          .isBefore(store.clock.instant());
    }
    store.recheckInterval = "0s";
    try (var root = store.open()) {
      var release = root.release(StoreFixture.NAME);
      assertThat(release.integrity().checkDue(release.active().orElseThrow())).isEmpty();
    }
  }

  private Release damaged(Root root, Revision revision, String named) throws IOException {
    var release = root.release(StoreFixture.NAME);
    var damage = revision.check(ReadThrottle.UNLIMITED);
    assertThat(damage.toString()).contains(named);
    assertThat(release.integrity().checked(revision, damage)).isTrue();
    assertThat(release.held()).isEmpty();
    assertThat(release.active()).as("is still what pods read").isPresent();
    return release;
  }

  private static void mend(Release release) throws IOException {
    try (var repair = release.integrity().repair(REVISION.content()).orElseThrow()) {
      deliver(repair, REVISION);
      repair.finish();
    }
  }

  static void deliver(Repair repair, SampleRevision revision) throws IOException {
    var verified = repair.verified();
    for (var piece = 0; piece < revision.metainfo().pieceCount(); piece++) {
      if (!verified.get(piece)) {
        repair.write(revision.metainfo().pieceOffset(piece), revision.piece(piece));
        repair.pieceVerified(piece);
      }
    }
  }

  private void assertWholeAndTidy() throws IOException {
    assertTree(store.current().toRealPath(), REVISION);
    assertThat(directory.resolve(".corvid/staging")).isEmptyDirectory();
    assertThat(directory.resolve(".corvid/trash")).isEmptyDirectory();
  }

  private Path file(String path) {
    return store.current().resolve(path);
  }

  private static Object inode(Path file) throws IOException {
    return Files.getAttribute(file, "unix:ino");
  }

  private static void flipABit(Path file, int at) throws IOException {
    var mode = Files.getPosixFilePermissions(file);
    var stamp = Files.getLastModifiedTime(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    var bytes = Files.readAllBytes(file);
    bytes[at] ^= 1;
    Files.write(file, bytes);
    Files.setPosixFilePermissions(file, mode);
    Files.setLastModifiedTime(file, stamp);
  }
}
