package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.Progress;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * When a status is worth a write to the API server. A release costs a handful of writes, whatever
 * the number of nodes and the minutes it takes:
 *
 * <pre>
 * a condition changed its status or reason, or another revision      at once
 * 10 % further                                                       5 s after the last write
 * counts or figures alone                                            60 s after the last write
 * nothing but times                                                  never
 * </pre>
 */
final class WriteGate {
  private static final Duration STEP_PAUSE = Duration.ofSeconds(5);
  private static final Duration FIGURES_PAUSE = Duration.ofSeconds(60);

  private WriteGate() {}

  /**
   * How long to wait before the write; zero to write now, empty when there is nothing to write.
   *
   * @param lastWrite null when this process has not written yet
   */
  static Optional<Duration> delay(
      SwarmReleaseStatus before, SwarmReleaseStatus next, Instant lastWrite, Instant now) {
    if (isTransition(before, next)) {
      return Optional.of(Duration.ZERO);
    }
    if (step(before) != step(next)) {
      return Optional.of(remaining(STEP_PAUSE, lastWrite, now));
    }
    if (!figures(before).equals(figures(next))) {
      return Optional.of(remaining(FIGURES_PAUSE, lastWrite, now));
    }
    return Optional.empty();
  }

  private static Duration remaining(Duration pause, Instant lastWrite, Instant now) {
    if (lastWrite == null) {
      return Duration.ZERO;
    }
    Duration left = Duration.between(now, lastWrite.plus(pause));
    return left.isNegative() ? Duration.ZERO : left;
  }

  private static boolean isTransition(SwarmReleaseStatus before, SwarmReleaseStatus next) {
    return !Objects.equals(before.observedGeneration(), next.observedGeneration())
        || !Objects.equals(before.currentRevision(), next.currentRevision())
        || !before.history().equals(next.history())
        || !states(before).equals(states(next));
  }

  private static List<String> states(SwarmReleaseStatus status) {
    return status.conditions().stream().map(WriteGate::state).sorted().toList();
  }

  private static String state(Condition condition) {
    return condition.getType() + " " + condition.getStatus() + " " + condition.getReason();
  }

  private static int step(SwarmReleaseStatus status) {
    Progress progress = status.progress();
    return progress == null || progress.percent() == null ? 0 : progress.percent() / 10;
  }

  /** All that a person would miss, without times: they change with every look. */
  private static List<Object> figures(SwarmReleaseStatus status) {
    return List.of(
        Optional.ofNullable(status.nodes()),
        Optional.ofNullable(status.progress()),
        Optional.ofNullable(status.source()),
        status.failures(),
        status.conditions().stream().map(Condition::getMessage).toList());
  }
}
