package dev.corvid.e2e.scenario;

import dev.corvid.e2e.Command;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.util.concurrent.TimeUnit;

/** What happens to Corvid's own programs on a bad day. */
record Faults(Lab lab) {
  private static final int SECONDS = 150;

  static Faults of(Lab lab) {
    return new Faults(lab);
  }

  /** SIGKILL for the pod's program; the kubelet starts it again in the same pod. */
  void kill(Pod pod) {
    ctr(pod.getSpec().getNodeName(), "tasks", "kill", "-s", "SIGKILL", containerId(pod)).run();
  }

  /**
   * SIGKILL for the operator, pod and all, and waits for the next one. (A container killed several
   * times in a row is held back by the kubelet, longer each time.)
   */
  void restartOperator() {
    var operators =
        lab.client()
            .pods()
            .inNamespace(Lab.SYSTEM)
            .withLabel("app.kubernetes.io/component", "operator");
    var killed = operators.withGracePeriod(0).delete().getFirst().getName();
    operators.waitUntilCondition(
        pod ->
            pod != null && !pod.getMetadata().getName().equals(killed) && Readiness.isPodReady(pod),
        SECONDS,
        TimeUnit.SECONDS);
  }

  /** A lost image, until this is closed. */
  interface LostImage extends AutoCloseable {
    @Override
    void close();
  }

  /** Takes the peers' image from a node; what runs there goes on. */
  LostImage withoutPeerImage(String node) {
    var digest =
        ctr(node, "images", "ls", "name~=" + Lab.peerImage())
            .run()
            .lines()
            .skip(1)
            .map(line -> line.split(" +")[2])
            .findFirst()
            .orElseThrow();
    // The same image has several names, its own digest among them.
    var names =
        ctr(node, "images", "ls", "target.digest==" + digest)
            .run()
            .lines()
            .skip(1)
            .map(line -> line.split(" +")[0])
            .toArray(String[]::new);
    ctr(node, "images", "rm").and(names).run();
    return lab::loadImages;
  }

  private Command ctr(String node, String... words) {
    return lab.cluster().on(node, "ctr", "-n", "k8s.io").and(words);
  }

  /** The name under which containerd knows the pod's container. */
  static String containerId(Pod pod) {
    var id = status(pod).getContainerID();
    return id.substring(id.indexOf("://") + 3);
  }

  private static ContainerStatus status(Pod pod) {
    return pod.getStatus().getContainerStatuses().getFirst();
  }
}
