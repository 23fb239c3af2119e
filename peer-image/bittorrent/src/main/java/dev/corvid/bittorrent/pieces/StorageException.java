package dev.corvid.bittorrent.pieces;

import java.io.IOException;

/** The storage failed, not the connection that happened to use it. */
public final class StorageException extends IOException {
  private final IOException original;

  StorageException(IOException cause) {
    super(cause.getMessage(), cause);
    original = cause;
  }

  /** What the storage itself threw. */
  public IOException original() {
    return original;
  }
}
