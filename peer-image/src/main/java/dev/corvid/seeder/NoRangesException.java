package dev.corvid.seeder;

import dev.corvid.wire.Reason;

/** The source answers, but not with the ranges that it is asked for: only its whole can be had. */
final class NoRangesException extends SourceException {
  NoRangesException(String message) {
    super(Reason.SourceUnreachable, message);
  }
}
