package dev.corvid.e2e.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Runs pods and waits for them by watch. */
public record Pods(KubernetesClient client) {
  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  public Pod start(Pod pod) {
    return client.resource(pod).create();
  }

  /**
   * Runs a pod to its end and takes it away.
   *
   * @return its log
   * @throws IllegalStateException when it fails, with its log
   */
  public String run(Pod pod, int seconds) {
    start(pod);
    try {
      return ended(pod, seconds);
    } finally {
      client.resource(pod).withGracePeriod(0).delete();
    }
  }

  /** Waits for a pod's end; its log. */
  public String ended(Pod pod, int seconds) {
    var resource = resource(pod);
    try {
      var end =
          resource.waitUntilCondition(
              it -> it != null && ENDED.contains(it.getStatus().getPhase()),
              seconds,
              TimeUnit.SECONDS);
      var log = resource.getLog();
      if (!end.getStatus().getPhase().equals("Succeeded")) {
        throw new IllegalStateException("pod " + pod.getMetadata().getName() + " failed:\n" + log);
      }
      return log;
    } catch (KubernetesClientTimeoutException e) {
      throw new IllegalStateException(
          "pod "
              + pod.getMetadata().getName()
              + " did not end within "
              + seconds
              + " s: "
              + io.fabric8.kubernetes.client.utils.Serialization.asYaml(resource.get().getStatus()),
          e);
    }
  }

  /** Waits until a pod is ready. */
  public Pod ready(Pod pod, int seconds) {
    return resource(pod).waitUntilReady(seconds, TimeUnit.SECONDS);
  }

  private PodResource resource(Pod pod) {
    return client
        .pods()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName(pod.getMetadata().getName());
  }
}
