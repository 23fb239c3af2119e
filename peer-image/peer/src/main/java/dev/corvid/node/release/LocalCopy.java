package dev.corvid.node.release;

import dev.corvid.bittorrent.Storage;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.metainfo.Sha1;
import dev.corvid.store.Release;
import dev.corvid.store.Revision;
import dev.corvid.store.RevisionDownload;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.piece.SeedStorage;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Fills a download from another storage of the same torrent, piece by piece, each checked as from a
 * peer.
 */
final class LocalCopy {
  /** A piece may be larger than the heap. */
  private static final int BUFFER_BYTES = 64 << 10;

  private final Metainfo metainfo;
  private final Storage source;
  private final RevisionDownload target;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

  LocalCopy(Metainfo metainfo, Storage source, RevisionDownload target) {
    this.metainfo = metainfo;
    this.source = source;
    this.target = target;
  }

  /**
   * Copies a finished revision of another release of this node.
   *
   * @param stop asked between pieces
   * @return the copy; empty if it was interrupted, what was copied stays
   */
  static Optional<Revision> of(
      Revision duplicate, Release release, Content content, BooleanSupplier stop)
      throws StoreException {
    Metainfo metainfo;
    SeedStorage lent;
    try {
      metainfo = duplicate.metainfo();
      lent = duplicate.open();
    } catch (StoreException e) {
      throw cannotCopy(e);
    }
    try (var source = lent;
        var download = release.download(content, metainfo)) {
      return new LocalCopy(metainfo, source, download).run(stop)
          ? Optional.of(download.finish())
          : Optional.empty();
    } catch (StoreException e) {
      throw e;
    } catch (IOException e) {
      throw cannotCopy(e);
    }
  }

  /**
   * Copies what the target lacks.
   *
   * @param stop asked between pieces
   * @return whether the target is whole
   * @throws StoreException {@code Corrupted} when the source's bytes have changed
   */
  boolean run(BooleanSupplier stop) throws IOException {
    BitSet verified = target.verified();
    for (int index = verified.nextClearBit(0);
        index < metainfo.pieceCount();
        index = verified.nextClearBit(index + 1)) {
      if (stop.getAsBoolean()) {
        return false;
      }
      if (!metainfo.pieceMatches(index, copy(index))) {
        throw new StoreException(
            Reason.Corrupted,
            "piece " + index + " of " + metainfo.infoHash() + " has changed on this node's disk");
      }
      target.pieceReused(index);
    }
    return true;
  }

  /** Returns the SHA-1 of what was copied: before that matches, the target does not count it. */
  private byte[] copy(int piece) throws IOException {
    MessageDigest digest = Sha1.digest();
    long end = metainfo.pieceOffset(piece) + metainfo.pieceLength(piece);
    for (long at = metainfo.pieceOffset(piece); at < end; at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
      source.read(at, buffer);
      digest.update(buffer.flip());
      target.write(at, buffer.rewind());
    }
    return digest.digest();
  }

  /** Does not name the release: where a root is shared, that may be another tenant's. */
  private static StoreException cannotCopy(IOException cause) {
    return new StoreException(
        Reason.Corrupted,
        "copying what another release of this node holds failed; it is tried again by itself",
        cause);
  }
}
