package dev.corvid.seeder.archive;

import java.io.IOException;

/** The bytes are not the archive that they should be. */
public sealed class ArchiveException extends IOException permits RefusedArchiveException {
  public ArchiveException(String message) {
    super(message);
  }

  public ArchiveException(String message, Throwable cause) {
    super(message, cause);
  }
}
