package dev.corvid.e2e.fleet;

import io.fabric8.kubernetes.api.model.ContainerImage;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Nodes and peers' pods as kubelets and the DaemonSet controller write them, with the bulk of real
 * ones (a Node that has pulled fifty images is 12 KiB of JSON): who watches them holds that.
 */
record NodeObjects(DaemonSet peers) {
  private static final int IMAGES = 50; // the kubelet's default, --node-status-max-images
  private static final Map<String, String> REASONS =
      Map.of(
          "MemoryPressure", "kubelet has sufficient memory available",
          "DiskPressure", "kubelet has no disk pressure",
          "PIDPressure", "kubelet has sufficient PID available",
          "Ready", "kubelet is posting ready status");

  static String name(int number) {
    return "ip-10-%d-%d-%d.eu-central-1.compute.internal"
        .formatted(64 + (number >> 16), number >> 8 & 255, number & 255);
  }

  /** Of the peer's pod. */
  static String address(int number) {
    return "10.%d.%d.%d".formatted(128 + (number >> 16), number >> 8 & 255, number & 255);
  }

  Node node(int number) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name(number))
        .addToLabels("beta.kubernetes.io/arch", "amd64")
        .addToLabels("beta.kubernetes.io/os", "linux")
        .addToLabels("kubernetes.io/arch", "amd64")
        .addToLabels("kubernetes.io/os", "linux")
        .addToLabels("kubernetes.io/hostname", name(number))
        .addToLabels("node.kubernetes.io/instance-type", "m7i.4xlarge")
        .addToLabels("topology.kubernetes.io/region", "eu-central-1")
        .addToLabels("topology.kubernetes.io/zone", "eu-central-1" + "abc".charAt(number % 3))
        .addToAnnotations("volumes.kubernetes.io/controller-managed-attach-detach", "true")
        .endMetadata()
        .withNewSpec()
        .withPodCIDR("10.%d.%d.0/24".formatted(number >> 8 & 255, number & 255))
        .withProviderID("aws:///eu-central-1a/i-%017x".formatted(number))
        .endSpec()
        .withNewStatus()
        .withCapacity(resources("16", "61Gi"))
        .withAllocatable(resources("15890m", "57Gi"))
        .withConditions(conditions())
        .addNewAddress("10.64.%d.%d".formatted(number >> 8 & 255, number & 255), "InternalIP")
        .addNewAddress(name(number), "Hostname")
        .withNewNodeInfo()
        .withMachineID("%032x".formatted(number))
        .withBootID("%032x".formatted(number + 1))
        .withSystemUUID("%032x".formatted(number + 2))
        .withKernelVersion("6.1.0-44-cloud-amd64")
        .withOsImage("Debian GNU/Linux 12 (bookworm)")
        .withContainerRuntimeVersion("containerd://2.1.4")
        .withKubeletVersion("v1.34.2")
        .withKubeProxyVersion("")
        .withOperatingSystem("linux")
        .withArchitecture("amd64")
        .endNodeInfo()
        .withImages(IntStream.range(0, IMAGES).mapToObj(NodeObjects::image).toList())
        .endStatus()
        .build();
  }

  private static Map<String, Quantity> resources(String processors, String memory) {
    return Map.of(
        "cpu", new Quantity(processors),
        "memory", new Quantity(memory),
        "ephemeral-storage", new Quantity("209702892Ki"),
        "pods", new Quantity("234"));
  }

  private static List<NodeCondition> conditions() {
    var now = Instant.now().toString();
    return REASONS.entrySet().stream()
        .map(
            entry ->
                new NodeConditionBuilder()
                    .withType(entry.getKey())
                    .withStatus(entry.getKey().equals("Ready") ? "True" : "False")
                    .withReason("Kubelet" + entry.getKey())
                    .withMessage(entry.getValue())
                    .withLastHeartbeatTime(now)
                    .withLastTransitionTime(now)
                    .build())
        .toList();
  }

  private static ContainerImage image(int number) {
    var repository =
        "registry.example.com/platform/team-%02d/service-%02d".formatted(number, number);
    return new ContainerImage(
        List.of(repository + "@sha256:" + "%064x".formatted(number), repository + ":v1." + number),
        100_000_000L + number);
  }

  /** What the DaemonSet controller and the scheduler make of the chart's DaemonSet there. */
  Pod peer(int number) {
    var node = name(number);
    return new PodBuilder()
        .withNewMetadataLike(peers.getSpec().getTemplate().getMetadata())
        .withName("corvid-peer-%05d".formatted(number))
        .withNamespace(peers.getMetadata().getNamespace())
        .addNewOwnerReference()
        .withApiVersion("apps/v1")
        .withKind("DaemonSet")
        .withName(peers.getMetadata().getName())
        .withUid(peers.getMetadata().getUid())
        .withController(true)
        .endOwnerReference()
        .endMetadata()
        .withNewSpecLike(peers.getSpec().getTemplate().getSpec())
        .withNodeName(node)
        .endSpec()
        .build();
  }

  /** What the kubelet says of it. */
  Pod running(Pod pod, int number) {
    var now = Instant.now().toString();
    return new PodBuilder(pod)
        .withNewStatus()
        .withPhase("Running")
        .withPodIP(address(number))
        .withStartTime(now)
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .withLastTransitionTime(now)
        .endCondition()
        .addNewContainerStatus()
        .withName("peer")
        .withReady(true)
        .withRestartCount(0)
        .withImage(pod.getSpec().getContainers().getFirst().getImage())
        .withImageID("sha256:" + "%064x".formatted(7))
        .withContainerID("containerd://" + "%064x".formatted(number).toLowerCase(Locale.ROOT))
        .withNewState()
        .withNewRunning(now)
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }
}
