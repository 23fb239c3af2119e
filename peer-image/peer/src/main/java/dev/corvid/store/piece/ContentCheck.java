package dev.corvid.store.piece;

import dev.corvid.bittorrent.metainfo.FileKind;
import dev.corvid.store.disk.DiskError;
import dev.corvid.store.disk.OpenFileCache;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.manifest.ManifestIndex;
import dev.corvid.store.manifest.Sha256;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads every file back from the disk as soon as its last piece has landed, and compares it with
 * the manifest; the manifest first, with the digest that was granted. Thread-safe.
 *
 * <p>When a file is wrong, its pieces tell why: one that no longer has its SHA-1 changed on this
 * disk, and is fetched again. If all of them have it, what was published contradicts itself, and no
 * retry helps.
 */
public final class ContentCheck {
  private static final int WORKERS = 2;
  private static final int BUFFER_BYTES = 256 << 10;

  private final Content content;
  private final TorrentFiles files;
  private final StagedPieces pieces;
  private final OpenFileCache.Source source;
  private final StoreExecutors executors;
  private final ManifestReading reading;
  private final BitSet pending = new BitSet();
  private @Nullable ManifestIndex manifest;
  private boolean readingManifest;
  private int workers;
  private @Nullable StoreException failure;
  private volatile boolean stopped;

  public ContentCheck(
      Content content,
      TorrentFiles files,
      StagedPieces pieces,
      OpenFileCache.Source source,
      StoreExecutors executors,
      ManifestReading reading) {
    this.content = content;
    this.files = files;
    this.pieces = pieces;
    this.source = source;
    this.executors = executors;
    this.reading = reading;
  }

  /** Receives the manifest before anything else uses it; may refuse it. */
  public interface ManifestReading {
    void read(ManifestIndex manifest) throws IOException;
  }

  /** Looks through all files for some to check: at the beginning, and after a failure. */
  public void all() {
    var every = new BitSet();
    every.set(0, files.metainfo().fileCount());
    landed(every);
  }

  /** Pieces of these files have landed. */
  public void landed(BitSet touched) {
    synchronized (this) {
      for (var file = touched.nextSetBit(0); file >= 0; file = touched.nextSetBit(file + 1)) {
        var known = file == 0 ? manifest != null : pieces.isChecked(file);
        if (hasDigest(file) && pieces.isWhole(file) && !known) {
          pending.set(file);
        }
      }
      startWorkers();
    }
  }

  /** Throws what is known to be wrong by now; a failure that fetching again cures only once. */
  public synchronized void throwFailure() throws StoreException {
    if (failure != null) {
      var thrown = failure;
      if (failure.reason() == Reason.Corrupted) {
        failure = null;
      }
      throw thrown;
    }
  }

  /**
   * The manifest's index once it was checked; empty if it is missing, or differs from the grant.
   */
  public synchronized Optional<ManifestIndex> manifest() throws InterruptedException {
    while (manifest == null && workers > 0) {
      wait();
    }
    return Optional.ofNullable(manifest);
  }

  /** Begins no further file, and stops reading the current ones. */
  public void stop() {
    stopped = true;
  }

  /** Waits until every file that is whole was read back. */
  public synchronized void await() throws InterruptedException {
    while (workers > 0) {
      wait();
    }
  }

  public synchronized boolean isComplete() {
    for (var file = 0; file < files.metainfo().fileCount(); file++) {
      if (hasDigest(file) && !pieces.isChecked(file)) {
        return false;
      }
    }
    return true;
  }

  private boolean hasDigest(int file) {
    return file == 0
        || !files.isPad(file)
            && files.metainfo().kind(file) == FileKind.FILE
            && files.metainfo().length(file) > 0;
  }

  private void startWorkers() {
    while (workers < WORKERS && next(false) >= 0) {
      workers++;
      executors.digest().execute(this::work);
      if (manifest == null) {
        return;
      }
    }
  }

  private void work() {
    var buffer = ByteBuffer.allocate(BUFFER_BYTES);
    for (int file; (file = take()) >= 0; ) {
      try {
        check(file, buffer);
      } catch (IOException e) {
        fail(DiskError.of("cannot read back '" + files.metainfo().path(file) + "'", e));
      } catch (RuntimeException e) {
        fail(
            new StoreException(
                Reason.Corrupted, "internal error in the check, please report it: " + e, e));
      }
    }
  }

  private synchronized int take() {
    var file = next(true);
    if (file < 0) {
      workers--;
      notifyAll();
    }
    return file;
  }

  private int next(boolean take) {
    if (failure != null || stopped) {
      return -1;
    }
    var file = pending.nextSetBit(0);
    if (manifest == null && (file != 0 || readingManifest)) {
      return -1;
    }
    if (take && file >= 0) {
      pending.clear(file);
      readingManifest |= file == 0;
    }
    return file;
  }

  private void check(int file, ByteBuffer buffer) throws IOException {
    ManifestIndex index;
    synchronized (this) {
      index = manifest;
      if (file != 0 && index == null) {
        pending.set(file); // another file showed that the manifest changed: this one comes after it
        return;
      }
    }
    var good = false;
    try {
      good = index == null || file == 0 ? checkManifest(buffer) : checkFile(index, file, buffer);
    } finally {
      if (file == 0) {
        synchronized (this) {
          readingManifest = false;
        }
      }
    }
    if (good) {
      pieces.fileChecked(file);
      synchronized (this) {
        startWorkers();
      }
    } else if (pieces.isWhole(file)) {
      explain(file, buffer);
    }
  }

  private boolean checkManifest(ByteBuffer buffer) throws IOException {
    if (!("sha256:" + sha256(0, buffer)).equals(content.manifestDigest())) {
      return false;
    }
    try (var file = source.open(0, false)) {
      var index = ManifestIndex.read(file, files.metainfo(), content);
      reading.read(index);
      synchronized (this) {
        manifest = index;
        notifyAll();
      }
    }
    return true;
  }

  private boolean checkFile(ManifestIndex index, int file, ByteBuffer buffer) throws IOException {
    String expected;
    try (var lines = source.open(0, false)) {
      expected = index.file(lines, file).sha256();
    }
    return sha256(file, buffer).equals(expected);
  }

  private String sha256(int file, ByteBuffer buffer) throws IOException {
    var digest = Sha256.digest();
    try (var data = source.open(file, false)) {
      var length = files.metainfo().length(file);
      for (long at = 0; at < length; ) {
        if (stopped) {
          throw new IOException("the download was closed");
        }
        buffer.clear().limit((int) Math.min(buffer.capacity(), length - at));
        var count = data.read(buffer, at);
        if (count < 0) {
          return "cut off";
        }
        digest.update(buffer.flip());
        at += count;
      }
    } catch (NoSuchFileException e) {
      return "missing";
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private void explain(int file, ByteBuffer buffer) throws IOException {
    var metainfo = files.metainfo();
    var bad = 0;
    for (var piece = files.firstPiece(file); piece <= files.lastPiece(file); piece++) {
      if (!files.matches(piece, buffer)) {
        pieces.forget(piece);
        bad++;
      }
    }
    synchronized (this) {
      if (!pieces.isWhole(0)) {
        manifest = null;
      }
    }
    var path = metainfo.path(file);
    if (bad > 0) {
      fail(
          new StoreException(
              Reason.Corrupted,
              ("%d of the pieces of '%s' have changed on this disk since they were written; they"
                      + " are fetched again. If it happens again, check the disk")
                  .formatted(bad, path)));
    } else if (file == 0) {
      fail(
          new StoreException(
              Reason.DigestMismatch,
              "the torrent carries another manifest than " + content.manifestDigest()));
    } else {
      fail(
          new StoreException(
              Reason.InvalidContent,
              "'" + path + "' arrived as published, but differs from the manifest: publish again"));
    }
  }

  private synchronized void fail(StoreException why) {
    // A failure that another download does not cure takes precedence.
    if (failure == null || failure.reason() == Reason.Corrupted) {
      failure = why;
    }
  }
}
