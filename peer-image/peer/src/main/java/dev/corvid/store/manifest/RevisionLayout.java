package dev.corvid.store.manifest;

import dev.corvid.bittorrent.metainfo.FileKind;
import dev.corvid.bittorrent.metainfo.InfoBuilder;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.metainfo.PieceLength;
import dev.corvid.store.error.StoreException;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.text.ByteSize;
import java.io.IOException;

/**
 * The torrent of a revision, version 1: a pure function of the manifest and the piece length. The
 * manifest itself is the first file, then come files and links in the manifest's order; empty
 * directories are in the manifest alone. Private, without dates, and always of the same name, so
 * that nothing but the content decides the info-hash.
 */
public final class RevisionLayout {
  /**
   * The longest manifest: that of as many files as an info dictionary has room for, their paths of
   * ordinary length.
   */
  static final long MAX_MANIFEST_BYTES = 256L << 20;

  private static final String NAME = "corvid";
  private static final int STICKY = 4;

  private RevisionLayout() {}

  /**
   * Files and offsets; give it the piece hashes and it makes the info dictionary.
   *
   * @param manifest read to its end
   * @param manifestBytes the manifest's own length
   * @throws StoreException {@code InvalidContent} if that is above the bound of 256 MiB, or the
   *     names are above that of info dictionaries; before they are all held
   */
  public static InfoBuilder of(ManifestReader manifest, long manifestBytes, int pieceLength)
      throws IOException {
    requireBound(manifestBytes);
    var info = new InfoBuilder(NAME, pieceLength).makePrivate();
    info.file(ContentPath.MANIFEST, manifestBytes, false);
    for (var entry = manifest.next(); entry.isPresent(); entry = manifest.next()) {
      switch (entry.get()) {
        case ManifestEntry.File file -> info.file(file.path(), file.size(), file.executable());
        case ManifestEntry.Link link -> info.link(link.path(), link.text());
        case ManifestEntry.EmptyDirectory directory -> {}
      }
      requireNames(info.nameBytes());
    }
    return info;
  }

  /**
   * Checks what is known before the first byte arrives: the torrent begins with a manifest, and its
   * size is that of the grant. A lying seeder may never send the manifest itself.
   *
   * @throws StoreException {@code InvalidContent} if it is not so
   */
  public static void requireContent(Metainfo metainfo, Content content) throws StoreException {
    requireManifest(metainfo);
    requireBound(metainfo.length(0));
    long bytes = 0;
    var files = 0;
    for (var file = 1; file < metainfo.fileCount(); file++) {
      if (metainfo.kind(file) == FileKind.FILE) {
        bytes = Math.addExact(bytes, metainfo.length(file));
        files++;
      }
    }
    if (bytes != content.sizeBytes() || files != content.fileCount()) {
      throw new StoreException(
          Reason.InvalidContent,
          "the torrent has %d bytes in %d files beside its manifest, the grant says %d in %d: publish again, and ask who made the torrent if that does not help"
              .formatted(bytes, files, content.sizeBytes(), content.fileCount()));
    }
  }

  public static void requireManifest(Metainfo metainfo) throws StoreException {
    if (metainfo.fileCount() == 0
        || !ContentPath.MANIFEST.equals(metainfo.path(0))
        || metainfo.kind(0) != FileKind.FILE) {
      throw new StoreException(
          Reason.InvalidContent,
          "the torrent does not begin with a manifest; a seeder must make it");
    }
  }

  private static void requireNames(long bytes) throws StoreException {
    if (bytes > Metainfo.MAX_INFO_BYTES) {
      throw new StoreException(
          Reason.InvalidContent,
          "the names of the content's files take more than %s, which is the most that a torrent has room for; pack the small ones into an archive of their own, or shorten their paths"
              .formatted(ByteSize.format(Metainfo.MAX_INFO_BYTES)));
    }
  }

  private static void requireBound(long manifestBytes) throws StoreException {
    if (manifestBytes > MAX_MANIFEST_BYTES) {
      throw new StoreException(
          Reason.InvalidContent,
          "a manifest of %s is longer than %s; pack the files into archives"
              .formatted(ByteSize.format(manifestBytes), ByteSize.format(MAX_MANIFEST_BYTES)));
    }
  }

  /** The piece length of a content, if no earlier revision of the release has set one. */
  public static int pieceLength(long contentBytes) {
    return PieceLength.forSize(contentBytes);
  }

  /**
   * The earlier revision's piece length, so that unchanged large files keep their pieces, unless it
   * has come to be off by more than four times.
   */
  public static int pieceLength(long contentBytes, int earlier) {
    var fresh = PieceLength.forSize(contentBytes);
    return earlier > fresh * STICKY || fresh > earlier * STICKY ? fresh : earlier;
  }
}
