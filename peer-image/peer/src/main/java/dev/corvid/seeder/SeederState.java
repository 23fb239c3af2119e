package dev.corvid.seeder;

import dev.corvid.wire.Reason;
import dev.corvid.wire.seeder.Publication;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the seeder is.
 *
 * <pre>
 * Fetching -> Seeding | Failed
 * Failed   -> Fetching   once a source that did not answer sends bytes again
 *          -> Seeding    a refused content stays Failed until a good one is there
 * Seeding  -> Failed     while the source of what is served as it comes does not answer
 *          -> Fetching   when that cannot be had piece by piece
 * </pre>
 */
sealed interface SeederState {
  /** From the source, or hashing what came from it. */
  record Fetching() implements SeederState {}

  /**
   * An attempt failed; the next one may be under way already.
   *
   * @param bytesThen read from the source until it failed
   */
  record Failed(Reason reason, String message, long bytesThen) implements SeederState {
    boolean isHealedBy(long bytesNow) {
      boolean unreachable = reason == Reason.SourceUnreachable || reason == Reason.SourceAuthFailed;
      return unreachable && bytesNow > bytesThen;
    }
  }

  /**
   * @param note about the source, for a person; null for none
   * @param since when it was published
   * @param uploaded payload sent to peers, of this moment
   */
  record Seeding(
      Publication publication, @Nullable String note, Instant since, LongSupplier uploaded)
      implements SeederState {
    /** Published now. */
    static Seeding of(Publication publication, @Nullable String note, SeedingTorrent torrent) {
      return new Seeding(
          publication, note, Instant.now(), () -> torrent.torrent().stats().uploaded());
    }
  }
}
