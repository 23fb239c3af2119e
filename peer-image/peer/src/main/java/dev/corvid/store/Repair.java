package dev.corvid.store;

import dev.corvid.bittorrent.Storage;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.store.disk.DataFile;
import dev.corvid.store.disk.DiskError;
import dev.corvid.store.disk.OpenFileCache;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.piece.TorrentFiles;
import dev.corvid.store.quota.DiskQuota;
import dev.corvid.store.state.StoredRevision;
import dev.corvid.store.tree.Damage;
import dev.corvid.store.tree.RepairFiles;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.BitSet;

/**
 * A repair of a finished revision with damaged files: the storage that the swarm writes to and
 * serves from. The damaged files are rebuilt in staging, from their pieces that are still good and
 * those that arrive; {@link #finish} renames each over the damaged one. Readers see either the one
 * or the other, and all other files stay where they are. Thread-safe.
 *
 * <p>An interrupted repair leaves no record: the next one reads the tree again.
 */
public final class Repair implements Storage, Closeable {
  private static final int BUFFER_BYTES = 256 << 10;

  private final Owner owner;
  private final StoredRevision damaged;
  private final Metainfo metainfo;
  private final Damage damage;
  private final RepairFiles rebuilt;
  private final DiskQuota quota;
  private final OpenFileCache openFiles;
  private final TorrentFiles files;
  private DiskQuota.SpaceReservation reservation = () -> {};
  private final BitSet verified = new BitSet();
  private boolean closed;

  /** What a repair is for; {@code toString} names the release. */
  interface Owner {
    /** Renames the new files into the tree, and remembers that the revision is whole. */
    Revision finish(StoredRevision damaged, RepairFiles files)
        throws IOException, InterruptedException;

    /** The repair is closed, finished or not. */
    void closed(Content content) throws IOException;
  }

  /**
   * @param rebuilt the tree with its damage, and an empty one beside it
   */
  Repair(
      Owner owner,
      StoredRevision damaged,
      Damage damage,
      RepairFiles rebuilt,
      DiskQuota quota,
      OpenFileCache openFiles) {
    this.owner = owner;
    this.damaged = damaged;
    this.metainfo = rebuilt.placed().metainfo();
    this.damage = damage;
    this.rebuilt = rebuilt;
    this.quota = quota;
    this.openFiles = openFiles;
    this.files = new TorrentFiles(metainfo, rebuilt, openFiles);
  }

  /** Reserves space for the new files, and copies the good pieces of the damaged ones. */
  void start() throws IOException {
    reservation = quota.reserve(toString(), this::bytes); // its quota has room for it already
    verified.set(0, metainfo.pieceCount());
    var buffer = ByteBuffer.allocate(BUFFER_BYTES);
    try (var as = new TorrentFiles(metainfo, rebuilt.placed(), openFiles)) {
      for (var file : damage.files().stream().toArray()) {
        try (var target = rebuilt.staged().open(file, true)) {
          copyGood(as, file, target, buffer);
        }
      }
    }
  }

  /** Whether nothing has to be fetched. */
  public synchronized boolean isComplete() {
    return verified.cardinality() == metainfo.pieceCount();
  }

  public Metainfo metainfo() {
    return metainfo;
  }

  public Damage damage() {
    return damage;
  }

  @Override
  public synchronized BitSet verified() {
    return (BitSet) verified.clone();
  }

  @Override
  public void write(long offset, ByteBuffer data) throws IOException {
    try {
      files.write(offset, data);
    } catch (IOException e) {
      throw quota.explain(DiskError.of("cannot repair " + this, e), toString(), bytes());
    }
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    files.read(offset, target);
  }

  @Override
  public long transferTo(long offset, long count, WritableByteChannel target) throws IOException {
    return files.transferTo(offset, count, target);
  }

  @Override
  public synchronized void pieceVerified(int piece) {
    verified.set(piece);
  }

  /**
   * Verifies the new files as a whole, syncs them and renames them into the tree. Call it when
   * every piece is verified, and no torrent uses this storage.
   *
   * @throws StoreException {@code Corrupted} if they are damaged again
   */
  public Revision finish() throws StoreException {
    if (!isComplete()) {
      throw new IllegalStateException("pieces are missing");
    }
    try {
      files.close();
      return owner.finish(damaged, rebuilt);
    } catch (IOException e) {
      throw quota.explain(DiskError.of("cannot repair " + this, e), toString(), 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(Reason.Corrupted, "the repair of " + this + " was broken off", e);
    }
  }

  /** Closes files, and forgets what was not finished. */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    reservation.close();
    files.close();
    rebuilt.staged().close();
    rebuilt.placed().close();
    owner.closed(damaged.content());
  }

  @Override
  public String toString() {
    return "revision " + damaged.revision() + " of " + owner;
  }

  private void copyGood(TorrentFiles as, int file, DataFile target, ByteBuffer buffer)
      throws IOException {
    if (metainfo.length(file) == 0) {
      return;
    }
    for (var piece = as.firstPiece(file); piece <= as.lastPiece(file); piece++) {
      if (as.matches(piece, buffer)) {
        var from = Math.max(metainfo.offset(file), metainfo.pieceOffset(piece));
        var end =
            Math.min(
                metainfo.offset(file) + metainfo.length(file),
                metainfo.pieceOffset(piece) + metainfo.pieceLength(piece));
        try (var source = rebuilt.placed().open(file, false)) {
          var at = from - metainfo.offset(file);
          target.copy(source, at, at, end - from);
        }
      } else {
        verified.clear(piece);
      }
    }
  }

  private long bytes() {
    return damage.files().stream().mapToLong(metainfo::length).sum();
  }
}
