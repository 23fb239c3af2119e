package dev.corvid.seeder;

import dev.corvid.wire.Reason;
import java.io.IOException;

/** Trouble with the scratch volume itself, told apart from trouble with what is read. */
final class ScratchFailure {
  private ScratchFailure() {}

  static SourceException of(IOException cause) {
    var words = String.valueOf(cause.getMessage());
    if (words.contains("No space left") || words.contains("quota exceeded")) {
      return new SourceException(
          Reason.InsufficientDisk,
          "the disk under the scratch volume is full; with spec.seeder.scratch.volumeClaimTemplate raise its storage request, else free some of the node's, or let the seeder run elsewhere (spec.seeder.nodeSelector)",
          cause);
    }
    return new SourceException(
        Reason.SeederFailed, "the scratch volume cannot be used: " + cause, cause);
  }
}
