package dev.corvid.seeder.error;

import dev.corvid.wire.Reason;
import java.io.IOException;

/** Why the source could not become a release: a reason for machines, a message for the user. */
public class SourceException extends IOException {
  private final Reason reason;

  public SourceException(Reason reason, String message) {
    this(reason, message, null);
  }

  public SourceException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
