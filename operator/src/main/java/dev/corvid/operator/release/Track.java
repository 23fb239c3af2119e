package dev.corvid.operator.release;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * What this process remembers of one release between two looks; nothing of it is needed to go on
 * after a restart. Confined to the release's reconciliation: never two at once.
 */
final class Track {
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private Instant lastWrite;
  private Instant lastProgress;
  private Object progress;
  private Problem seederRefusal;
  private int seederAttempts;
  private Instant nextSeederAt = Instant.MIN;
  private Instant removalSince;
  private Instant nextVolumeCheck = Instant.MIN;
  private Instant nextClaim = Instant.MIN;

  /** Notes how far the release is; the time changes only when that does. */
  Instant progressed(Object howFar, Instant now) {
    if (lastProgress == null || !Objects.equals(progress, howFar)) {
      lastProgress = now;
      progress = howFar;
    }
    return lastProgress;
  }

  Instant lastWrite() {
    return lastWrite;
  }

  void wrote(Instant now) {
    lastWrite = now;
  }

  /** Why the last seeder could not be made; null when it could. */
  Problem seederRefusal() {
    return seederRefusal;
  }

  Instant nextSeederAt() {
    return nextSeederAt;
  }

  /** A seeder was made, or refused: the next attempt waits longer, 1 s at first, 1 min at most. */
  void attemptedSeeder(Problem refusal, Instant now) {
    seederRefusal = refusal;
    Duration pause = Duration.ofSeconds(1L << Math.min(seederAttempts++, 9));
    nextSeederAt = now.plus(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
  }

  /** The seeder speaks, or none is needed, or the spec is another: start again without a pause. */
  void seederIsFine() {
    seederRefusal = null;
    seederAttempts = 0;
    nextSeederAt = Instant.MIN;
  }

  /** True once a minute. */
  boolean mayCheckVolume(Instant now) {
    if (now.isBefore(nextVolumeCheck)) {
      return false;
    }
    nextVolumeCheck = now.plus(Duration.ofMinutes(1));
    return true;
  }

  boolean mayClaim(Instant now) {
    return !now.isBefore(nextClaim);
  }

  void claimRefused(Instant now) {
    nextClaim = now.plus(Duration.ofMinutes(1));
  }

  /** When the nodes were first told to remove it. */
  Instant removing(Instant now) {
    removalSince = removalSince == null ? now : removalSince;
    return removalSince;
  }
}
