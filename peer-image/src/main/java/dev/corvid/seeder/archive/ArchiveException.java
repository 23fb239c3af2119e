package dev.corvid.seeder.archive;

import java.io.IOException;

/** The bytes are not the archive that they should be, or use what is not supported. */
public final class ArchiveException extends IOException {
  public ArchiveException(String message) {
    super(message);
  }

  public ArchiveException(String message, Throwable cause) {
    super(message, cause);
  }
}
