package dev.corvid.store.tree;

import dev.corvid.store.disk.DataFile;
import dev.corvid.store.disk.DataInput;
import dev.corvid.store.disk.Directory;
import dev.corvid.store.disk.DiskSync;
import dev.corvid.store.disk.Trash;
import dev.corvid.store.disk.TreeFiles;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.manifest.ManifestEntry;
import dev.corvid.store.manifest.ManifestReader;
import dev.corvid.wire.Reason;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Replaces damaged files by new ones, each by one rename, and restores links, modes and times. */
public final class FileRepair {
  private static final int BUFFER_BYTES = 256 << 10;

  private final TreeFiles placed;
  private final TreeFiles staged;
  private final BitSet damaged;
  private final Trash trash;

  /**
   * @param damaged the files that are new in {@code staged}
   * @param trash for what is neither file nor link and stands in the way
   */
  public FileRepair(TreeFiles placed, TreeFiles staged, BitSet damaged, Trash trash) {
    this.placed = placed;
    this.staged = staged;
    this.damaged = damaged;
    this.trash = trash;
  }

  /**
   * @param stamp modification time of all files, epoch seconds
   */
  public void run(long stamp) throws IOException {
    try (var manifest = placed.open(0, false)) {
      verify(manifest);
      for (var file : damaged.stream().toArray()) {
        replace(file, stamp);
      }
      var again = new TreeMetadataWriter(placed.tree(), placed.metainfo(), stamp).run(manifest);
      if (!again.isEmpty()) {
        throw changedAgain(placed.metainfo().path(again.nextSetBit(0)));
      }
    }
    DiskSync.directories(placed.tree().top());
  }

  private void verify(DataFile manifest) throws IOException {
    var buffer = ByteBuffer.allocate(BUFFER_BYTES);
    var file = 0;
    try (var entries =
        new ManifestReader(new BufferedInputStream(new DataInput(manifest), 64 << 10))) {
      for (var entry = entries.next(); entry.isPresent(); entry = entries.next()) {
        if (!(entry.get() instanceof ManifestEntry.File wanted)) {
          continue;
        }
        file = damaged.nextSetBit(file);
        if (file < 0) {
          return;
        }
        if (placed.metainfo().path(file).equals(wanted.path())) {
          verify(file++, wanted, buffer);
        }
      }
    }
  }

  private void verify(int file, ManifestEntry.File wanted, ByteBuffer buffer) throws IOException {
    try (var data = staged.open(file, true)) {
      if (TreeCheck.sha256(data, wanted.size(), buffer, ReadThrottle.UNLIMITED)
          .filter(wanted.sha256()::equals)
          .isEmpty()) {
        throw changedAgain(wanted.path());
      }
      data.sync();
    }
  }

  private void replace(int file, long stamp) throws IOException {
    var path = placed.metainfo().path(file);
    var mode = TreeMetadataWriter.mode(placed.metainfo().executable(file));
    staged
        .tree()
        .at(
            path,
            (from, name) -> {
              from.mode(name, mode);
              from.stamp(name, stamp);
              return placed.tree().making(path, (to, same) -> replace(from, to, name));
            });
  }

  private @Nullable Void replace(Directory from, Directory to, String name) throws IOException {
    if (to.find(name).map(Directory.Entry::kind).orElse(null) == Directory.Kind.DIRECTORY) {
      trash.take(to, name);
    }
    from.move(name, to, name);
    return null;
  }

  private static StoreException changedAgain(String path) {
    return new StoreException(
        Reason.Corrupted,
        "'" + path + "' changed on this disk while it was repaired: check the disk");
  }
}
