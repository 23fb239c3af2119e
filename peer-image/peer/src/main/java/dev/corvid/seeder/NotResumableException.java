package dev.corvid.seeder;

import dev.corvid.wire.Reason;

/** Nothing tells whether what follows would be of the same version: only the whole is of use. */
final class NotResumableException extends SourceException {
  NotResumableException(String message) {
    super(Reason.SourceUnreachable, message);
  }
}
