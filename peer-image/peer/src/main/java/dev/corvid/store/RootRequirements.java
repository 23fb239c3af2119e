package dev.corvid.store;

import dev.corvid.store.disk.Directory;
import dev.corvid.store.disk.Trash;
import dev.corvid.store.error.StoreException;
import dev.corvid.wire.Reason;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** What must be true of a directory, and of this process, before a root is opened in it. */
final class RootRequirements {
  private static final String PROBE = ".corvid-probe";

  private RootRequirements() {}

  /** This process can name every file that a content may have. */
  static void requireNames() throws StoreException {
    try {
      Path.of("\u00e9");
    } catch (InvalidPathException e) {
      throw new StoreException(
          Reason.RootNotWritable,
          "this process cannot write file names beyond ASCII; start it with LC_ALL=C.UTF-8",
          e);
    }
  }

  /** Other users with write permission could replace directories while Corvid works in them. */
  static void requirePrivate(Directory directory, String hostPath, String root) throws IOException {
    var access = directory.access();
    if (!access.isPrivate()) {
      throw new StoreException(
          Reason.RootNotWritable,
          "the directory %s of root %s belongs to %s%s, so others can replace what Corvid puts there; on the node: chown 0 %s && chmod go-w %s"
              .formatted(
                  hostPath,
                  root,
                  access.owner(),
                  access.isShared() ? " and its group or others may write to it" : "",
                  hostPath,
                  hostPath));
    }
  }

  /** Does once, with nothing at stake, what every activation depends on. */
  static void requireRenames(Directory top, Directory staging, Trash trash) throws IOException {
    trash.take(top, PROBE);
    trash.take(staging, PROBE);
    staging.make(PROBE).close();
    staging.move(PROBE, top, PROBE);
    top.sync();
    top.deleteDirectory(PROBE);
  }
}
