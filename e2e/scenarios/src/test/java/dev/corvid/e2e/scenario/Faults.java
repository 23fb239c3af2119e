package dev.corvid.e2e.scenario;

import dev.corvid.e2e.Command;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** What happens to Corvid's own programs on a bad day. */
public record Faults(Lab lab) {
  private static final int SECONDS = 150;

  public static Faults of(Lab lab) {
    return new Faults(lab);
  }

  /**
   * SIGKILL for the pod's program; the kubelet starts it again in the same pod.
   *
   * @return when it was killed
   */
  public Instant kill(Pod pod) {
    return PodProcess.of(pod).kill();
  }

  /**
   * Waits until an operator acts: it has renewed the lease.
   *
   * @param since renewed later than this
   * @return when that was seen
   */
  public Instant awaitOperator(Instant since) {
    lab.client()
        .leases()
        .inNamespace(Lab.SYSTEM)
        .withName("corvid-operator")
        .waitUntilCondition(
            lease ->
                lease != null
                    && lease.getSpec().getHolderIdentity() != null
                    && lease.getSpec().getRenewTime().toInstant().isAfter(since),
            SECONDS,
            TimeUnit.SECONDS);
    return Instant.now();
  }

  /**
   * Replaces a pod of the DaemonSet by a fresh one, which the kubelet holds back for no earlier
   * kill, and waits for it.
   */
  public Pod freshPeer(String node) {
    var old = Peers.of(lab).on(node).getMetadata().getUid();
    lab.client().resource(Peers.of(lab).on(node)).delete();
    return lab
        .client()
        .pods()
        .inNamespace(Lab.SYSTEM)
        .withLabel("app.kubernetes.io/component", "peer")
        .informOnCondition(pods -> pods.stream().anyMatch(pod -> isFresh(pod, node, old)))
        .orTimeout(SECONDS, TimeUnit.SECONDS)
        .join()
        .stream()
        .filter(pod -> isFresh(pod, node, old))
        .findFirst()
        .orElseThrow();
  }

  /** Waits until the kubelet has started the program of a pod again; the pod as it is then. */
  public Pod awaitRestarted(Pod killed) {
    var before = containerId(killed);
    return lab.client()
        .resource(killed)
        .waitUntilCondition(
            pod -> status(pod).getState().getRunning() != null && !containerId(pod).equals(before),
            SECONDS,
            TimeUnit.SECONDS);
  }

  private static boolean isFresh(Pod pod, String node, String old) {
    return node.equals(pod.getSpec().getNodeName())
        && !pod.getMetadata().getUid().equals(old)
        && Readiness.isPodReady(pod);
  }

  /**
   * SIGKILL for the operator, pod and all, and waits for the next one. (A container killed several
   * times in a row is held back by the kubelet, longer each time.)
   */
  public void restartOperator() {
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
  public interface LostImage extends AutoCloseable {
    @Override
    void close();
  }

  /** Takes the peers' image from a node; what runs there goes on. */
  public LostImage withoutPeerImage(String node) {
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
  public static String containerId(Pod pod) {
    var id = status(pod).getContainerID();
    return id.substring(id.indexOf("://") + 3);
  }

  private static ContainerStatus status(Pod pod) {
    return pod.getStatus().getContainerStatuses().getFirst();
  }
}
