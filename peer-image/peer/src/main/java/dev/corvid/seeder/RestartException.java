package dev.corvid.seeder;

import dev.corvid.wire.Reason;

/**
 * What has come so far cannot be continued, or should not be: it is forgotten, and the same URL is
 * asked for the whole.
 */
final class RestartException extends SourceException {
  RestartException(String message) {
    super(Reason.SourceUnreachable, message);
  }

  RestartException(SourceException cause) {
    super(cause.reason(), cause.getMessage(), cause);
  }
}
