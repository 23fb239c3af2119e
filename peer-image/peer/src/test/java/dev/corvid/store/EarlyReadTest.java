package dev.corvid.store;

import static dev.corvid.store.StoreFixture.INLINE;
import static dev.corvid.store.StoreFixture.assertTree;
import static dev.corvid.store.StoreFixture.obey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.store.error.StoreException;
import dev.corvid.store.piece.StoreExecutors;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Grant.Action;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A large file is read back while it arrives, and nothing that changes later gets by. */
class EarlyReadTest {
  private static final int LENGTH = 80 * SampleRevision.PIECE;
  private static final int STEP = 8 * SampleRevision.PIECE;
  private static final SampleRevision WANTED =
      new SampleRevision.Builder()
          .file("large", SampleRevision.bytes(new Random(1), LENGTH), false)
          .build();
  private static final int LAST = WANTED.metainfo().pieceCount() - 1;

  @TempDir Path directory;
  private StoreFixture store;
  private CrashingDisk disk;
  private Runnable checkpoint = () -> {};

  @BeforeEach
  void open() {
    store = new StoreFixture(directory);
    store.earlyReadBytes = 8 * STEP;
    disk = new CrashingDisk(directory, Integer.MAX_VALUE);
  }

  @AfterEach
  void close() throws IOException {
    disk.close();
  }

  @Test
  void aLargeFileIsReadWhileItArrives() throws IOException {
    try (var root = store.open(disk.top(), INLINE);
        var download = begin(root)) {
      deliver(download, 0, LAST);
      var early = disk.bytesRead();
      assertThat(early).isGreaterThan(LENGTH - 2 * STEP);

      WANTED.deliver(download, LAST);

      assertThat(disk.bytesRead() - early).isBetween((long) LENGTH, (long) LENGTH + 2 * STEP);
      download.finish();
    }
    assertTree(revision(), WANTED);
  }

  @Test
  void aSmallerOneIsReadWhenItIsWhole() throws IOException {
    store.earlyReadBytes = LENGTH + 1;
    try (var root = store.open(disk.top(), INLINE);
        var download = begin(root)) {
      deliver(download, 0, LAST);
      assertThat(disk.bytesRead()).isLessThan(STEP);
    }
  }

  @Test
  void aByteThatChangesAfterItWasReadIsFoundBeforeActivation() throws IOException {
    try (var root = store.open();
        var download = begin(root)) {
      deliver(download, 0, LAST);
      damage(100);

      WANTED.deliver(download, LAST);

      assertCorrupted(download);
      WANTED.deliver(download);
      download.finish();
    }
    assertTree(revision(), WANTED);
  }

  @Test
  void aByteThatChangesWhileNothingRunsIsFoundBeforeActivation() throws IOException {
    try (var root = store.open();
        var download = begin(root)) {
      deliver(download, 0, LAST);
    }
    damage(100);
    try (var root = store.open();
        var download = begin(root)) {
      WANTED.deliver(download, LAST);

      assertCorrupted(download);
      WANTED.deliver(download);
      download.finish();
    }
    assertTree(revision(), WANTED);
  }

  @Test
  void bytesThatWereWrongWhenTheyWereReadAreFetchedAgain() throws IOException {
    try (var root = store.open();
        var download = begin(root)) {
      deliverAllButTheLastWithAWrongOne(download);

      WANTED.deliver(download, LAST);

      assertCorrupted(download);
      WANTED.deliver(download);
      download.finish();
    }
    assertTree(revision(), WANTED);
  }

  @Test
  void bytesThatWereMendedAfterTheyWereReadAreRight() throws IOException {
    try (var root = store.open();
        var download = begin(root)) {
      deliverAllButTheLastWithAWrongOne(download);
      WANTED.deliver(download, 1);

      WANTED.deliver(download, LAST);

      download.finish();
    }
    assertTree(revision(), WANTED);
  }

  /** Their checksum may be that of what was there before: another SHA-256 is needed. */
  @Test
  void whatIsFetchedAgainIsReadFromTheBeginning() throws IOException {
    var executors = new StoreExecutors(Runnable::run, task -> checkpoint = task, Runnable::run);
    try (var root = store.open(disk.top(), executors);
        var download = begin(root)) {
      deliver(download, 0, LAST);
      disk.failSyncs(true);
      checkpoint.run();
      disk.failSyncs(false);
      assertThatThrownBy(() -> WANTED.deliver(download, LAST)).isInstanceOf(StoreException.class);
      assertThat(download.verified().cardinality()).isLessThan(LAST);
      var before = disk.bytesRead();

      WANTED.deliver(download);

      assertThat(disk.bytesRead() - before).isGreaterThanOrEqualTo(2 * LENGTH - 2 * STEP);
      download.finish();
    }
    assertTree(revision(), WANTED);
  }

  private static RevisionDownload begin(Root root) throws IOException {
    return obey(root, 1, Action.HOLD, WANTED).download(WANTED.content(), WANTED.metainfo());
  }

  private static void deliver(RevisionDownload download, int from, int to) throws IOException {
    for (var piece = from; piece < to; piece++) {
      WANTED.deliver(download, piece);
    }
  }

  /** Of the second piece, other bytes reach the disk than were verified. */
  private static void deliverAllButTheLastWithAWrongOne(RevisionDownload download)
      throws IOException {
    WANTED.deliver(download, 0);
    download.write(
        WANTED.metainfo().pieceOffset(1), ByteBuffer.allocate(WANTED.metainfo().pieceLength(1)));
    download.pieceVerified(1);
    deliver(download, 2, LAST);
  }

  private static void assertCorrupted(RevisionDownload download) {
    assertThatThrownBy(download::finish)
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.Corrupted))
        .hasMessageContaining("1 of the pieces of 'large' have changed on this disk");
    assertThat(download.verified().cardinality()).isEqualTo(LAST);
  }

  private void damage(int at) throws IOException {
    var file =
        directory
            .resolve(".corvid/staging/search.model." + WANTED.content().revision())
            .resolve("tree/large");
    try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      var good = bytes.read();
      bytes.seek(at);
      bytes.write(good ^ 1);
    }
  }

  private Path revision() {
    return directory.resolve("search/model/revisions/" + WANTED.content().revision());
  }
}
