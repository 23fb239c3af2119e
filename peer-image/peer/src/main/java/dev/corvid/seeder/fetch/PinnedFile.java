package dev.corvid.seeder.fetch;

import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.seeder.unpack.FileName;
import dev.corvid.seeder.unpack.UnpackFormat;
import dev.corvid.store.manifest.ContentPath;
import dev.corvid.store.manifest.ManifestEntry;
import dev.corvid.store.manifest.ManifestWriter;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.seeder.SeederTask;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;

/**
 * A source that is a single file, not unpacked, and what an earlier seeder made of it: its name,
 * length and SHA-256 are all that its manifest says, so that the revision is known but for the
 * hashes of its pieces.
 *
 * @param sourceDigest {@code sha256:…} of the file
 * @param content the revision's names
 * @param manifest the revision's first file
 */
public record PinnedFile(String sourceDigest, Content content, byte[] manifest) {
  private static final int MANIFEST = 0;

  /**
   * @param url of the source, whose last part names the file
   */
  public static Optional<PinnedFile> of(SeederTask task, SourceUrl url) throws SourceException {
    var pinned = task.pinned();
    if (pinned == null
        || pinned.content().fileCount() != 1
        || (task.manifestDigest() != null
            && !task.manifestDigest().equals(pinned.content().manifestDigest()))
        || (task.http().digest() != null && !task.http().digest().equals(pinned.sourceDigest()))
        || UnpackFormat.of(task.unpack().format(), url) != UnpackFormat.NONE) {
      return Optional.empty();
    }
    var file =
        new ManifestEntry.File(
            FileName.of(url),
            pinned.content().sizeBytes(),
            false,
            pinned.sourceDigest().substring("sha256:".length()));
    var manifest = new ByteArrayOutputStream();
    try (var writer = new ManifestWriter(manifest)) {
      writer.add(file);
      return writer.finish().digest().equals(pinned.content().manifestDigest())
          ? Optional.of(
              new PinnedFile(pinned.sourceDigest(), pinned.content(), manifest.toByteArray()))
          : Optional.empty();
    } catch (IOException e) {
      // Whatever it is that cannot be written here, an attempt at the whole will name it.
      return Optional.empty();
    }
  }

  public long length() {
    return content.sizeBytes();
  }

  /** Whether a torrent is that of the manifest and the file. */
  public boolean isIn(Metainfo metainfo) {
    return metainfo.infoHash().hex().equals(content.infoHash())
        && metainfo.path(MANIFEST).equals(ContentPath.MANIFEST)
        && metainfo.length(MANIFEST) == manifest.length
        && metainfo.length(metainfo.fileCount() - 1) == length();
  }

  boolean isManifest(int file) {
    return file == MANIFEST;
  }
}
