package dev.corvid.store;

import dev.corvid.bittorrent.metainfo.FileKind;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.metainfo.Sha1;
import dev.corvid.store.disk.DataFile;
import dev.corvid.store.disk.DiskError;
import dev.corvid.store.disk.OpenFileCache;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.manifest.ManifestEntry;
import dev.corvid.store.manifest.ManifestIndex;
import dev.corvid.store.manifest.Sha256;
import dev.corvid.store.piece.StagedPieces;
import dev.corvid.wire.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Takes from the revisions below a root what a new one has in common with them: whole files by size
 * and SHA-256, wherever they stand, and of large ones that changed the pieces that did not, by
 * hashing the file of the same path at the new one's boundaries. Bytes that shifted are not found.
 *
 * <p>Every byte is verified as one from a neighbour: a copied file by its SHA-256, every piece by
 * its SHA-1. A source that cannot be read is skipped; a full disk is an error.
 */
final class LocalReuse {
  private static final Logger LOG = Logger.getLogger(LocalReuse.class.getName());
  private static final int BUFFER_BYTES = 256 << 10;
  private static final int PROBES = 16;

  private final Metainfo wanted;
  private final ManifestIndex index;
  private final DataFile manifest;
  private final StagedPieces pieces;
  private final StagedFiles staged;
  private final BooleanSupplier stop;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

  /** The files that are written to, and the disk space that they need. */
  interface StagedFiles extends OpenFileCache.Source {
    /** Whether the piece is there and has its SHA-1. */
    boolean matches(int piece, ByteBuffer buffer);

    /** Checks from time to time that the disk has space for more. */
    void written(long bytes) throws StoreException;
  }

  /**
   * @param manifest of the wanted revision
   * @param stop asked between files and between pieces
   */
  LocalReuse(
      Metainfo wanted,
      ManifestIndex index,
      DataFile manifest,
      StagedPieces pieces,
      StagedFiles staged,
      BooleanSupplier stop) {
    this.wanted = wanted;
    this.index = index;
    this.manifest = manifest;
    this.pieces = pieces;
    this.staged = staged;
    this.stop = stop;
  }

  /**
   * Searches the sources, in this order.
   *
   * @param own earlier revisions of the same release
   * @param others of other releases
   * @return whether it came to its end
   * @throws StoreException {@code InsufficientDisk}
   */
  boolean from(List<Revision> own, List<Revision> others) throws IOException {
    var missing = WantedFiles.of(index, manifest, wanted.fileCount(), this::isMissing);
    for (var revision : Stream.concat(own.stream(), others.stream()).toList()) {
      copyFrom(revision, source -> wholeFiles(source, missing));
    }
    piecesOfWholeFiles();
    if (!own.isEmpty()) {
      copyFrom(own.getFirst(), this::partsOfFiles);
    }
    return !stop.getAsBoolean();
  }

  /** One way of copying from a source. */
  private interface Way {
    void from(ReuseSource source) throws IOException;
  }

  private void copyFrom(Revision revision, Way way) throws IOException {
    try (var source = revision.reuseSource()) {
      way.from(source);
    } catch (IOException e) {
      var failure = DiskError.of("cannot copy from " + revision, e);
      if (failure.reason() == Reason.InsufficientDisk) {
        throw failure;
      }
      LOG.log(Level.WARNING, failure.getMessage() + "; it is fetched instead", e);
    }
  }

  /** Copies what is missing and equal. */
  private void wholeFiles(ReuseSource source, WantedFiles missing) throws IOException {
    try (var entries = source.entries()) {
      for (var entry = entries.next();
          entry.isPresent() && !stop.getAsBoolean();
          entry = entries.next()) {
        if (entry.get() instanceof ManifestEntry.File held && held.size() > 0) {
          var candidates = missing.find(held.sha256()).filter(this::isMissing).iterator();
          while (candidates.hasNext()) {
            int file = candidates.nextInt();
            if (index.file(manifest, file).sha256().equals(held.sha256())) {
              wholeFile(source, held, file);
            }
          }
        }
      }
    }
  }

  /** Verifies the pieces that have come together from whole files. */
  private void piecesOfWholeFiles() throws IOException {
    var verified = pieces.verified();
    for (var piece = verified.nextClearBit(0);
        piece < wanted.pieceCount() && !stop.getAsBoolean();
        piece = verified.nextClearBit(piece + 1)) {
      if (pieces.isFoundWhole(piece) && staged.matches(piece, buffer)) {
        pieces.pieceReused(piece);
      }
    }
  }

  /** Copies the unchanged pieces of large files that changed. */
  private void partsOfFiles(ReuseSource source) throws IOException {
    for (var file = 1; file < wanted.fileCount() && !stop.getAsBoolean(); file++) {
      if (isMissing(file) && wanted.length(file) >= wanted.pieceLength()) {
        try (var held = source.tree().read(wanted.path(file));
            var target = staged.open(file, true)) {
          partsOfFile(held, file, target);
        } catch (NoSuchFileException e) {
          // not there before
        }
      }
    }
  }

  private boolean isMissing(int file) {
    return file > 0
        && wanted.kind(file) == FileKind.FILE
        && wanted.length(file) > 0
        && !pieces.isFound(file)
        && !pieces.isWhole(file);
  }

  private void wholeFile(ReuseSource source, ManifestEntry.File held, int file) throws IOException {
    staged.written(held.size());
    try (var original = source.tree().read(held.path());
        var target = staged.open(file, true)) {
      target.copy(original, 0, 0, held.size());
      if (sha256(target, held.size()).equals(held.sha256())) {
        pieces.fileFound(file);
      } else {
        pieces.discard(file); // the source's bytes may have overwritten good ones
      }
    } catch (NoSuchFileException | EOFException e) {
      pieces.discard(file);
    }
  }

  /** A few pieces spread over the file tell whether it is worth reading: often all has shifted. */
  private void partsOfFile(DataFile held, int file, DataFile target) throws IOException {
    var first = Math.ceilDiv(wanted.offset(file), (long) wanted.pieceLength());
    var end = (wanted.offset(file) + wanted.length(file)) / wanted.pieceLength();
    var count = (int) (end - first);
    var isLike = false;
    for (var probe = 0; probe < PROBES && !isLike; probe++) {
      isLike = isHeld(held, file, (int) (first + (long) probe * count / PROBES));
    }
    var verified = pieces.verified();
    for (var piece = (int) first; isLike && piece < end && !stop.getAsBoolean(); piece++) {
      if (!verified.get(piece) && isHeld(held, file, piece)) {
        var at = wanted.pieceOffset(piece) - wanted.offset(file);
        target.copy(held, at, at, wanted.pieceLength(piece));
        staged.written(wanted.pieceLength(piece));
        pieces.pieceReused(piece);
      }
    }
  }

  private boolean isHeld(DataFile held, int file, int piece) throws IOException {
    var digest = Sha1.digest();
    var start = wanted.pieceOffset(piece) - wanted.offset(file);
    return read(held, start, wanted.pieceLength(piece), digest)
        && wanted.pieceMatches(piece, digest.digest());
  }

  private String sha256(DataFile file, long length) throws IOException {
    var digest = Sha256.digest();
    return read(file, 0, length, digest) ? HexFormat.of().formatHex(digest.digest()) : "cut off";
  }

  private boolean read(DataFile file, long from, long length, MessageDigest digest)
      throws IOException {
    for (var at = from; at < from + length; at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), from + length - at));
      var count = file.read(buffer, at);
      if (count <= 0) {
        return false;
      }
      digest.update(buffer.flip());
    }
    return true;
  }
}
