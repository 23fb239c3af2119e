package dev.corvid.operator.release;

import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.release.step.RetryPause;
import dev.corvid.operator.release.volume.VolumeUsers;
import dev.corvid.time.Uptime;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What this process remembers of a release's volume and claim, and of the pods that use them: what
 * was last seen, and when to look or to try again. Confined to the release's reconciliation.
 */
final class VolumeChecks {
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final Duration USER_CHECK = Duration.ofSeconds(10);

  private Uptime nextUserCheck = Uptime.MIN;
  private Set<String> usedOn = Set.of();
  private Uptime nextCheck = Uptime.MIN;
  private VolumeUsers heldBy = VolumeUsers.NONE;
  private @Nullable Problem problem;
  private int attempts;
  private Uptime nextAttempt = Uptime.MIN;

  /** Whether the pods that hold the volume are to be looked for again, without a reason. */
  boolean mayCheck(Uptime now) {
    return !now.isBefore(nextCheck);
  }

  /** The pods that keep the volume as it was before the selector changed, when last looked. */
  VolumeUsers heldBy() {
    return heldBy;
  }

  void heldBy(VolumeUsers users, Uptime next) {
    heldBy = users;
    nextCheck = next;
  }

  /** The volume is as the selector wants it. */
  void fits() {
    heldBy(VolumeUsers.NONE, Uptime.MIN);
  }

  Uptime nextCheck() {
    return nextCheck;
  }

  /** Whether it was not asked within the last ten seconds. */
  boolean mayAskForUsers(Uptime now) {
    return !now.isBefore(nextUserCheck);
  }

  Uptime nextUserCheck() {
    return nextUserCheck;
  }

  /** Nodes on which pods used the release when it was asked last. */
  Set<String> usedOn() {
    return usedOn;
  }

  void usedOn(Set<String> nodes, Uptime now) {
    usedOn = Set.copyOf(nodes);
    nextUserCheck = now.plus(USER_CHECK);
  }

  /** Whether volume or claim, if it is missing, may be made now. */
  boolean mayMake(Uptime now) {
    return !now.isBefore(nextAttempt);
  }

  Uptime nextAttempt() {
    return nextAttempt;
  }

  /** Why no pod can mount the release; null when that is not known. */
  @Nullable Problem problem() {
    return problem;
  }

  /** Volume or claim could not be made: the next attempt waits longer, 1 min at most. */
  void notMountable(@Nullable Problem why, Uptime now) {
    problem = why;
    nextAttempt = now.plus(RetryPause.after(attempts++, LONGEST_PAUSE));
  }

  /** Volume and claim have to wait for something that wakes the release. */
  void notYetMountable(@Nullable Problem why) {
    problem = why;
  }

  /** Volume or claim could be made, or is there. */
  void mountable() {
    problem = null;
    attempts = 0;
    nextAttempt = Uptime.MIN;
  }
}
