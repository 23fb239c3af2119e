package dev.corvid.seeder.error;

import dev.corvid.wire.Reason;

/**
 * What has come so far cannot be continued, or should not be: it is forgotten, and the same URL is
 * asked for the whole.
 */
public final class RestartException extends SourceException {
  public RestartException(String message) {
    super(Reason.SourceUnreachable, message);
  }

  public RestartException(SourceException cause) {
    super(cause.reason(), cause.getMessage(), cause);
  }
}
