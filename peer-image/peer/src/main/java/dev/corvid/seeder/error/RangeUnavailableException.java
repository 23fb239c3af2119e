package dev.corvid.seeder.error;

import dev.corvid.wire.Reason;

/**
 * The source answers, but not with ranges of what was published: it has none, or other bytes. An
 * attempt at its whole shows which.
 */
public sealed class RangeUnavailableException extends SourceException
    permits RangeRefusedException {
  public RangeUnavailableException(String message) {
    super(Reason.SourceUnreachable, message);
  }

  public RangeUnavailableException(SourceException cause) {
    super(cause.reason(), cause.getMessage(), cause);
  }
}
