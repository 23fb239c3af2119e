package dev.corvid.operator.release.volume;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.release.step.NameList;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The pods that name a release's claim, as they were listed. */
public record ClaimPods(List<Pod> pods) {
  /** How long the scheduler may take to say that it finds no node for a pod. */
  private static final Duration SCHEDULING = Duration.ofSeconds(10);

  private static final int NAMED = 10;

  /** Asked only while a deletion or a node waits for them: pods are not watched for it. */
  public static ClaimPods list(SwarmRelease release, Context<SwarmRelease> context) {
    String claim = release.getMetadata().getName();
    return new ClaimPods(
        context
            .getClient()
            .pods()
            .inNamespace(release.getMetadata().getNamespace())
            .list()
            .getItems()
            .stream()
            .filter(pod -> ClaimUsers.uses(pod, claim))
            .toList());
  }

  /**
   * Pods that have ended count: the cluster lets go of a claim only when they are deleted. Pods
   * without a node do not count: they use the volume that exists when they are scheduled.
   */
  public VolumeUsers users() {
    List<String> names =
        pods.stream()
            .filter(ClaimPods::isScheduled)
            .map(pod -> pod.getMetadata().getName())
            .sorted()
            .toList();
    return new VolumeUsers(names.size(), NameList.of(names, NAMED).first());
  }

  /** Where those run that have not ended. */
  public Set<String> nodes() {
    return pods.stream()
        .filter(pod -> !hasEnded(pod))
        .map(pod -> pod.getSpec().getNodeName())
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }

  /**
   * Whether the scheduler may be about to choose a node for one of them, as for those that a
   * Deployment creates when the ones before are gone. If the claim is deleted in that moment, the
   * kubelet does not start the pod, and the pod does not let the claim go.
   */
  public boolean areBeingScheduled(Instant now) {
    return pods.stream().anyMatch(pod -> isBeingScheduled(pod, now));
  }

  private static boolean isBeingScheduled(Pod pod, Instant now) {
    Instant created = Instant.parse(pod.getMetadata().getCreationTimestamp());
    boolean isNew = Duration.between(created, now).abs().compareTo(SCHEDULING) < 0;
    return isNew && !isScheduled(pod) && !hasEnded(pod) && !isRefusedANode(pod);
  }

  private static boolean isScheduled(Pod pod) {
    return pod.getSpec().getNodeName() != null;
  }

  private static boolean isRefusedANode(Pod pod) {
    return pod.getStatus() != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(
                condition ->
                    "PodScheduled".equals(condition.getType())
                        && "False".equals(condition.getStatus()));
  }

  private static boolean hasEnded(Pod pod) {
    String phase = pod.getStatus() == null ? "" : pod.getStatus().getPhase();
    return "Succeeded".equals(phase) || "Failed".equals(phase);
  }
}
