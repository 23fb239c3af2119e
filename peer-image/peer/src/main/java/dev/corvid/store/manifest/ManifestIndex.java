package dev.corvid.store.manifest;

import dev.corvid.bittorrent.metainfo.FileKind;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.store.disk.DataFile;
import dev.corvid.store.disk.DataInput;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.quota.Footprint;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A manifest that agrees with the torrent that carries it, entry for entry; finds the line of a
 * file by its number in the torrent. The lines stay on the disk. Immutable.
 */
public final class ManifestIndex {
  private static final int USUAL_LINE = 512;

  private final long[] lines;
  private final Footprint tree;

  private ManifestIndex(long[] lines, Footprint tree) {
    this.lines = lines;
    this.tree = tree;
  }

  /**
   * Reads the whole manifest. It must agree with the torrent's files and pieces, and with the
   * grant.
   *
   * @throws StoreException {@code InvalidContent} if it is not valid, or they disagree
   */
  public static ManifestIndex read(DataFile manifest, Metainfo metainfo, Content content)
      throws IOException {
    RevisionLayout.requireManifest(metainfo);
    var lines = new long[metainfo.fileCount()];
    var next = 1;
    var tree = new Footprint.Counter();
    long bytes = 0;
    var files = 0;
    try (var reader =
        new ManifestReader(new BufferedInputStream(new DataInput(manifest), 64 << 10))) {
      for (var at = reader.position(); ; at = reader.position()) {
        var entry = reader.next();
        if (entry.isEmpty()) {
          break;
        }
        tree.add(
            entry.get().path(), entry.get() instanceof ManifestEntry.File file ? file.size() : 0);
        if (entry.get() instanceof ManifestEntry.EmptyDirectory) {
          continue;
        }
        while (next < lines.length && metainfo.kind(next) == FileKind.PAD) {
          next++;
        }
        if (next == lines.length || !agree(entry.get(), metainfo, next)) {
          throw disagreement(entry.get().path());
        }
        lines[next++] = at;
        if (entry.get() instanceof ManifestEntry.File file) {
          bytes = Math.addExact(bytes, file.size());
          files++;
        }
      }
    } catch (ArithmeticException e) {
      throw new StoreException(Reason.InvalidContent, "the manifest's sizes overflow", e);
    }
    if (next != lines.length) {
      throw disagreement(String.valueOf(metainfo.path(next)));
    }
    if (bytes != content.sizeBytes() || files != content.fileCount()) {
      throw new StoreException(
          Reason.InvalidContent,
          "the manifest has %d bytes in %d files, the grant says %d in %d"
              .formatted(bytes, files, content.sizeBytes(), content.fileCount()));
    }
    return new ManifestIndex(lines, tree.total());
  }

  /** What its files, links and directories take of the disk. */
  public Footprint tree() {
    return tree;
  }

  /** The manifest's entry of a file of the torrent; not for the manifest itself, nor for pads. */
  public ManifestEntry.File file(DataFile manifest, int file) throws IOException {
    for (var length = USUAL_LINE; ; length = ManifestLine.MAX_BYTES) {
      var text = new byte[length];
      var count = manifest.read(ByteBuffer.wrap(text), lines[file]);
      var end = 0;
      while (end < count && text[end] != '\n') {
        end++;
      }
      if (end < count
          && ManifestLine.decode(Arrays.copyOf(text, end)) instanceof ManifestEntry.File entry) {
        return entry;
      }
      if (end < count || length == ManifestLine.MAX_BYTES) {
        throw new StoreException(Reason.Corrupted, "the manifest on this disk has changed");
      }
    }
  }

  private static boolean agree(ManifestEntry entry, Metainfo metainfo, int file)
      throws StoreException {
    if (!entry.path().equals(metainfo.path(file))) {
      return false;
    }
    return switch (entry) {
      case ManifestEntry.File(var path, var size, var executable, var sha256) ->
          metainfo.kind(file) == FileKind.FILE
              && metainfo.length(file) == size
              && metainfo.executable(file) == executable;
      case ManifestEntry.Link(var path, var text) ->
          metainfo.kind(file) == FileKind.LINK
              && metainfo.linkTarget(file).equals(ContentPath.linkTarget(path, text));
      case ManifestEntry.EmptyDirectory directory -> false;
    };
  }

  private static StoreException disagreement(String path) {
    return new StoreException(
        Reason.InvalidContent,
        "manifest and torrent disagree about '" + path + "'; the seeder that made them is wrong");
  }
}
