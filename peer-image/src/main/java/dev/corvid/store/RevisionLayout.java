package dev.corvid.store;

import dev.corvid.metainfo.InfoBuilder;
import dev.corvid.metainfo.PieceLength;
import java.io.IOException;

/**
 * The torrent of a revision, version 1: a pure function of the manifest and the piece length. The
 * manifest itself is the first file, then come files and links in the manifest's order; empty
 * directories are in the manifest alone. Private, without dates, and always of the same name, so
 * that nothing but the content decides the info-hash.
 */
public final class RevisionLayout {
  private static final String NAME = "corvid";
  private static final int STICKY = 4;

  private RevisionLayout() {}

  /**
   * Files and offsets; give it the piece hashes and it makes the info dictionary.
   *
   * @param manifest read to its end
   * @param manifestBytes the manifest's own length
   */
  public static InfoBuilder of(ManifestReader manifest, long manifestBytes, int pieceLength)
      throws IOException {
    var info = new InfoBuilder(NAME, pieceLength).makePrivate();
    info.file(ContentPath.MANIFEST, manifestBytes, false);
    for (var entry = manifest.next(); entry.isPresent(); entry = manifest.next()) {
      switch (entry.get()) {
        case ManifestEntry.File file -> info.file(file.path(), file.size(), file.executable());
        case ManifestEntry.Link link -> info.link(link.path(), link.text());
        case ManifestEntry.EmptyDirectory directory -> {}
      }
    }
    return info;
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
