package dev.corvid.operator.release.seeder;

import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.seeder.SeederPodState;
import dev.corvid.time.Uptime;
import dev.corvid.wire.Reason;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A seeder's pod that has not reported yet: what it waits for, and when the cluster is asked why it
 * does not start. Most start within seconds, and cost no question; of one that hangs the Events are
 * read less and less often. Confined to the release's reconciliation.
 */
public final class SeederStartup {
  /** How long a pod may take before more is said of it. */
  public static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private @Nullable String podUid;
  private boolean running;
  private int looks;
  private Uptime next = Uptime.MIN;
  private @Nullable String waitsFor;
  private @Nullable String warning;
  private @Nullable Problem problem;

  /**
   * @param pod that has not reported yet; null when there is none
   * @param warnings the last warning of the cluster about a pod, or the one that is known if there
   *     is no answer
   */
  public void look(
      @Nullable Pod pod, BiFunction<Pod, Optional<String>, Optional<String>> warnings, Uptime now) {
    if (pod == null) {
      forget();
    } else if (!pod.getMetadata().getUid().equals(podUid)) {
      forget();
      podUid = pod.getMetadata().getUid();
      next = now.plus(PATIENCE);
    } else if (SeederPodState.of(pod) instanceof SeederPodState.Running) {
      run(pod, now);
    } else if (running || !now.isBefore(next)) {
      running = false;
      next = now.plus(pause(looks++));
      waitsFor = "the pod " + pod.getMetadata().getName() + " has not started";
      warning =
          SeederPodState.of(pod) instanceof SeederPodState.Starting
              ? warnings.apply(pod, Optional.ofNullable(warning)).orElse(null)
              : null;
      problem = warning == null ? null : notStarting(pod, warning);
    }
  }

  /** It has as long again to report. */
  private void run(Pod pod, Uptime now) {
    if (!running) {
      running = true;
      warning = null;
      problem = null;
      waitsFor = null;
      next = now.plus(PATIENCE);
    } else if (!now.isBefore(next)) {
      waitsFor = unheard(pod);
    }
  }

  private void forget() {
    podUid = null;
    running = false;
    looks = 0;
    next = Uptime.MIN;
    waitsFor = null;
    warning = null;
    problem = null;
  }

  private static String unheard(Pod pod) {
    return "the pod %s runs, and has not reported to the tracker: see its log"
        .formatted(pod.getMetadata().getName());
  }

  /** The cluster tries again, and a Secret or a node's network may yet come. */
  private static Problem notStarting(Pod pod, String warning) {
    return new Problem(
        Reason.SeederFailed,
        "the seeder %s does not start: %s".formatted(pod.getMetadata().getName(), warning),
        true);
  }

  /** What the seeder's start waits for; null while that is not worth a word. */
  public @Nullable String waitsFor() {
    return waitsFor;
  }

  /** What the cluster has against the pod; null when nothing is known. */
  public @Nullable Problem problem() {
    return problem;
  }

  /** When to look again. */
  public Uptime next() {
    return next;
  }

  private static Duration pause(int looks) {
    Duration pause = PATIENCE.multipliedBy(1L << Math.min(looks, 6));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }
}
