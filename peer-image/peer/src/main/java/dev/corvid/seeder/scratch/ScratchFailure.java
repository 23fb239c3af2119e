package dev.corvid.seeder.scratch;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.store.disk.OsError;
import dev.corvid.wire.Reason;
import java.io.IOException;

/** A failure of the scratch volume itself, apart from one of what is read. */
public final class ScratchFailure {
  private ScratchFailure() {}

  public static SourceException of(IOException cause) {
    if (OsError.of(cause) == OsError.DISK_FULL) {
      return new SourceException(
          Reason.InsufficientDisk,
          "the disk under the scratch volume is full; with spec.seeder.scratch.volumeClaimTemplate raise its storage request, else free some of the node's, or let the seeder run elsewhere (spec.seeder.nodeSelector)",
          cause);
    }
    return new SourceException(
        Reason.SeederFailed, "the scratch volume cannot be used: " + cause, cause);
  }
}
