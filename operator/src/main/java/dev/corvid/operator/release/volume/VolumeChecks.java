package dev.corvid.operator.release.volume;

import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.release.step.RetryPause;
import dev.corvid.time.Uptime;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What this process remembers of a release's volume and claim, and of the pods that use them: what
 * was last seen, and when to look or to try again. Confined to the release's reconciliation.
 */
public final class VolumeChecks {
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private Uptime nextCheck = Uptime.MIN;
  private VolumeUsers heldBy = VolumeUsers.NONE;
  private @Nullable Problem problem;
  private int attempts;
  private Uptime nextAttempt = Uptime.MIN;

  /** Whether the pods that hold the volume are to be looked for again, without a reason. */
  public boolean mayCheck(Uptime now) {
    return !now.isBefore(nextCheck);
  }

  /** The pods that keep the volume as it was before the selector changed, when last looked. */
  public VolumeUsers heldBy() {
    return heldBy;
  }

  public void heldBy(VolumeUsers users, Uptime next) {
    heldBy = users;
    nextCheck = next;
  }

  /** The volume is as the selector wants it. */
  public void fits() {
    heldBy(VolumeUsers.NONE, Uptime.MIN);
  }

  public Uptime nextCheck() {
    return nextCheck;
  }

  /** Whether volume or claim, if it is missing, may be made now. */
  public boolean mayMake(Uptime now) {
    return !now.isBefore(nextAttempt);
  }

  public Uptime nextAttempt() {
    return nextAttempt;
  }

  /** Why no pod can mount the release; null when that is not known. */
  public @Nullable Problem problem() {
    return problem;
  }

  /** Volume or claim could not be made: the next attempt waits longer, 1 min at most. */
  public void notMountable(@Nullable Problem why, Uptime now) {
    problem = why;
    nextAttempt = now.plus(RetryPause.after(attempts++, LONGEST_PAUSE));
  }

  /** Volume and claim have to wait for something that wakes the release. */
  public void notYetMountable(@Nullable Problem why) {
    problem = why;
  }

  /** Volume or claim could be made, or is there. */
  public void mountable() {
    problem = null;
    attempts = 0;
    nextAttempt = Uptime.MIN;
  }
}
