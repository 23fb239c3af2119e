package dev.corvid.seeder.error;

import dev.corvid.wire.Reason;

/** Nothing tells whether what follows would be of the same version: only the whole is of use. */
public final class NotResumableException extends SourceException {
  public NotResumableException(String message) {
    super(Reason.SourceUnreachable, message);
  }
}
