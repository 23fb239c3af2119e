package dev.corvid.store;

import dev.corvid.bittorrent.Storage;
import dev.corvid.store.disk.DataFile;
import dev.corvid.store.disk.DiskError;
import dev.corvid.store.disk.DiskSync;
import dev.corvid.store.disk.TreeFiles;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.manifest.ManifestIndex;
import dev.corvid.store.piece.ContentCheck;
import dev.corvid.store.piece.PieceLog;
import dev.corvid.store.piece.StagedPieces;
import dev.corvid.store.piece.StoreExecutors;
import dev.corvid.store.piece.TorrentFiles;
import dev.corvid.store.quota.DiskQuota;
import dev.corvid.store.quota.Footprint;
import dev.corvid.store.state.StateStore;
import dev.corvid.store.tree.TreeMetadataWriter;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Clock;
import java.util.BitSet;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A revision being downloaded: the storage that the swarm writes to, which becomes a {@link
 * Revision}. It may stay open afterwards and then serves the finished files. Thread-safe.
 *
 * <p>Files are read back and checked while others still arrive. If one of them is wrong, the next
 * {@link #pieceVerified} throws the {@link StoreException}, and so the swarm stops.
 */
public final class RevisionDownload implements Storage, Closeable {
  private static final long RESERVE_CHECK_BYTES = 64L << 20;

  private final Owner owner;
  private final Content content;
  private final StateStore states;
  private final TreeFiles source;
  private final TorrentFiles files;
  private final PieceLog log;
  private final DiskQuota quota;
  private final StoreExecutors executors;
  private final Clock clock;
  private final StagedPieces pieces;
  private final ContentCheck check;
  private final long bytesTotal;
  private volatile Footprint disk;
  private DiskQuota.SpaceReservation reservation = () -> {};
  private @Nullable Revision finished;
  private boolean closed;
  private long unreserved;
  private volatile boolean searched;

  /** The release that is downloaded for; {@code toString} names it. */
  interface Owner {
    /** The tree is whole and synced: renames it into place and remembers that. */
    Revision place(Content content, long stamp, long reused) throws IOException;

    /**
     * The manifest has the empty directories, which the torrent does not.
     *
     * @throws StoreException {@code InsufficientDisk} if there is no room for them
     */
    void counted(Content content, Footprint disk) throws IOException;

    /** It may have been broken off between renaming and remembering. */
    void closed(RevisionDownload download) throws IOException;

    /** Finished revisions of the release, the active one first. */
    List<Revision> placed() throws IOException;

    /** See {@link OtherReleases#reusableFor}. */
    List<Revision> reusable() throws IOException;

    boolean hasReusable();
  }

  private RevisionDownload(
      Owner owner,
      Content content,
      Footprint disk,
      StagedRevision staged,
      DiskQuota quota,
      StoreExecutors executors,
      StoreOptions options) {
    this.owner = owner;
    this.content = content;
    this.disk = disk;
    this.states = staged.states();
    this.source = staged.source();
    this.files = staged.files();
    this.log = staged.log();
    this.quota = quota;
    this.executors = executors;
    this.clock = options.clock();
    this.pieces = new StagedPieces(files, source, log, executors);
    this.check =
        new ContentCheck(
            content, files, pieces, source, executors, this::counted, options.earlyReadBytes());
    this.bytesTotal = content.sizeBytes() + files.metainfo().length(0);
  }

  /** Reserves space for what is missing, and checks what is staged already. */
  static RevisionDownload open(
      Owner owner,
      Content content,
      Footprint disk,
      StagedRevision staged,
      DiskQuota quota,
      StoreExecutors executors,
      StoreOptions options)
      throws IOException {
    var download = new RevisionDownload(owner, content, disk, staged, quota, executors, options);
    try {
      download.start();
      return download;
    } catch (IOException | RuntimeException e) {
      download.close();
      throw e;
    }
  }

  private void start() throws IOException {
    if (!isNew()) {
      pieces.forgetMissing();
    }
    reservation = quota.reserve(toString(), this::bytesMissing);
    searched = !owner.hasReusable();
    check.all();
  }

  /** Whether nothing was staged when it was opened, and nothing has arrived since. */
  boolean isNew() {
    return log.isEmpty();
  }

  /** Also resumes what a {@code Corrupted} stopped: the affected pieces are missing now. */
  @Override
  public BitSet verified() {
    check.all();
    return pieces.verified();
  }

  @Override
  public BitSet present(int piece) {
    return pieces.present(piece);
  }

  @Override
  public void write(long offset, ByteBuffer data) throws IOException {
    written(data.remaining());
    try {
      pieces.write(offset, data);
    } catch (StoreException e) {
      throw quota.explain(e, toString(), bytesMissing());
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
  public void pieceVerified(int piece) throws IOException {
    check.throwFailure();
    pieces.pieceVerified(piece);
    check.landed(files.filesOf(piece));
  }

  /** Verified bytes, pieces counted whole, padding apart. */
  public long bytesDone() {
    return pieces.verifiedBytes();
  }

  /** Bytes of the revision with its manifest, padding apart. */
  public long bytesTotal() {
    return bytesTotal;
  }

  /** Bytes copied from revisions that this node already held. */
  public long bytesReused() {
    return pieces.reusedBytes();
  }

  /** As {@link #pieceVerified}, of a piece that was copied from what this node held. */
  public void pieceReused(int piece) throws IOException {
    check.throwFailure();
    pieces.pieceReused(piece);
    check.landed(files.filesOf(piece));
  }

  /** Whether {@link #reuse} is worth a try as soon as the manifest is here. */
  public boolean mayReuse() {
    return !searched;
  }

  /** Whether the pieces of the manifest are verified. */
  public boolean hasManifest() {
    return pieces.isWhole(0);
  }

  /**
   * Copies what this revision has in common with finished ones below the root, of this release and
   * of others that it may take from. Call it while no torrent uses this storage, and the manifest
   * is here; it takes as long as the disk needs.
   *
   * @param stop asked between files
   * @return whether it came to its end; if not, call it again
   * @throws StoreException {@code InsufficientDisk}
   */
  public boolean reuse(BooleanSupplier stop) throws StoreException {
    try {
      var index = check.manifest();
      if (index.isEmpty() || !mayReuse()) {
        return true; // a bad manifest is reported with the next piece
      }
      var own = owner.placed();
      var others = owner.reusable();
      searched = executors.compute(() -> reuse(index.get(), own, others, stop));
      check.all();
      return searched;
    } catch (IOException e) {
      throw quota.explain(DiskError.of("cannot reuse", e), toString(), bytesMissing());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DiskError.of("broken off", new InterruptedIOException());
    }
  }

  /**
   * Verifies what is left, syncs, and renames the tree into its place. Call it when every piece is
   * verified; it blocks as long as the disk needs. Once more after success returns the same.
   *
   * @throws StoreException {@code Corrupted} if bytes on this disk have changed: their pieces are
   *     forgotten, so close the torrent and add it again, with this storage, to fetch them; {@code
   *     InvalidContent} or {@code DigestMismatch} if the content contradicts its manifest, which no
   *     retry cures
   */
  public synchronized Revision finish() throws StoreException {
    if (finished != null) {
      return finished;
    }
    if (closed) {
      throw new IllegalStateException("the download is closed");
    }
    try {
      check.await();
      check.throwFailure();
      pieces.throwFailure();
      if (!pieces.isComplete() || !check.isComplete()) {
        throw new IllegalStateException("pieces are missing");
      }
      var stamp = clock.instant().getEpochSecond();
      files.close();
      writeMetadata(stamp);
      pieces.syncAll();
      DiskSync.directories(source.tree().top());
      states.sync();
      log.placing(stamp);
      finished = owner.place(content, stamp, bytesReused());
      reservation.close();
      pieces.close();
      return finished;
    } catch (IOException e) {
      throw quota.explain(DiskError.of("cannot finish " + this, e), toString(), 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DiskError.of("broken off", new InterruptedIOException());
    }
  }

  /** Closes files; what is staged stays for a later download. */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    reservation.close();
    check.stop();
    // Whatever fails on its way, the next download of this content must be able to begin.
    try {
      if (finished == null) {
        pieces.close();
      }
    } finally {
      try {
        files.close();
      } finally {
        try {
          source.close();
        } finally {
          owner.closed(this);
        }
      }
    }
  }

  @Override
  public String toString() {
    return "revision " + content.revision() + " of " + owner;
  }

  private boolean reuse(
      ManifestIndex index, List<Revision> own, List<Revision> others, BooleanSupplier stop)
      throws IOException {
    try (var manifest = source.open(0, false)) {
      return new LocalReuse(files.metainfo(), index, manifest, pieces, new Staged(), stop)
          .from(own, others);
    }
  }

  private void written(long bytes) throws StoreException {
    unreserved += bytes;
    if (unreserved > RESERVE_CHECK_BYTES) {
      unreserved = 0;
      quota.checkReserve(toString(), bytesMissing());
    }
  }

  /** Of the disk: blocks and inodes too. */
  private long bytesMissing() {
    return Math.max(0, disk.bytes() - bytesDone());
  }

  private void counted(ManifestIndex manifest) throws IOException {
    disk = Footprint.ofOwn(files.metainfo()).plus(manifest.tree());
    owner.counted(content, disk);
  }

  private void writeMetadata(long stamp) throws IOException {
    try (var manifest = source.open(0, false)) {
      var damaged = new TreeMetadataWriter(source.tree(), files.metainfo(), stamp).run(manifest);
      if (!damaged.isEmpty()) {
        for (var file = damaged.nextSetBit(0); file >= 0; file = damaged.nextSetBit(file + 1)) {
          pieces.discard(file);
        }
        throw new StoreException(
            Reason.Corrupted,
            damaged.cardinality() + " files have changed on this disk; they are fetched again");
      }
    }
  }

  private final class Staged implements LocalReuse.StagedFiles {
    @Override
    public DataFile open(int file, boolean forWriting) throws IOException {
      return source.open(file, forWriting);
    }

    @Override
    public boolean matches(int piece, ByteBuffer buffer) {
      return files.matches(piece, buffer);
    }

    @Override
    public void written(long bytes) throws StoreException {
      RevisionDownload.this.written(bytes);
    }
  }
}
