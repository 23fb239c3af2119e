package dev.corvid.seeder.fetch;

import dev.corvid.seeder.error.RangeRefusedException;
import dev.corvid.seeder.error.RangeUnavailableException;
import dev.corvid.seeder.error.RestartException;
import dev.corvid.seeder.error.RetryAfterException;
import dev.corvid.seeder.error.SourceException;
import java.io.IOException;

/** How a request for a range failed. */
sealed interface RangeOutcome {
  IOException why();

  /** An accident of the network, unlike an answer. */
  record Break(IOException why) implements RangeOutcome {}

  /** An answer without a range: any status but 206. */
  record Refused(SourceException why) implements RangeOutcome {}

  /** A range that differs from what was asked for, or one of another version. */
  record OtherBytes(SourceException why) implements RangeOutcome {}

  /** More bytes than the answer says, so that none of it can be trusted. */
  record TooLong(RestartException why) implements RangeOutcome {}

  static RangeOutcome of(IOException e) {
    return switch (e) {
      case RestartException longer -> new TooLong(longer);
      case RetryAfterException busy -> new Refused(busy);
      case RangeRefusedException refused -> new Refused(refused);
      case RangeUnavailableException other -> new OtherBytes(other);
      case SourceException answer when !(answer.getCause() instanceof IOException) ->
          new Refused(answer);
      default -> new Break(e);
    };
  }
}
