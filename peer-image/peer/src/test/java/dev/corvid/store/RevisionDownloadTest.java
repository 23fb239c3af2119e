package dev.corvid.store;

import static dev.corvid.store.StoreFixture.assertTree;
import static dev.corvid.store.StoreFixture.obey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.store.disk.SecureDirectory;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.manifest.ManifestEntry;
import dev.corvid.store.piece.StoreExecutors;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.Grant.Action;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RevisionDownloadTest {
  private static final SampleRevision WANTED = SampleRevision.of(1);
  private static final int PIECES = WANTED.metainfo().pieceCount();

  @TempDir Path directory;
  private StoreFixture store;

  @BeforeEach
  void open() {
    store = new StoreFixture(directory);
  }

  @Test
  void aNewProcessOfTheSameBootGoesOnWhereTheOldOneEnded() throws IOException {
    try (var root = store.open()) {
      try (var download = begin(root)) {
        WANTED.deliver(download, 0);
        WANTED.deliver(download, 2);
      }
    }
    try (var root = store.open()) {
      var release = root.release(StoreFixture.NAME);
      assertThat(release.staged(WANTED.content()).orElseThrow().infoHash())
          .isEqualTo(WANTED.metainfo().infoHash());
      try (var download = begin(root)) {
        assertThat(download.verified().stream()).containsExactly(0, 2);
        WANTED.deliver(download);
        download.finish();
      }
    }
  }

  @Test
  void aFileThatFailsToCloseDoesNotHoldTheContent() throws IOException {
    try (var disk = new CrashingDisk(directory, Integer.MAX_VALUE);
        var root = store.open(disk.top(), StoreFixture.INLINE)) {
      var download = begin(root);
      WANTED.deliver(download, 0);
      disk.failCloses(true);
      assertThatThrownBy(download::close).isInstanceOf(IOException.class);
      disk.failCloses(false);

      try (var again = begin(root)) {
        assertThat(again.verified().stream()).containsExactly(0);
      }
    }
  }

  @Test
  void anotherBootTrustsOnlyWhatACheckpointSynced() throws IOException {
    var onDemand = new OnDemand();
    try (var root = store.open(SecureDirectory.open(directory), onDemand.executors())) {
      try (var download = begin(root)) {
        WANTED.deliver(download, 0);
        onDemand.run();
        WANTED.deliver(download, 1);
      }
    }
    store.bootId = "second";
    try (var root = store.open();
        var download = begin(root)) {
      assertThat(download.verified().stream()).containsExactly(0);
    }
  }

  @Test
  void aLogWithATornEndIsReadUpToIt() throws IOException {
    try (var root = store.open()) {
      try (var download = begin(root)) {
        WANTED.deliver(download, 0);
        WANTED.deliver(download, 1);
      }
    }
    try (var log = new RandomAccessFile(staged("log").toFile(), "rw")) {
      log.setLength(log.length() - 5);
    }
    try (var root = store.open();
        var download = begin(root)) {
      assertThat(download.verified().stream()).containsExactly(0);
    }
  }

  @Test
  void aFileThatChangedOnDiskIsFetchedAgain() throws IOException {
    var checks = new ArrayDeque<Runnable>();
    var executors = new StoreExecutors(Runnable::run, later -> {}, checks::add);
    try (var root = store.open(SecureDirectory.open(directory), executors);
        var download = begin(root)) {
      WANTED.deliver(download);
      damage(staged("tree/bin/run"), 100);
      damage(staged("tree/z"), 0);
      runAll(checks);

      assertThatThrownBy(download::finish)
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.Corrupted))
          .hasMessageContaining("1 of the pieces of 'bin/run' have changed on this disk");
      assertThat(download.verified().cardinality()).isEqualTo(PIECES - 1);
      runAll(checks);
      assertThatThrownBy(download::finish).hasMessageContaining("'z'");

      WANTED.deliver(download);
      runAll(checks);
      download.finish();
    }
    assertTree(revision(), WANTED);
  }

  @Test
  void whatCouldNotBeSyncedIsFetchedAgain() throws IOException {
    var onDemand = new OnDemand();
    try (var disk = new CrashingDisk(directory, Integer.MAX_VALUE);
        var root = store.open(disk.top(), onDemand.executors());
        var download = begin(root)) {
      WANTED.deliverManifest(download);
      disk.failSyncs(true);
      onDemand.run();
      disk.failSyncs(false);
      assertThatThrownBy(() -> WANTED.deliver(download)).isInstanceOf(StoreException.class);
      assertThat(download.hasManifest()).isFalse();

      WANTED.deliver(download);

      download.finish();
    }
    assertTree(revision(), WANTED);
  }

  @Test
  void aFileThatWasCutOffAfterItsCheckIsFetchedAgain() throws IOException {
    try (var root = store.open();
        var download = begin(root)) {
      WANTED.deliver(download);
      try (var file = new RandomAccessFile(staged("tree/bin/run").toFile(), "rw")) {
        file.setLength(10);
      }
      assertThatThrownBy(download::finish).hasMessageContaining("fetched again");
      WANTED.deliver(download);
      download.finish();
    }
    assertTree(revision(), WANTED);
  }

  @Test
  void aManifestThatWasNotGrantedIsRefusedAsSoonAsItIsThere() throws IOException {
    var c = WANTED.content();
    var other = "sha256:" + "0".repeat(64);
    var lie = new Content(other, c.infoHash(), c.pieceLength(), c.sizeBytes(), c.fileCount());
    try (var root = store.open()) {
      var release = obey(root, 1, Action.HOLD, WANTED);
      try (var download = release.download(lie, WANTED.metainfo())) {
        WANTED.deliver(download, 0);
        assertThatThrownBy(() -> WANTED.deliver(download, 1))
            .isInstanceOfSatisfying(
                StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DigestMismatch));
        assertThatThrownBy(download::finish).isInstanceOf(StoreException.class);
      }
    }
  }

  @Test
  void aFileThatIsNotWhatTheManifestSaysIsNeverActivated() throws IOException {
    var lying =
        new SampleRevision.Builder()
            .file("a", new byte[] {1, 2, 3}, false)
            .lie(new ManifestEntry.File("a", 3, false, "ab".repeat(32)))
            .build();
    refusedAsInvalid(lying, "differs from the manifest");
  }

  @Test
  void aTorrentThatDisagreesWithItsManifestIsRefused() throws IOException {
    var honest = SampleRevision.of(7);
    var c = honest.content();
    var counted =
        new Content(
            c.manifestDigest(), c.infoHash(), c.pieceLength(), c.sizeBytes() + 1, c.fileCount());
    refusedAsInvalid(
        new SampleRevision(
            honest.files(), honest.manifest(), honest.metainfo(), counted, honest.bytes()),
        "the grant says");
  }

  @Test
  void metainfoOfAnotherContentIsRefusedBeforeAByteIsWritten() throws IOException {
    try (var root = store.open()) {
      var release = obey(root, 1, Action.HOLD, WANTED);
      assertThatThrownBy(() -> release.download(WANTED.content(), SampleRevision.of(2).metainfo()))
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.InvalidContent));
      assertThat(release.state().revisions()).isEmpty();
    }
  }

  @Test
  void stagedPiecesAreServedAsTheyAreAndPaddingAsZeros() throws IOException {
    try (var root = store.open();
        var download = begin(root)) {
      WANTED.deliver(download);
      var all = ByteBuffer.allocate(WANTED.bytes().length);
      download.read(0, all);
      assertThat(all.array()).isEqualTo(WANTED.bytes());
      var out = new java.io.ByteArrayOutputStream();
      var channel = Channels.newChannel(out);
      for (long at = 0; at < WANTED.bytes().length; ) {
        at += download.transferTo(at, 1000, channel);
      }
      assertThat(out.toByteArray()).startsWith(java.util.Arrays.copyOf(WANTED.bytes(), 2000));
    }
  }

  @Test
  void whatIsNoLongerWantedLeavesTheStaging() throws IOException {
    try (var root = store.open()) {
      begin(root).close();
      assertThat(staged("tree")).exists();
      root.release(StoreFixture.NAME).retain(java.util.List.of());
      assertThat(directory.resolve(".corvid/staging")).isEmptyDirectory();
      try (var state = Files.list(directory.resolve(".corvid/state"))) {
        assertThat(state)
            .extracting(Path::getFileName)
            .extracting(Path::toString)
            .containsExactlyInAnyOrder("search.model.json", "spare");
      }
    }
  }

  private void refusedAsInvalid(SampleRevision revision, String why) throws IOException {
    try (var root = store.open()) {
      var release = obey(root, 1, Action.HOLD, revision);
      assertThatThrownBy(
              () -> {
                try (var download = release.download(revision.content(), revision.metainfo())) {
                  revision.deliver(download);
                  download.finish();
                }
              })
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.InvalidContent))
          .hasMessageContaining(why);
      assertThat(release.held()).isEmpty();
      assertThat(directory.resolve("search")).doesNotExist();
    }
  }

  private static RevisionDownload begin(Root root) throws IOException {
    return obey(root, 1, Action.HOLD, WANTED).download(WANTED.content(), WANTED.metainfo());
  }

  private Path staged(String name) {
    return directory
        .resolve(".corvid/staging/search.model." + WANTED.content().revision())
        .resolve(name);
  }

  private Path revision() {
    return directory.resolve("search/model/revisions/" + WANTED.content().revision());
  }

  private static void runAll(Queue<Runnable> tasks) {
    for (Runnable task; (task = tasks.poll()) != null; ) {
      task.run();
    }
  }

  private static void damage(Path file, int at) throws IOException {
    try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      var good = bytes.read();
      bytes.seek(at);
      bytes.write(good ^ 1);
    }
  }

  /** Checkpoints when the test says so. */
  private static final class OnDemand {
    private Runnable pending = () -> {};

    StoreExecutors executors() {
      return new StoreExecutors(Runnable::run, task -> pending = task, Runnable::run);
    }

    void run() {
      pending.run();
    }
  }
}
