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
import java.security.MessageDigest;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads every file back from the disk as soon as its last piece has landed, and compares it with
 * the manifest; the manifest first, with the digest that was granted. Thread-safe.
 *
 * <p>Of a large file, the SHA-256 of what is there without a gap from its beginning is computed
 * while the rest arrives. Bytes may change on the disk after that, and so they are read once more
 * when the file is whole: a CRC-32C, which takes a fraction of the time, tells whether they did.
 *
 * <p>When a file is wrong, its pieces tell why: one that no longer has its SHA-1 changed on this
 * disk, and is fetched again. If all of them have it, what was published contradicts itself, and no
 * retry helps.
 */
public final class ContentCheck {
  private static final int WORKERS = 2;
  private static final int BUFFER_BYTES = 256 << 10;

  /** A file is read early in steps of this part of the shortest that is. */
  private static final int EARLY_STEPS = 8;

  private final Content content;
  private final TorrentFiles files;
  private final StagedPieces pieces;
  private final OpenFileCache.Source source;
  private final StoreExecutors executors;
  private final ManifestReading reading;
  private final long earlyReadBytes;
  private final BitSet pending = new BitSet();
  private final BitSet growing = new BitSet();
  private final BitSet busy = new BitSet();
  private final Map<Integer, Prefix> prefixes = new HashMap<>();
  private @Nullable ManifestIndex manifest;
  private boolean readingManifest;
  private int workers;
  private @Nullable StoreException failure;
  private volatile boolean stopped;

  /**
   * @param earlyReadBytes a file of at least so many is read while it arrives
   */
  public ContentCheck(
      Content content,
      TorrentFiles files,
      StagedPieces pieces,
      OpenFileCache.Source source,
      StoreExecutors executors,
      ManifestReading reading,
      long earlyReadBytes) {
    this.content = content;
    this.files = files;
    this.pieces = pieces;
    this.source = source;
    this.executors = executors;
    this.reading = reading;
    this.earlyReadBytes = earlyReadBytes;
  }

  /** What was read of a file; added to by the one worker that the file is {@code busy} with. */
  private static final class Prefix {
    final MessageDigest digest = Sha256.digest();
    final CRC32C checksum = new CRC32C();
    volatile long end;

    void add(ByteBuffer bytes) {
      var next = end + bytes.remaining();
      checksum.update(bytes.duplicate());
      digest.update(bytes);
      end = next;
    }
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
      if (!pieces.isWhole(0)) {
        manifest = null; // it could not be synced, and is fetched again
      }
      for (var file = touched.nextSetBit(0); file >= 0; file = touched.nextSetBit(file + 1)) {
        var known = file == 0 ? manifest != null : pieces.isChecked(file);
        if (!hasDigest(file) || known) {
          continue;
        }
        if (pieces.isWhole(file)) {
          pending.set(file);
        } else if (hasGrown(file)) {
          growing.set(file);
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

  private boolean hasGrown(int file) {
    if (file == 0 || files.metainfo().length(file) < earlyReadBytes) {
      return false;
    }
    return pieces.prefix(file) - prefix(file).end >= earlyReadBytes / EARLY_STEPS;
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
      var early = file != 0 && !pieces.isWhole(file);
      try {
        check(file, buffer);
      } catch (IOException e) {
        fail(DiskError.of("cannot read back '" + files.metainfo().path(file) + "'", e));
      } catch (RuntimeException e) {
        fail(
            new StoreException(
                Reason.Corrupted, "internal error in the check, please report it: " + e, e));
      } finally {
        synchronized (this) {
          busy.clear(file);
        }
      }
      if (early) {
        executors.digest().execute(this::work); // after what other downloads have to read
        return;
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
    var file = idle(pending);
    if (manifest == null && (file != 0 || readingManifest)) {
      return -1;
    }
    if (file < 0) {
      file = idle(growing);
    }
    if (take && file >= 0) {
      pending.clear(file);
      growing.clear(file);
      busy.set(file);
      readingManifest |= file == 0;
    }
    return file;
  }

  /** The first of these that no worker has. */
  private int idle(BitSet some) {
    var file = some.nextSetBit(0);
    while (file >= 0 && busy.get(file)) {
      file = some.nextSetBit(file + 1);
    }
    return file;
  }

  private void check(int file, ByteBuffer buffer) throws IOException {
    if (file != 0 && !pieces.isWhole(file)) {
      readPrefix(file, buffer);
      return;
    }
    if (file != 0 && pieces.isChecked(file)) {
      return; // its last piece landed while another worker began to read it
    }
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
    var prefix = prefix(file);
    if (!isUnchanged(file, prefix, buffer)) {
      prefix = new Prefix();
    }
    synchronized (this) {
      prefixes.remove(file);
    }
    return sha256(file, prefix, buffer).equals(expected);
  }

  /** One step; after a restart there may be many. */
  private void readPrefix(int file, ByteBuffer buffer) throws IOException {
    var prefix = prefix(file);
    var end = Math.min(pieces.prefix(file), prefix.end + earlyReadBytes / EARLY_STEPS);
    var there = read(file, prefix.end, end, buffer, prefix::add);
    synchronized (this) {
      if (!there) {
        prefixes.remove(file);
      } else if (hasGrown(file)) {
        growing.set(file);
      }
    }
  }

  /** What was read of the file, if nothing of it was fetched again since. */
  private synchronized Prefix prefix(int file) {
    if (pieces.wasForgotten(file)) {
      prefixes.remove(file);
    }
    return prefixes.computeIfAbsent(file, _ -> new Prefix());
  }

  /** Whether what was read of the file is still on the disk as it was then. */
  private boolean isUnchanged(int file, Prefix prefix, ByteBuffer buffer) throws IOException {
    if (prefix.end == 0) {
      return true;
    }
    var checksum = new CRC32C();
    return read(file, 0, prefix.end, buffer, checksum::update)
        && checksum.getValue() == prefix.checksum.getValue();
  }

  private String sha256(int file, ByteBuffer buffer) throws IOException {
    return sha256(file, new Prefix(), buffer);
  }

  /** Of the whole file; uses up the prefix. */
  private String sha256(int file, Prefix prefix, ByteBuffer buffer) throws IOException {
    return read(file, prefix.end, files.metainfo().length(file), buffer, prefix.digest::update)
        ? HexFormat.of().formatHex(prefix.digest.digest())
        : "cut off";
  }

  /** Whether the file is there as far as that. */
  private boolean read(int file, long from, long end, ByteBuffer buffer, Consumer<ByteBuffer> sink)
      throws IOException {
    try (var data = source.open(file, false)) {
      for (var at = from; at < end; ) {
        if (stopped) {
          throw new IOException("the download was closed");
        }
        buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
        var count = data.read(buffer, at);
        if (count < 0) {
          return false;
        }
        sink.accept(buffer.flip());
        at += count;
      }
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
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
