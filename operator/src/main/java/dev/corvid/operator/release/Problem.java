package dev.corvid.operator.release;

import dev.corvid.wire.Reason;
import java.util.EnumSet;
import java.util.Set;

/**
 * Something that keeps a release from going on.
 *
 * @param message what happened, to what, and what to do
 */
record Problem(Reason reason, String message) {
  /** These pass without anybody doing anything; all others wait for a person. */
  private static final Set<Reason> PASSING =
      EnumSet.of(
          Reason.Progressing,
          Reason.SourceUnreachable,
          Reason.SeederUnschedulable,
          Reason.NoSeedsReachable,
          Reason.PeerMissing,
          Reason.TrackerUnavailable);

  boolean needsSomebody() {
    return !PASSING.contains(reason);
  }
}
