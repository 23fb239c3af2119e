package dev.corvid.store.tree;

import dev.corvid.bittorrent.metainfo.FileKind;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.store.disk.DataFile;
import dev.corvid.store.disk.DataInput;
import dev.corvid.store.disk.Directory;
import dev.corvid.store.disk.Tree;
import dev.corvid.store.manifest.ManifestEntry;
import dev.corvid.store.manifest.ManifestReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a tree has besides the bytes of its files: modes, modification times, links, empty
 * files and directories. A second run, after a crash in the middle, changes nothing.
 */
public final class TreeMetadataWriter {
  private static final int READABLE = 0444;
  private static final int EXECUTABLE = 0555;

  private final Tree tree;
  private final Metainfo metainfo;
  private final long stamp;
  private final BitSet damaged = new BitSet();

  /**
   * @param stamp modification time of all files, epoch seconds
   */
  public TreeMetadataWriter(Tree tree, Metainfo metainfo, long stamp) {
    this.tree = tree;
    this.metainfo = metainfo;
    this.stamp = stamp;
  }

  /**
   * @return numbers of the files that have not the size that they were verified with; they are left
   *     as they are
   */
  public BitSet run(DataFile manifest) throws IOException {
    var file = 1;
    try (var entries =
        new ManifestReader(new BufferedInputStream(new DataInput(manifest), 64 << 10))) {
      for (var entry = entries.next(); entry.isPresent(); entry = entries.next()) {
        if (entry.get() instanceof ManifestEntry.EmptyDirectory(var path)) {
          tree.making(path, TreeMetadataWriter::emptyDirectory);
          continue;
        }
        while (metainfo.kind(file) == FileKind.PAD) {
          file++;
        }
        if (!apply(entry.get())) {
          damaged.set(file);
        }
        file++;
      }
    }
    return damaged;
  }

  static int mode(boolean executable) {
    return executable ? EXECUTABLE : READABLE;
  }

  private boolean apply(ManifestEntry entry) throws IOException {
    return switch (entry) {
      case ManifestEntry.File file ->
          tree.making(file.path(), (parent, name) -> file(parent, name, file));
      case ManifestEntry.Link(var path, var text) ->
          tree.making(path, (parent, name) -> link(parent, name, text));
      case ManifestEntry.EmptyDirectory directory -> true;
    };
  }

  private boolean file(Directory parent, String name, ManifestEntry.File file) throws IOException {
    var found = parent.find(name);
    if (found.isEmpty() && file.size() == 0) {
      parent.write(name).close();
      found = parent.find(name);
    }
    if (found.isEmpty()
        || found.get().kind() != Directory.Kind.FILE
        || found.get().size() != file.size()) {
      return false;
    }
    parent.mode(name, mode(file.executable()));
    parent.stamp(name, stamp);
    return true;
  }

  private static boolean link(Directory parent, String name, String text) throws IOException {
    if (parent.find(name).isPresent()) {
      if (parent.linkText(name).equals(text)) {
        return true;
      }
      parent.delete(name);
    }
    parent.link(name, text);
    return true;
  }

  private static @Nullable Void emptyDirectory(Directory parent, String name) throws IOException {
    parent.make(name).close();
    return null;
  }
}
