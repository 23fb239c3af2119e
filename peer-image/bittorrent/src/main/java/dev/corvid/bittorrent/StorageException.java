package dev.corvid.bittorrent;

import java.io.IOException;

/** The storage failed, not the connection that happened to use it. */
final class StorageException extends IOException {
  StorageException(IOException cause) {
    super(cause.getMessage(), cause);
  }

  /** What the storage itself threw. */
  IOException original() {
    return (IOException) getCause();
  }
}
