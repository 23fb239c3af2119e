package dev.corvid.seeder;

import dev.corvid.wire.Reason;
import java.time.Duration;

/** A source said by {@code Retry-After} when it wants to be asked again. */
final class RetryAfterException extends SourceException {
  private final Duration retryAfter;

  /**
   * @param retryAfter counted from now, and bounded
   */
  RetryAfterException(String message, Duration retryAfter) {
    super(Reason.SourceUnreachable, message);
    this.retryAfter = retryAfter;
  }

  Duration retryAfter() {
    return retryAfter;
  }
}
