package dev.corvid.operator.release.step;

import dev.corvid.wire.Reason;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something that keeps a release from making progress.
 *
 * @param message what happened, to what, and what to do
 * @param passing whether it may pass without anybody doing anything
 */
public record Problem(Reason reason, String message, boolean passing) {
  /** These mostly pass without anybody doing anything; all others wait for a person. */
  private static final Set<Reason> PASSING =
      EnumSet.of(
          Reason.Progressing,
          Reason.Deleting,
          Reason.SourceUnreachable,
          Reason.SeederUnschedulable,
          Reason.NoSeedsReachable,
          Reason.PeerMissing,
          Reason.TrackerUnavailable);

  public Problem(Reason reason, String message) {
    this(reason, message, PASSING.contains(reason));
  }

  /** Both at once, under the first one's reason; null when there is neither. */
  public static @Nullable Problem both(@Nullable Problem first, @Nullable Problem second) {
    if (first == null || second == null) {
      return first == null ? second : first;
    }
    return new Problem(
        first.reason(),
        first.message() + "; " + second.message(),
        first.passing() && second.passing());
  }

  /** The same, while it may yet pass without anybody doing anything. */
  public Problem mayPass() {
    return new Problem(reason, message, true);
  }

  public boolean needsSomebody() {
    return !passing;
  }
}
