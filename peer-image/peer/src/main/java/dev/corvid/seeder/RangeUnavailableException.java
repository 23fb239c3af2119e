package dev.corvid.seeder;

import dev.corvid.wire.Reason;

/**
 * The source answers, but not with ranges of what was published: it has none, or other bytes. An
 * attempt at its whole shows which.
 */
sealed class RangeUnavailableException extends SourceException permits RangeRefusedException {
  RangeUnavailableException(String message) {
    super(Reason.SourceUnreachable, message);
  }

  RangeUnavailableException(SourceException cause) {
    super(cause.reason(), cause.getMessage(), cause);
  }
}
