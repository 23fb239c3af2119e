package dev.corvid.operator.tracker;

import dev.corvid.operator.config.OperatorConfig;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.pod.PodSecurity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The tracker's Deployment and Service: a pure function of the configuration. */
public final class TrackerObjects {
  static final int PORT = 7070;

  private final OperatorConfig config;
  private final String namespace;

  public TrackerObjects(OperatorConfig config, String namespace) {
    this.config = config;
    this.namespace = namespace;
  }

  /** The base URL by which seeders and the operator reach the tracker. */
  public String url() {
    return "http://%s.%s.svc.%s:%d"
        .formatted(ResourceNames.TRACKER, namespace, config.clusterDomain(), PORT);
  }

  Service service(List<OwnerReference> owners) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withName(ResourceNames.TRACKER)
        .withNamespace(namespace)
        .withLabels(ResourceNames.labels("tracker"))
        .withOwnerReferences(owners)
        .endMetadata()
        .withNewSpec()
        .withSelector(selector())
        // Peers and operator know by its instance what a tracker knows: readiness would only delay.
        .withPublishNotReadyAddresses(true)
        .addNewPort()
        .withName("http")
        .withPort(PORT)
        .withProtocol("TCP")
        .withNewTargetPort("http")
        .endPort()
        .endSpec()
        .build();
  }

  Deployment deployment(List<OwnerReference> owners) {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName(ResourceNames.TRACKER)
        .withNamespace(namespace)
        .withLabels(ResourceNames.labels("tracker"))
        .withOwnerReferences(owners)
        .endMetadata()
        .withNewSpec()
        .withReplicas(1)
        .withNewStrategy()
        .withType("Recreate")
        .endStrategy()
        .withNewSelector()
        .withMatchLabels(selector())
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(podLabels())
        .withAnnotations(config.tracker().pod().annotations())
        .endMetadata()
        .withNewSpec()
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withTerminationGracePeriodSeconds(PodSecurity.TERMINATION.toSeconds())
        .withImagePullSecrets(config.imagePullSecrets())
        .withNodeSelector(config.tracker().nodeSelector())
        .withTolerations(PodSecurity.tolerations(config.tracker().tolerations()))
        .withAffinity(config.tracker().affinity())
        .withSecurityContext(PodSecurity.pod(config.security()))
        .withContainers(container())
        .addNewVolume()
        .withName("trust")
        .withNewConfigMap()
        .withName(ResourceNames.TRUST)
        .endConfigMap()
        .endVolume()
        .addToVolumes(PodSecurity.scratch("tmp", "64Mi"))
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  private Container container() {
    return new ContainerBuilder()
        .withName("tracker")
        .withImage(config.peerImage())
        .withImagePullPolicy(config.imagePullPolicy())
        // Each node costs some 20 KiB: the memory limit decides how many, not the image's heap.
        .withCommand(
            PodSecurity.java(
                List.of("-XX:MinRAMPercentage=40", "-XX:MaxRAMPercentage=40"),
                config.tracker().pod().javaOptions()))
        .withArgs(
            "tracker",
            "--cluster",
            "--listen",
            "0.0.0.0:" + PORT,
            "--trust",
            "/etc/corvid/trust/trust.json",
            "--http",
            "0.0.0.0:" + PodSecurity.TELEMETRY_PORT)
        .addAllToEnv(config.tracker().pod().env())
        .addNewPort()
        .withName("http")
        .withContainerPort(PORT)
        .withProtocol("TCP")
        .endPort()
        .addNewPort()
        .withName(PodSecurity.TELEMETRY)
        .withContainerPort(PodSecurity.TELEMETRY_PORT)
        .withProtocol("TCP")
        .endPort()
        .withResources(resources())
        .withSecurityContext(PodSecurity.container())
        .withStartupProbe(PodSecurity.startup())
        .withReadinessProbe(PodSecurity.readiness())
        .withLivenessProbe(PodSecurity.liveness())
        .addNewVolumeMount()
        .withName("trust")
        .withMountPath("/etc/corvid/trust")
        .withReadOnly(true)
        .endVolumeMount()
        .addNewVolumeMount()
        .withName("tmp")
        .withMountPath("/tmp")
        .endVolumeMount()
        .build();
  }

  private ResourceRequirements resources() {
    if (config.tracker().resources() != null) {
      return config.tracker().resources();
    }
    return new ResourceRequirementsBuilder()
        .addToRequests("cpu", new Quantity("50m"))
        .addToRequests("memory", new Quantity("128Mi"))
        .addToLimits("memory", new Quantity("256Mi"))
        .build();
  }

  private Map<String, String> podLabels() {
    var labels = new TreeMap<>(config.tracker().pod().labels());
    labels.putAll(ResourceNames.labels("tracker"));
    return labels;
  }

  private static Map<String, String> selector() {
    Map<String, String> labels = ResourceNames.labels("tracker");
    labels.remove(ResourceNames.MANAGED_BY);
    return labels;
  }
}
