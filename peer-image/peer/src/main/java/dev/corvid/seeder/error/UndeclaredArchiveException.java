package dev.corvid.seeder.error;

import dev.corvid.wire.Reason;

/**
 * One URL's answer calls an archive what is to be released as a file. The others may not, and then
 * theirs is released.
 */
public final class UndeclaredArchiveException extends SourceException {
  public UndeclaredArchiveException(String message) {
    super(Reason.InvalidSpec, message);
  }
}
