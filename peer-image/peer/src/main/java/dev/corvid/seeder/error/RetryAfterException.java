package dev.corvid.seeder.error;

import dev.corvid.wire.Reason;
import java.time.Duration;

/** A source said by {@code Retry-After} when it wants to be asked again. */
public final class RetryAfterException extends SourceException {
  private final Duration retryAfter;

  /**
   * @param retryAfter counted from now, and bounded
   */
  public RetryAfterException(String message, Duration retryAfter) {
    super(Reason.SourceUnreachable, message);
    this.retryAfter = retryAfter;
  }

  public Duration retryAfter() {
    return retryAfter;
  }
}
