package dev.corvid.operator.release.status;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.Failure;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.NodesStatus;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.Progress;
import dev.corvid.time.Uptime;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * When a status is worth a write to the API server. A release costs a handful of writes, whatever
 * the number of nodes and the minutes it takes:
 *
 * <pre>
 * a condition changed its status or reason, another revision or wave   at once
 * Ready says something else and not only other figures, such as that   2 s after the last write
 *   the source begins to answer, or what is waited for
 * 10 % of the bytes or a quarter of the nodes further                  5 s after the last write
 * a reason that no node was named with; fewer nodes have it            5 s after the last write
 * counts or figures alone                                              60 s after the last write
 *            (the last two grow up to sixteen times after the first eight, the 2 s up to 128 s)
 * figures while the source is fetched                                  10 s, then 20, 40 … 320 s
 * nothing but times                                                    never
 * </pre>
 *
 * <p>The 2 s are for a phase that is over before anybody could read of it: a small source is
 * fetched within them, and saying so would be a write for nothing.
 */
public final class StatusWriteThrottle {
  private static final Duration PHASE_PAUSE = Duration.ofSeconds(2);
  private static final Duration STEP_PAUSE = Duration.ofSeconds(5);
  private static final Duration FIGURES_PAUSE = Duration.ofSeconds(60);

  private static final int CHEAP_FIGURES = 8;
  private static final int MOST_DOUBLINGS = 4;

  /** A seeder, or a cluster that retries, may say something else each time. */
  private static final int MOST_PHASE_DOUBLINGS = 6;

  private static final Duration FETCH_PAUSE = Duration.ofSeconds(5);
  private static final int MOST_FETCH_DOUBLINGS = 6;

  /** Numbers, with their units. */
  private static final Pattern FIGURES = Pattern.compile("\\d[\\d.,]*[KMGTPE]?i?\\b|\\d+");

  private StatusWriteThrottle() {}

  /**
   * How long to wait before the write; zero to write now, empty when there is nothing to write.
   *
   * @param lastWrite null when this process has not written yet
   * @param figureWrites how many of this roll-out were of figures alone
   */
  public static Optional<Duration> delay(
      SwarmReleaseStatus before,
      SwarmReleaseStatus next,
      @Nullable Uptime lastWrite,
      int figureWrites,
      Uptime now) {
    if (isTransition(before, next)) {
      return Optional.of(Duration.ZERO);
    }
    return figures(before).equals(figures(next))
        ? Optional.empty()
        : Optional.of(remaining(pause(before, next, figureWrites), lastWrite, now));
  }

  private static Duration pause(
      SwarmReleaseStatus before, SwarmReleaseStatus next, int figureWrites) {
    long beyond = Math.max(0, figureWrites - CHEAP_FIGURES + 1);
    long doublings = Math.min(beyond, MOST_DOUBLINGS);
    Duration phase = PHASE_PAUSE.multipliedBy(1L << Math.min(beyond, MOST_PHASE_DOUBLINGS));
    if (step(next) > step(before)) {
      return isPhase(before, next) && phase.compareTo(STEP_PAUSE) < 0 ? phase : STEP_PAUSE;
    }
    if (isPhase(before, next)) {
      return phase;
    }
    if (isUntrue(before, next)) {
      return STEP_PAUSE.multipliedBy(1L << doublings);
    }
    return next.updateRevision() == null
        ? FETCH_PAUSE.multipliedBy(1L << Math.clamp(figureWrites, 1, MOST_FETCH_DOUBLINGS))
        : FIGURES_PAUSE.multipliedBy(1L << doublings);
  }

  /** Whether something else is said of the release than other figures. */
  private static boolean isPhase(SwarmReleaseStatus before, SwarmReleaseStatus next) {
    return !words(before).equals(words(next))
        || !ignored(before).equals(ignored(next))
        || isFetched(before) != isFetched(next);
  }

  private static String words(SwarmReleaseStatus status) {
    return Conditions.find(status.conditions(), Conditions.READY)
        .map(ready -> FIGURES.matcher(ready.getMessage()).replaceAll("#"))
        .orElse("");
  }

  /** Verbatim: that a person wrote another number is no figure. */
  private static String ignored(SwarmReleaseStatus status) {
    return Conditions.find(status.conditions(), Conditions.ANNOTATION_IGNORED)
        .map(Condition::getMessage)
        .orElse("");
  }

  private static boolean isFetched(SwarmReleaseStatus status) {
    Progress progress = status.progress();
    return progress != null && progress.originBytes() != null && progress.originBytes() > 0;
  }

  private static Duration remaining(Duration pause, @Nullable Uptime lastWrite, Uptime now) {
    if (lastWrite == null) {
      return Duration.ZERO;
    }
    Duration left = now.until(lastWrite.plus(pause));
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Whether another spec or revision begins. */
  public static boolean begins(SwarmReleaseStatus before, SwarmReleaseStatus next) {
    return !Objects.equals(before.observedGeneration(), next.observedGeneration())
        || !Objects.equals(before.updateRevision(), next.updateRevision());
  }

  public static boolean isTransition(SwarmReleaseStatus before, SwarmReleaseStatus next) {
    return begins(before, next)
        || !Objects.equals(before.wave(), next.wave())
        || !Objects.equals(before.currentRevision(), next.currentRevision())
        || !before.history().equals(next.history())
        || !states(before).equals(states(next));
  }

  private static List<String> states(SwarmReleaseStatus status) {
    return status.conditions().stream().map(StatusWriteThrottle::state).sorted().toList();
  }

  private static String state(Condition condition) {
    return condition.getType() + " " + condition.getStatus() + " " + condition.getReason();
  }

  private static int step(SwarmReleaseStatus status) {
    Progress progress = status.progress();
    NodesStatus nodes = status.nodes();
    int bytes = progress == null || progress.percent() == null ? 0 : progress.percent() / 10;
    int switched = nodes == null ? 0 : 4 * updated(status) / Math.max(1, nodes.desired());
    return 100 * switched + bytes;
  }

  /** Whether what stands there is better than what is. */
  private static boolean isUntrue(SwarmReleaseStatus before, SwarmReleaseStatus next) {
    return step(before) > step(next)
        || updated(before) > updated(next)
        || !reasons(before).containsAll(reasons(next));
  }

  private static int updated(SwarmReleaseStatus status) {
    NodesStatus nodes = status.nodes();
    return nodes == null || nodes.updated() == null ? 0 : nodes.updated();
  }

  private static Set<String> reasons(SwarmReleaseStatus status) {
    return status.failures().stream().map(Failure::reason).collect(Collectors.toSet());
  }

  /** Another attempt that failed alike is no news. */
  private static List<Object> cause(Failure failure) {
    return List.of(failure.nodeName(), failure.reason(), Optional.ofNullable(failure.message()));
  }

  /** All that a person would miss, without times: they change with every look. */
  private static List<Object> figures(SwarmReleaseStatus status) {
    return List.of(
        Optional.ofNullable(status.nodes()),
        Optional.ofNullable(status.progress()),
        Optional.ofNullable(status.source()),
        status.failures().stream().map(StatusWriteThrottle::cause).toList(),
        status.conditions().stream().map(Condition::getMessage).toList());
  }
}
