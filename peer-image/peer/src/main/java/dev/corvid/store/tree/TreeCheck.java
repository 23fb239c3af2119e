package dev.corvid.store.tree;

import static java.util.Objects.requireNonNull;

import dev.corvid.bittorrent.metainfo.FileKind;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.store.disk.DataFile;
import dev.corvid.store.disk.Directory;
import dev.corvid.store.disk.Tree;
import dev.corvid.store.manifest.ManifestEntry;
import dev.corvid.store.manifest.ManifestReader;
import dev.corvid.store.manifest.Sha256;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares a finished tree with its manifest: every byte of every file, links, empty directories.
 * Memory is one line of the manifest and a bit for each file.
 */
public final class TreeCheck {
  private static final int BUFFER_BYTES = 256 << 10;

  private final Metainfo metainfo;
  private final Tree tree;
  private final long stamp;
  private final ReadThrottle throttle;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private final BitSet damaged = new BitSet();
  private @Nullable String example;
  private boolean obstructed;

  /**
   * @param stamp modification time that its files should have, epoch seconds
   */
  public TreeCheck(Metainfo metainfo, Tree tree, long stamp, ReadThrottle throttle) {
    this.metainfo = metainfo;
    this.tree = tree;
    this.stamp = stamp;
    this.throttle = throttle;
  }

  public Damage run(ManifestReader entries) throws IOException {
    var file = 1;
    for (var entry = entries.next(); entry.isPresent(); entry = entries.next()) {
      while (file < metainfo.fileCount() && metainfo.kind(file) == FileKind.PAD) {
        file++;
      }
      switch (entry.get()) {
        case ManifestEntry.File wanted -> {
          if (!isAsPublished(wanted)) {
            damaged.set(file);
            note(wanted.path());
          }
          file++;
        }
        case ManifestEntry.Link(var path, var text) -> {
          if (!isLink(path, text)) {
            note(path);
          }
          file++;
        }
        case ManifestEntry.EmptyDirectory(var path) -> {
          if (kind(path).filter(kind -> kind == Directory.Kind.DIRECTORY).isEmpty()) {
            note(path);
          }
        }
      }
    }
    return obstructed
        ? Damage.deep(requireNonNull(example, "what is in the way"))
        : new Damage(damaged, example, false);
  }

  /** The SHA-256 of a file of that length. */
  public static Optional<String> sha256(
      DataFile file, long length, ByteBuffer buffer, ReadThrottle throttle) throws IOException {
    var digest = Sha256.digest();
    for (long at = 0; at < length; at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), length - at));
      var count = file.read(buffer, at);
      if (count <= 0) {
        return Optional.empty();
      }
      digest.update(buffer.flip());
      throttle.read(count);
    }
    return Optional.of(HexFormat.of().formatHex(digest.digest()));
  }

  private boolean isAsPublished(ManifestEntry.File wanted) throws IOException {
    var found = find(wanted.path());
    if (found.isEmpty()
        || found.get().kind() != Directory.Kind.FILE
        || found.get().size() != wanted.size()) {
      return false;
    }
    if (found.get().modified() != stamp) {
      note(wanted.path());
    }
    try (var data = tree.read(wanted.path())) {
      return sha256(data, wanted.size(), buffer, throttle)
          .filter(wanted.sha256()::equals)
          .isPresent();
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      return false; // gone meanwhile, or the disk cannot read it any more
    }
  }

  private boolean isLink(String path, String text) throws IOException {
    return kind(path).filter(kind -> kind == Directory.Kind.LINK).isPresent()
        && tree.at(path, Directory::linkText).equals(text);
  }

  private Optional<Directory.Kind> kind(String path) throws IOException {
    return find(path).map(Directory.Entry::kind);
  }

  private Optional<Directory.Entry> find(String path) throws IOException {
    try {
      return tree.find(path);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (FileSystemException e) {
      obstructed = true; // something else stands where one of its directories was
      return Optional.empty();
    }
  }

  private void note(String path) {
    if (example == null) {
      example = path;
    }
  }
}
