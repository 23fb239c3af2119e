package dev.corvid.operator.seeder;

import static java.util.Objects.requireNonNullElse;

import dev.corvid.operator.pod.PodAddresses;
import dev.corvid.wire.Reason;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster says about a seeder's pod.
 *
 * <pre>
 * Starting -> Running | Troubled        Troubled -> Starting | Running (the cluster retries by itself)
 * any      -> Gone                      finished, evicted, being deleted: another pod must take over
 * </pre>
 */
public sealed interface SeederPodState {
  /** Scheduled or about to be; its container does not run yet. */
  record Starting() implements SeederPodState {}

  /**
   * @param address the pod's IP: peers are told of no other
   */
  record Running(String address) implements SeederPodState {}

  /**
   * The cluster cannot run it, and says why; it retries by itself.
   *
   * @param passing whether the next attempt may succeed without anybody correcting the pod
   */
  record Troubled(Reason reason, String message, boolean passing) implements SeederPodState {}

  /**
   * It will not run again.
   *
   * @param message why, in the cluster's words; null for a plain deletion
   */
  record Gone(@Nullable String message) implements SeederPodState {}

  /**
   * A Secret or a ConfigMap of the container's environment is missing. It may yet come, like one
   * that is mounted, for which the pod waits in {@code ContainerCreating}.
   */
  String MISSING = "CreateContainerConfigError";

  Set<String> WAITING_IS_TROUBLE =
      Set.of(
          "ImagePullBackOff",
          "ErrImagePull",
          "InvalidImageName",
          "ErrImageNeverPull",
          MISSING,
          "CreateContainerError",
          "RunContainerError",
          "CrashLoopBackOff");

  /** Reads a pod's status. */
  static SeederPodState of(Pod pod) {
    var status = pod.getStatus();
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      return new Gone(null);
    }
    if (status == null) {
      return new Starting();
    }
    if ("Failed".equals(status.getPhase()) || "Succeeded".equals(status.getPhase())) {
      return new Gone(words(status.getReason(), status.getMessage()));
    }
    return unschedulable(status.getConditions())
        .or(() -> waiting(status.getContainerStatuses()))
        .orElseGet(
            () ->
                PodAddresses.primary(pod)
                    .filter(ip -> "Running".equals(status.getPhase()))
                    .<SeederPodState>map(Running::new)
                    .orElseGet(Starting::new));
  }

  private static Optional<SeederPodState> unschedulable(List<PodCondition> conditions) {
    return conditions.stream()
        .filter(condition -> "PodScheduled".equals(condition.getType()))
        .filter(condition -> "False".equals(condition.getStatus()))
        .filter(condition -> "Unschedulable".equals(condition.getReason()))
        .findFirst()
        .map(condition -> new Troubled(Reason.SeederUnschedulable, condition.getMessage(), true));
  }

  /**
   * A container that runs again after it ended with an error.
   *
   * @param message how it ended, and how often
   * @param since when it began to run again
   */
  record Restart(String message, Instant since) {}

  /**
   * The restart of a pod's container; empty as long as it does not run, or has failed only once:
   * kubelets restart it at once the first time, and call it CrashLoopBackOff from the second on.
   */
  static Optional<Restart> restart(Pod pod) {
    if (pod.getStatus() == null || !(of(pod) instanceof Running)) {
      return Optional.empty();
    }
    return pod.getStatus().getContainerStatuses().stream()
        .filter(container -> container.getState() != null)
        .filter(container -> container.getState().getRunning() != null)
        .filter(container -> container.getState().getRunning().getStartedAt() != null)
        .filter(container -> container.getRestartCount() != null && container.getRestartCount() > 1)
        .filter(container -> lastEnd(container).isPresent())
        .findFirst()
        .map(
            container ->
                new Restart(
                    "restarted %d times; it ended with %s"
                        .formatted(container.getRestartCount(), lastEnd(container).orElseThrow()),
                    Instant.parse(container.getState().getRunning().getStartedAt())));
  }

  /** How the container ended before; empty if it did not, or ended well. */
  private static Optional<String> lastEnd(ContainerStatus container) {
    return Optional.ofNullable(container.getLastState())
        .map(ContainerState::getTerminated)
        .filter(end -> end.getExitCode() != null && end.getExitCode() != 0)
        .map(end -> join(end.getReason(), "exit code " + end.getExitCode()));
  }

  private static Optional<SeederPodState> waiting(List<ContainerStatus> containers) {
    return containers.stream()
        .filter(container -> container.getState() != null)
        .filter(container -> container.getState().getWaiting() != null)
        .filter(container -> isTrouble(container.getState()))
        .findFirst()
        .map(
            container ->
                new Troubled(Reason.SeederFailed, explain(container), isMissing(container)));
  }

  private static boolean isTrouble(ContainerState state) {
    String reason = state.getWaiting().getReason();
    return reason != null && WAITING_IS_TROUBLE.contains(reason);
  }

  private static boolean isMissing(ContainerStatus container) {
    return MISSING.equals(container.getState().getWaiting().getReason());
  }

  private static String explain(ContainerStatus container) {
    var waiting = container.getState().getWaiting();
    String text = requireNonNullElse(words(waiting.getReason(), waiting.getMessage()), "");
    var last = container.getLastState() == null ? null : container.getLastState().getTerminated();
    return last == null
        ? text
        : text + "; it ended with " + join(last.getReason(), "exit code " + last.getExitCode());
  }

  private static @Nullable String words(@Nullable String reason, @Nullable String message) {
    return message == null ? reason : join(reason, message);
  }

  private static String join(@Nullable String reason, String message) {
    return reason == null ? message : reason + ": " + message;
  }
}
