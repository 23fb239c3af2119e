package dev.corvid.store;

import static dev.corvid.store.StoreFixture.NAME;
import static dev.corvid.store.StoreFixture.activate;
import static dev.corvid.store.StoreFixture.assertTree;
import static dev.corvid.store.StoreFixture.obey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.bittorrent.metainfo.InfoBuilder;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.manifest.ContentPath;
import dev.corvid.store.quota.Footprint;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.Grant.Action;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.text.ByteSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Quotas count what is written, and a publisher's word is not believed. */
class QuotaTest {
  private static final int MEBIBYTE = 1 << 20;
  private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);
  private static final SampleRevision FIRST = SampleRevision.of(1);
  private static final SampleRevision SECOND = SampleRevision.of(2);
  private static final ReleaseName OTHER = new ReleaseName("ads", "model");

  @TempDir Path directory;
  private StoreFixture store;

  @BeforeEach
  void open() {
    store = new StoreFixture(directory);
  }

  @Test
  void theQuotaCountsWhatIsWritten() throws IOException {
    store.quota = "1Mi";
    var torrent = torrent(100, 32 * MEBIBYTE);
    try (var root = store.open()) {
      var release = root.release(NAME);
      refused(() -> release.download(content(torrent, 1, 1), torrent), Reason.InvalidContent)
          .hasMessageContaining("has 33554432 bytes in 1 files")
          .hasMessageContaining("grant says 1 in 1");
      refused(
              () -> release.download(content(torrent, 32 * MEBIBYTE, 7), torrent),
              Reason.InvalidContent)
          .hasMessageContaining("33554432 in 7");
      assertThat(release.state().revisions()).isEmpty();
      assertThat(directory.resolve(".corvid/staging")).isEmptyDirectory();
      refused(
              () -> release.download(content(torrent, 32 * MEBIBYTE, 1), torrent),
              Reason.InsufficientDisk)
          .hasMessageContaining("needs 32")
          .hasMessageContaining("quota of 1Mi");
    }
  }

  @Test
  void aTorrentWithoutAManifestIsRefusedBeforeItsFirstByte() throws IOException {
    var torrent = new InfoBuilder("corvid", MEBIBYTE).makePrivate().file("a", 9, false).layout();
    try (var root = store.open()) {
      refused(
              () -> root.release(NAME).download(content(torrent, 9, 1), torrent),
              Reason.InvalidContent)
          .hasMessageContaining("does not begin with a manifest");
    }
  }

  @Test
  void aBookingIsNeverNegative() throws IOException {
    try (var disk = new CrashingDisk(directory, Integer.MAX_VALUE);
        var root = store.open(disk.top(), StoreFixture.INLINE)) {
      disk.free(MEBIBYTE);
      var torrent = torrent(100, 32 * MEBIBYTE);
      lie(root, content(torrent, 1, 1), torrent);
      var honest = torrent(100, 8 * MEBIBYTE);
      refused(
              () -> root.release(OTHER).download(content(honest, 8 * MEBIBYTE, 1), honest),
              Reason.InsufficientDisk)
          .hasMessageContaining("0 is promised to other downloads");
      try (var negative = root.quota().reserve("a lie", () -> -32L * MEBIBYTE)) {
        refused(
            () -> root.quota().reserve("another", () -> 8L * MEBIBYTE), Reason.InsufficientDisk);
      }
    }
  }

  @Test
  void emptyFilesCost() throws IOException {
    store.quota = "1Mi";
    var tree = new SampleRevision.Builder();
    for (var file = 0; file < 100_000; file++) {
      tree.file("d/" + file, new byte[0], false);
    }
    var empty = tree.build();
    try (var root = store.open()) {
      var release = root.release(NAME);
      refused(() -> release.download(empty.content(), empty.metainfo()), Reason.InsufficientDisk)
          .hasMessageContaining("quota of 1Mi");
      store.quota = null;
    }
    store.namespaceFiles = Map.of("*", 100_000L);
    try (var root = store.open()) {
      var release = root.release(NAME);
      refused(() -> release.download(empty.content(), empty.metainfo()), Reason.InsufficientDisk)
          .hasMessageContaining("100011 files, directories and links")
          .hasMessageContaining("namespace search in root models")
          .hasMessageContaining("of the 100000 that it may have");
    }
  }

  @Test
  void manifestsCost() throws IOException {
    store.quota = "1Mi";
    try (var root = store.open()) {
      var release = root.release(NAME);
      var huge = torrent(1 << 30, 1);
      refused(() -> release.download(content(huge, 1, 1), huge), Reason.InvalidContent)
          .hasMessageContaining("manifest of 1Gi")
          .hasMessageContaining("256Mi");
      var large = torrent(2 * MEBIBYTE, 1);
      refused(() -> release.download(content(large, 1, 1), large), Reason.InsufficientDisk)
          .hasMessageContaining("quota of 1Mi");
    }
  }

  @Test
  void emptyDirectoriesCostAsSoonAsTheManifestTellsOfThem() throws IOException {
    store.namespaceFiles = Map.of("search", 200L);
    var tree = new SampleRevision.Builder().file("z", new byte[100], false);
    for (var each = 0; each < 100; each++) {
      tree.emptyDirectory("d/" + each + "/e");
    }
    var revision = tree.build();
    try (var root = store.open()) {
      var release = obey(root, 1, Action.HOLD, revision);
      try (var download = release.download(revision.content(), revision.metainfo())) {
        refused(
                () -> {
                  revision.deliver(download);
                  download.finish();
                },
                Reason.InsufficientDisk)
            .hasMessageContaining("212 files, directories and links");
      }
    }
    store.namespaceFiles = Map.of("search", 212L);
    try (var root = store.open()) {
      activate(root, 1, revision);
      assertThat(root.release(NAME).state().disk().files()).isEqualTo(212);
    }
    try (var root = store.open()) {
      assertThat(root.release(NAME).state().disk().files()).isEqualTo(212);
    }
  }

  @Test
  void whatIsRefusedTakesNothingFromOthers() throws IOException {
    store.quota = "2Mi";
    store.namespaceQuotas = Map.of("search", "1Mi");
    var random = new Random(1);
    var large =
        new SampleRevision.Builder()
            .file("a", SampleRevision.bytes(random, MEBIBYTE), false)
            .build();
    try (var root = store.open()) {
      var release = obey(root, 1, Action.HOLD, large);
      refused(() -> release.download(large.content(), large.metainfo()), Reason.InsufficientDisk);
      assertThat(release.state().revisions()).isEmpty();
      root.release(OTHER).download(large.content(), large.metainfo()).close();
    }
    store.quota = null;
    store.namespaceQuotas = Map.of();
    try (var root = store.open()) {
      activate(root, 1, large);
    }
  }

  @Test
  void whatIsOnItsWayCountsAfterARestartToo() throws IOException {
    store.namespaceQuotas = Map.of("*", "100Ki");
    var first = small(1);
    var second = small(2);
    try (var root = store.open()) {
      obey(root, 1, Action.HOLD, first).download(first.content(), first.metainfo()).close();
    }
    try (var root = store.open()) {
      var release = root.release(NAME);
      refused(() -> release.download(second.content(), second.metainfo()), Reason.InsufficientDisk);
      release.download(first.content(), first.metainfo()).close();
    }
  }

  @Test
  void aFullQuotaIsReportedWithItsFigures() throws IOException {
    store.quota = "300Ki";
    try (var root = store.open()) {
      activate(root, 1, FIRST);
      refused(() -> activate(root, 2, SECOND), Reason.InsufficientDisk)
          .hasMessageContaining("quota of 300Ki");
      assertTree(store.current().toRealPath(), FIRST);
    }
  }

  @Test
  void aFullQuotaOfTheNamespaceIsReportedWithItsFigures() throws IOException {
    store.namespaceQuotas = Map.of("search", "300Ki", "other", "1");
    try (var root = store.open()) {
      activate(root, 1, FIRST);
      refused(() -> activate(root, 2, SECOND), Reason.InsufficientDisk)
          .hasMessageContaining("namespace search in root models would hold")
          .hasMessageContaining("quota of 300Ki");
    }
  }

  @Test
  void aDiskWithoutRoomIsReportedWithItsFiguresBeforeTheFirstByte() throws IOException {
    try (var disk = new CrashingDisk(directory, Integer.MAX_VALUE);
        var root = store.open(disk.top(), StoreFixture.INLINE)) {
      var release = obey(root, 1, Action.HOLD, FIRST);
      disk.fill();
      refused(() -> release.download(FIRST.content(), FIRST.metainfo()), Reason.InsufficientDisk)
          .hasMessageContaining("needs " + ByteSize.format(Footprint.of(FIRST.metainfo()).bytes()))
          .hasMessageContaining("root models has")
          .hasMessageContaining("tried again by itself");
    }
  }

  @Test
  void theReserveIsLeftFree() throws IOException {
    store.reserve = "1000Ti";
    try (var root = store.open()) {
      refused(() -> activate(root, 1, FIRST), Reason.InsufficientDisk)
          .hasMessageContaining("1000Ti is its reserve");
    }
  }

  private static SampleRevision small(long seed) {
    return new SampleRevision.Builder()
        .file("a", SampleRevision.bytes(new Random(seed), 10_000), false)
        .build();
  }

  /** A torrent whose hashes nobody has looked at. */
  private static Metainfo torrent(long manifestBytes, long fileBytes) throws IOException {
    return new InfoBuilder("corvid", MEBIBYTE)
        .makePrivate()
        .file(ContentPath.MANIFEST, manifestBytes, false)
        .file("a", fileBytes, false)
        .layout();
  }

  private static Content content(Metainfo torrent, long sizeBytes, int files) {
    return new Content(DIGEST, torrent.infoHash().hex(), MEBIBYTE, sizeBytes, files);
  }

  /** Delivers all but the manifest, if it is let. */
  private static void lie(Root root, Content content, Metainfo torrent) throws IOException {
    try {
      var download = root.release(NAME).download(content, torrent);
      for (var piece = 1; piece < torrent.pieceCount(); piece++) {
        download.write(torrent.pieceOffset(piece), ByteBuffer.allocate(torrent.pieceLength(piece)));
        download.pieceVerified(piece);
      }
    } catch (StoreException e) {
      assertThat(e.reason()).isEqualTo(Reason.InvalidContent);
    }
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> refused(
      ThrowingCallable call, Reason reason) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
