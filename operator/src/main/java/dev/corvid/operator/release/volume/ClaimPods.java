package dev.corvid.operator.release.volume;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.release.step.NameList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The pods that name a release's claim, as they were listed. */
public record ClaimPods(List<Pod> pods) {
  /** How long the scheduler may take to say that it finds no node for a pod. */
  private static final Duration SCHEDULING = Duration.ofSeconds(10);

  private static final String SCHEDULED = "PodScheduled";

  /** Of a tenant's namespace: each pod may be as large as etcd takes. */
  private static final long PAGE = 20;

  private static final int NAMED = 10;

  /** Asked only while a deletion or a node waits for them: pods are not watched for it. */
  public static ClaimPods list(SwarmRelease release, KubernetesClient client) {
    String claim = release.getMetadata().getName();
    List<Pod> using = new ArrayList<>();
    var options = new ListOptionsBuilder().withLimit(PAGE).build();
    do {
      PodList page = client.pods().inNamespace(release.getMetadata().getNamespace()).list(options);
      page.getItems().stream()
          .filter(pod -> ClaimUsers.uses(pod, claim))
          .map(ClaimPods::trimmed)
          .forEach(using::add);
      options.setContinue(page.getMetadata().getContinue());
    } while (options.getContinue() != null && !options.getContinue().isEmpty());
    return new ClaimPods(using);
  }

  /** What is asked of a pod here. */
  private static Pod trimmed(Pod pod) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(pod.getMetadata().getName())
        .withCreationTimestamp(pod.getMetadata().getCreationTimestamp())
        .endMetadata()
        .withNewSpec()
        .withNodeName(pod.getSpec().getNodeName())
        .endSpec()
        .withNewStatus()
        .withPhase(pod.getStatus() == null ? null : pod.getStatus().getPhase())
        .withConditions(scheduling(pod))
        .endStatus()
        .build();
  }

  private static List<PodCondition> scheduling(Pod pod) {
    return pod.getStatus() == null
        ? List.of()
        : pod.getStatus().getConditions().stream()
            .filter(condition -> SCHEDULED.equals(condition.getType()))
            .map(
                c ->
                    new PodConditionBuilder().withType(SCHEDULED).withStatus(c.getStatus()).build())
            .toList();
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
                    SCHEDULED.equals(condition.getType()) && "False".equals(condition.getStatus()));
  }

  private static boolean hasEnded(Pod pod) {
    String phase = pod.getStatus() == null ? "" : pod.getStatus().getPhase();
    return "Succeeded".equals(phase) || "Failed".equals(phase);
  }
}
