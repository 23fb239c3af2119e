package dev.corvid.seeder;

import dev.corvid.wire.Reason;
import java.io.IOException;

/** Why the source could not become a release: a reason for machines, a message for the user. */
class SourceException extends IOException {
  private final Reason reason;

  SourceException(Reason reason, String message) {
    this(reason, message, null);
  }

  SourceException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }
}
