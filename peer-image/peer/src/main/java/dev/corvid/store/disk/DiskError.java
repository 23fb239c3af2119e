package dev.corvid.store.disk;

import dev.corvid.store.error.StoreException;
import dev.corvid.wire.Reason;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;

/**
 * Translates an error of the operating system into its reason for a release. Java has no errno: the
 * texts are read here and nowhere else in the store.
 */
public final class DiskError {
  private DiskError() {}

  /** Whether the disk has no room for more. */
  public static boolean isFull(IOException cause) {
    var text = String.valueOf(cause.getMessage());
    return text.contains("No space left on device") || text.contains("quota exceeded");
  }

  /** Whether a link is where a file or directory was to be opened without following one. */
  public static boolean isLink(FileSystemException cause) {
    return String.valueOf(cause.getReason()).contains("symbolic link");
  }

  /**
   * @param doing what failed, as a clause: {@code cannot write …}
   */
  public static StoreException of(String doing, IOException cause) {
    if (cause instanceof StoreException known) {
      return known;
    }
    var text = String.valueOf(cause.getMessage());
    if (isFull(cause)) {
      return new StoreException(
          Reason.InsufficientDisk,
          doing + ": the disk is full; free some space, and the download resumes by itself",
          cause);
    }
    if (cause instanceof AtomicMoveNotSupportedException || text.contains("cross-device")) {
      return new StoreException(
          Reason.RootNotWritable,
          doing
              + ": a directory below the root is another file system; nothing may be mounted there",
          cause);
    }
    if (text.contains("Input/output error")) {
      return new StoreException(
          Reason.Corrupted, doing + ": the disk failed; check the node's kernel log", cause);
    }
    return new StoreException(
        Reason.RootNotWritable,
        doing + " (" + cause + "); the root must be mounted read-write and belong to uid 0",
        cause);
  }
}
