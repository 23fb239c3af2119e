package dev.corvid.store.disk;

import dev.corvid.bittorrent.metainfo.Metainfo;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the files of a torrent are: in a tree, by their paths; of a revision the first file, the
 * manifest, stands apart, so that the tree is nothing but the content.
 *
 * @param apart where the first file is; null if it is in the tree
 * @param apartName its name there
 */
public record TreeFiles(Metainfo metainfo, Tree tree, @Nullable Directory apart, String apartName)
    implements OpenFileCache.Source, Closeable {
  private static final int WRITABLE = 0644;

  public TreeFiles(Metainfo metainfo, Tree tree) {
    this(metainfo, tree, null, "");
  }

  @Override
  public DataFile open(int file, boolean forWriting) throws IOException {
    if (apart != null && file == 0) {
      return forWriting ? apart.write(apartName) : apart.read(apartName);
    }
    var path = metainfo.path(file);
    return forWriting ? tree.making(path, TreeFiles::write) : tree.read(path);
  }

  /** What is on the disk for a file; nothing also if the directories above it are missing. */
  public Optional<Directory.Entry> find(int file) throws IOException {
    try {
      return apart != null && file == 0 ? apart.find(apartName) : tree.find(metainfo.path(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  public void delete(int file) throws IOException {
    try {
      if (apart != null && file == 0) {
        apart.delete(apartName);
      } else {
        tree.<@Nullable Void>at(
            metainfo.path(file),
            (parent, name) -> {
              parent.delete(name);
              return null;
            });
      }
    } catch (NoSuchFileException e) {
      // as wanted
    }
  }

  @Override
  public void close() throws IOException {
    tree.close();
  }

  /** Without capabilities not even uid 0 may write to a file that was sealed before a crash. */
  private static DataFile write(Directory parent, String name) throws IOException {
    try {
      return parent.write(name);
    } catch (AccessDeniedException e) {
      parent.mode(name, WRITABLE);
      return parent.write(name);
    }
  }
}
