package dev.corvid.store.disk;

import dev.corvid.store.error.StoreException;
import dev.corvid.wire.Reason;
import java.io.IOException;

/** Translates an error of the operating system into its reason for a release. */
public final class DiskError {
  private DiskError() {}

  /**
   * @param doing what failed, as a clause: {@code cannot write …}
   */
  public static StoreException of(String doing, IOException cause) {
    if (cause instanceof StoreException known) {
      return known;
    }
    return switch (OsError.of(cause)) {
      case DISK_FULL ->
          new StoreException(
              Reason.InsufficientDisk,
              doing + ": the disk is full; free some space, and the download resumes by itself",
              cause);
      case OTHER_FILE_SYSTEM ->
          new StoreException(
              Reason.RootNotWritable,
              doing
                  + ": a directory below the root is on another file system; nothing may be mounted there",
              cause);
      case DEVICE_FAILED ->
          new StoreException(
              Reason.Corrupted, doing + ": the disk failed; check the node's kernel log", cause);
      case LINK, NOT_A_DIRECTORY, OTHER ->
          new StoreException(
              Reason.RootNotWritable,
              doing + " (" + cause + "); the root must be mounted read-write and belong to uid 0",
              cause);
    };
  }
}
