package dev.corvid.store.disk;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which error of the operating system an exception stands for. Java has no errno, only what
 * strerror(3) says of it: the texts are read here and nowhere else.
 */
public enum OsError {
  /** ENOSPC, or EDQUOT: there is no room for more. */
  DISK_FULL("No space left on device", "quota exceeded"),
  /** EIO: the device failed. */
  DEVICE_FAILED("Input/output error"),
  /** EXDEV: a file was to be renamed, or linked, into another file system. */
  OTHER_FILE_SYSTEM("cross-device"),
  /** ELOOP: a link is where a file or directory was to be opened without following one. */
  LINK("symbolic link"),
  /** ENOTDIR: something else is where a directory is needed. */
  NOT_A_DIRECTORY("Not a directory"),
  /** Any other, or none. */
  OTHER;

  private final List<String> texts;

  OsError(String... texts) {
    this.texts = List.of(texts);
  }

  public static OsError of(IOException cause) {
    return switch (cause) {
      case AtomicMoveNotSupportedException _ -> OTHER_FILE_SYSTEM;
      case NotDirectoryException _ -> NOT_A_DIRECTORY;
      // The message begins with the file's name, which may have any text in it.
      case FileSystemException named -> of(named.getReason());
      default -> of(cause.getMessage());
    };
  }

  private static OsError of(@Nullable String text) {
    if (text != null) {
      for (OsError error : values()) {
        if (error.texts.stream().anyMatch(text::contains)) {
          return error;
        }
      }
    }
    return OTHER;
  }
}
