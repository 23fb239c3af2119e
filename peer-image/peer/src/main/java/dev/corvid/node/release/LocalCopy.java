package dev.corvid.node.release;

import dev.corvid.bittorrent.Storage;
import dev.corvid.bittorrent.metainfo.Metainfo;
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
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Fills a download from another storage of the same torrent, piece by piece, each checked as from a
 * peer.
 */
final class LocalCopy {
  private final Metainfo metainfo;
  private final Storage source;
  private final RevisionDownload target;

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
    ByteBuffer piece = ByteBuffer.allocate(metainfo.pieceLength());
    for (int index = verified.nextClearBit(0);
        index < metainfo.pieceCount();
        index = verified.nextClearBit(index + 1)) {
      if (stop.getAsBoolean()) {
        return false;
      }
      piece.clear().limit(metainfo.pieceLength(index));
      source.read(metainfo.pieceOffset(index), piece);
      piece.flip();
      if (!metainfo.pieceMatches(index, sha1(piece.duplicate()))) {
        throw new StoreException(
            Reason.Corrupted,
            "piece " + index + " of " + metainfo.infoHash() + " has changed on this node's disk");
      }
      target.write(metainfo.pieceOffset(index), piece);
      target.pieceReused(index);
    }
    return true;
  }

  /** Does not name the release: where a root is shared, that may be another tenant's. */
  private static StoreException cannotCopy(IOException cause) {
    return new StoreException(
        Reason.Corrupted,
        "copying what another release of this node holds failed; it is tried again by itself",
        cause);
  }

  private static byte[] sha1(ByteBuffer piece) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      digest.update(piece);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-1 is part of every JDK", e);
    }
  }
}
