package dev.corvid.store.piece;

import dev.corvid.bittorrent.Storage;
import dev.corvid.bittorrent.metainfo.FileKind;
import dev.corvid.store.disk.Directory;
import dev.corvid.store.disk.DiskError;
import dev.corvid.store.disk.DiskSync;
import dev.corvid.store.disk.TreeFiles;
import dev.corvid.store.error.StoreException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The pieces of an unfinished torrent: written to its files, recorded in its log, made safe by a
 * checkpoint every {@value #CHECKPOINT_BYTES} bytes or half a minute. Thread-safe.
 */
public final class StagedPieces implements Closeable {
  private static final long CHECKPOINT_BYTES = 256L << 20;

  private final TorrentFiles files;
  private final TreeFiles source;
  private final PieceLog log;
  private final StoreExecutors executors;
  private final BitSet verified;
  private final BitSet checked;
  private final BitSet found = new BitSet();
  private final BitSet forgotten = new BitSet();
  private BitSet unsynced = new BitSet();
  private long bytes;
  private long reusedBytes;
  private long unsafeBytes;
  private boolean timed;
  private boolean checkpointing;
  private boolean closed;
  private @Nullable StoreException failure;

  public StagedPieces(
      TorrentFiles files, TreeFiles source, PieceLog log, StoreExecutors executors) {
    this.files = files;
    this.source = source;
    this.log = log;
    this.executors = executors;
    this.verified = log.pieces();
    this.checked = log.files();
    log.unsafePieces().stream().forEach(piece -> unsynced.or(files.filesOf(piece)));
    bytes = verified.stream().mapToLong(files::storedBytes).sum();
    reusedBytes = log.reused().stream().mapToLong(files::storedBytes).sum();
  }

  /** Forgets what the log knows of files that are not there, or not as long as they should be. */
  public void forgetMissing() throws IOException {
    for (var file = 0; file < files.metainfo().fileCount(); file++) {
      if (files.isPad(file) || files.metainfo().length(file) == 0) {
        continue;
      }
      var found = source.find(file).map(Directory.Entry::size).orElse(-1L);
      if (isWhole(file) ? found != files.metainfo().length(file) : found < 0 && isBegun(file)) {
        discard(file);
      }
    }
  }

  public synchronized BitSet verified() {
    return (BitSet) verified.clone();
  }

  public synchronized boolean isComplete() {
    return verified.cardinality() == files.metainfo().pieceCount();
  }

  /** Whether every piece that has a byte of the file is verified; so an empty file is whole. */
  public synchronized boolean isWhole(int file) {
    return files.metainfo().length(file) == 0
        || verified.nextClearBit(files.firstPiece(file)) > files.lastPiece(file);
  }

  /** Bytes of the file that are verified from its beginning without a gap. */
  synchronized long prefix(int file) {
    var metainfo = files.metainfo();
    var gap = metainfo.pieceOffset(verified.nextClearBit(files.firstPiece(file)));
    return Math.clamp(gap - metainfo.offset(file), 0, metainfo.length(file));
  }

  /** Whether a piece of the file was forgotten since this was last asked. */
  synchronized boolean wasForgotten(int file) {
    var was = forgotten.get(file);
    forgotten.clear(file);
    return was;
  }

  /** Whether the file was read back whole and found right since. */
  synchronized boolean isChecked(int file) {
    return checked.get(file);
  }

  /** The file was read back and is right, unless a piece of it was forgotten meanwhile. */
  synchronized void fileChecked(int file) throws IOException {
    if (isWhole(file)) {
      log.file(file);
      checked.set(file);
    }
  }

  /** The whole file was copied from what this node held, and has its SHA-256. */
  public synchronized void fileFound(int file) {
    found.set(file);
  }

  public synchronized boolean isFound(int file) {
    return found.get(file);
  }

  /** Whether nothing of the piece need be fetched; its SHA-1 may still say otherwise. */
  public synchronized boolean isFoundWhole(int piece) {
    return !files.filesOf(piece).stream().anyMatch(file -> !found.get(file));
  }

  /** See {@link dev.corvid.bittorrent.Storage#present}. */
  public synchronized BitSet present(int piece) {
    var lacking = files.filesOf(piece);
    lacking.andNot(found);
    var units = new BitSet();
    if (lacking.isEmpty() || found.isEmpty()) {
      return units;
    }
    units.set(0, Math.ceilDiv(files.metainfo().pieceLength(piece), Storage.UNIT));
    lacking.stream().forEach(file -> files.clearUnits(units, piece, file));
    return units;
  }

  /** Verified bytes that came from what this node held. */
  public synchronized long reusedBytes() {
    return reusedBytes;
  }

  /** The piece was copied whole from what this node held, and has its SHA-1. */
  public void pieceReused(int piece) throws IOException {
    pieceVerified(piece);
    synchronized (this) {
      log.reused(piece);
      reusedBytes += files.storedBytes(piece);
      var touched = files.filesOf(piece);
      touched.and(found);
      for (var file = touched.nextSetBit(0); file >= 0; file = touched.nextSetBit(file + 1)) {
        fileChecked(file);
      }
    }
  }

  private synchronized boolean isBegun(int file) {
    var piece = verified.nextSetBit(files.firstPiece(file));
    return piece >= 0 && piece <= files.lastPiece(file);
  }

  /** Verified bytes without padding. */
  public synchronized long verifiedBytes() {
    return bytes;
  }

  public void write(long offset, ByteBuffer data) throws IOException {
    try {
      files.write(offset, data);
    } catch (IOException e) {
      throw DiskError.of("cannot write to the disk", e);
    }
  }

  public void pieceVerified(int piece) throws IOException {
    var touched = files.filesOf(piece);
    var stored = files.storedBytes(piece);
    boolean full;
    boolean first;
    synchronized (this) {
      throwFailure();
      log.piece(piece);
      if (!verified.get(piece)) {
        bytes += stored;
        reusedBytes += (long) present(piece).cardinality() * Storage.UNIT;
      }
      verified.set(piece);
      unsynced.or(touched);
      unsafeBytes += files.metainfo().pieceLength(piece);
      full = unsafeBytes >= CHECKPOINT_BYTES && !checkpointing;
      first = !timed;
      timed = true;
    }
    if (full) {
      executors.disk().execute(this::checkpoint);
    } else if (first) {
      executors.later().execute(this::checkpoint);
    }
  }

  /** Takes the piece for missing, and the files it is in for unchecked. */
  public synchronized void forget(int piece) throws IOException {
    if (log.reused().get(piece)) {
      reusedBytes -= files.storedBytes(piece);
    }
    log.forgetPiece(piece);
    var touched = files.filesOf(piece);
    for (var file = touched.nextSetBit(0); file >= 0; file = touched.nextSetBit(file + 1)) {
      log.forgetFile(file);
    }
    checked.andNot(touched);
    found.andNot(touched);
    forgotten.or(touched);
    if (verified.get(piece)) {
      bytes -= files.storedBytes(piece);
      verified.clear(piece);
    }
  }

  /**
   * Syncs what was verified so far, and records that in the piece log: all of it survives a power
   * failure.
   */
  void checkpoint() {
    BitSet syncing;
    synchronized (this) {
      timed = false;
      if (closed || checkpointing || unsynced.isEmpty()) {
        return;
      }
      try {
        log.mark();
      } catch (IOException e) {
        failure = DiskError.of("cannot write the piece log", e);
        return;
      }
      checkpointing = true;
      syncing = unsynced;
      unsynced = new BitSet();
      unsafeBytes = 0;
    }
    try {
      DiskSync.all(
          sink -> {
            for (var file = syncing.nextSetBit(0); file >= 0; file = syncing.nextSetBit(file + 1)) {
              var index = file;
              sink.run(() -> sync(index));
            }
          });
      log.checkpoint();
    } catch (IOException e) {
      synchronized (this) {
        failure = closed ? null : DiskError.of("cannot sync to the disk", e);
      }
    } finally {
      synchronized (this) {
        checkpointing = false;
        notifyAll();
      }
    }
  }

  /**
   * Syncs every file, also those that have no pieces.
   *
   * @throws StoreException if one could not be synced; it is discarded then
   */
  public void syncAll() throws StoreException, InterruptedException {
    synchronized (this) {
      for (var file = 0; file < files.metainfo().fileCount(); file++) {
        unsynced.set(file, files.metainfo().kind(file) == FileKind.FILE);
      }
    }
    while (true) {
      synchronized (this) {
        while (checkpointing) {
          wait();
        }
        if (unsynced.isEmpty() || failure != null) {
          throwFailure();
          return;
        }
      }
      checkpoint();
    }
  }

  /** What a checkpoint found; empties it, since the pieces concerned are forgotten by now. */
  public synchronized void throwFailure() throws StoreException {
    if (failure != null) {
      var thrown = failure;
      failure = null;
      throw thrown;
    }
  }

  /** After this no checkpoint touches the files. */
  @Override
  public void close() throws IOException {
    synchronized (this) {
      closed = true;
      while (checkpointing) {
        try {
          wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          break;
        }
      }
    }
    log.close();
  }

  /**
   * After a failed sync the kernel may show bytes that the disk has not: the file is given up, not
   * synced again.
   */
  private void sync(int file) throws IOException {
    try (var data = source.open(file, false)) {
      data.sync();
    } catch (IOException e) {
      discard(file);
      throw e;
    }
  }

  /** Forgets every piece of the file, and deletes it. */
  public void discard(int file) throws IOException {
    if (files.metainfo().length(file) > 0) {
      for (var piece = files.firstPiece(file); piece <= files.lastPiece(file); piece++) {
        forget(piece);
      }
    }
    files.close();
    source.delete(file);
  }
}
