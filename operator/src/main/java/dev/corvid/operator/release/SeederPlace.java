package dev.corvid.operator.release;

import dev.corvid.operator.release.PlaceQueue.Need;
import dev.corvid.operator.release.PlaceQueue.Waiting;
import dev.corvid.wire.ByteSize;
import java.time.Duration;
import java.time.Instant;

/**
 * The place of a seeder that runs. While others wait it is kept as long as the seeder moves {@link
 * #STEP} in each {@link #PATIENCE}, and never longer than {@link #TERM}: what a seeder says of
 * itself is its namespace's word.
 *
 * @param since when it was taken
 * @param moved when the seeder had last moved a step
 * @param bytes how many it had moved by then
 */
record SeederPlace(Need need, Instant since, Instant moved, long bytes) {
  static final long STEP = 10 << 20;
  static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Enough for 20 GiB at 1 MiB/s. */
  static final Duration TERM = Duration.ofHours(6);

  static SeederPlace taken(Need need, Instant now) {
    return new SeederPlace(need, now, now, 0);
  }

  SeederPlace needing(Need other) {
    return new SeederPlace(other, since, moved, bytes);
  }

  /** A seeder that started again counts from less; that is no progress. */
  SeederPlace at(long reached, Instant now) {
    if (reached - bytes >= STEP) {
      return new SeederPlace(need, since, now, reached);
    }
    return reached < bytes ? new SeederPlace(need, since, moved, reached) : this;
  }

  SeederPlace excused(Instant now) {
    return new SeederPlace(need, since, now, bytes);
  }

  /** When it may be another's. */
  Instant due() {
    Instant hangs = moved.plus(PATIENCE);
    Instant ends = since.plus(TERM);
    return hangs.isBefore(ends) ? hangs : ends;
  }

  boolean isDue(Instant now) {
    return !now.isBefore(due());
  }

  Waiting givenUp(Instant now) {
    String why =
        now.isBefore(moved.plus(PATIENCE))
            ? "its seeder had a place for %d hours while other releases waited"
                .formatted(TERM.toHours())
            : "its seeder moved less than %s in %d minutes while other releases waited, and was stopped: see whether the source answers"
                .formatted(ByteSize.format(STEP), PATIENCE.toMinutes());
    return new Waiting(need, why);
  }
}
