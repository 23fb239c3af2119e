package dev.corvid.operator.volume;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.label.NodeLabel;
import dev.corvid.operator.metadata.Ownership;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.wire.config.Roots;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirementBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The volume and the claim by which pods mount a release: pure functions of it. The volume is
 * pre-bound to the claim, so nobody else's claim can take it, and mounted read-only, even for root.
 */
public final class VolumeObjects {
  /**
   * Nominal: what a claim asks for counts against the tenant's storage quota, and nothing is
   * copied.
   */
  private static final Quantity CAPACITY = new Quantity("1Mi");

  private VolumeObjects() {}

  /** The volume's name: unique in the cluster, and no release can be made to own another one's. */
  public static String volumeName(SwarmRelease release) {
    return "corvid-" + release.getMetadata().getUid();
  }

  /**
   * @param nodeLabels whether Nodes carry what is active on them: then pods that use the release
   *     wait until it is
   */
  public static PersistentVolume volume(SwarmRelease release, Roots.Root root, boolean nodeLabels) {
    String namespace = release.getMetadata().getNamespace();
    String name = release.getMetadata().getName();
    return new PersistentVolumeBuilder()
        .withNewMetadata()
        .withName(volumeName(release))
        .withLabels(labels(release))
        .endMetadata()
        .withNewSpec()
        .addToCapacity("storage", CAPACITY)
        .withVolumeMode("Filesystem")
        .withAccessModes("ReadOnlyMany")
        .withPersistentVolumeReclaimPolicy("Retain")
        .withStorageClassName("")
        .withMountOptions("ro")
        .withNewClaimRef()
        .withApiVersion("v1")
        .withKind("PersistentVolumeClaim")
        .withNamespace(namespace)
        .withName(name)
        .endClaimRef()
        .withNewLocal()
        .withPath(root.hostPath() + "/" + namespace + "/" + name)
        .endLocal()
        .withNewNodeAffinity()
        .withNewRequired()
        .addNewNodeSelectorTerm()
        .withMatchExpressions(
            nodeLabels
                ? List.of(requirement(NodeLabel.key(namespace, name), "Exists", List.of()))
                : expressions(release.getSpec().nodes().selector()))
        .endNodeSelectorTerm()
        .endRequired()
        .endNodeAffinity()
        .endSpec()
        .build();
  }

  public static PersistentVolumeClaim claim(SwarmRelease release) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName(release.getMetadata().getName())
        .withNamespace(release.getMetadata().getNamespace())
        .withLabels(labels(release))
        .addNewOwnerReference()
        .withApiVersion(release.getApiVersion())
        .withKind(release.getKind())
        .withName(release.getMetadata().getName())
        .withUid(release.getMetadata().getUid())
        .withController(true)
        .endOwnerReference()
        .endMetadata()
        .withNewSpec()
        .withAccessModes("ReadOnlyMany")
        .withVolumeMode("Filesystem")
        .withStorageClassName("")
        .withVolumeName(volumeName(release))
        .withNewResources()
        .addToRequests("storage", CAPACITY)
        .endResources()
        .endSpec()
        .build();
  }

  /** Whether this is the release's volume, and not one that only looks like it. */
  public static boolean isVolumeOf(PersistentVolume found, SwarmRelease release) {
    var claim = found.getSpec() == null ? null : found.getSpec().getClaimRef();
    return found.getMetadata().getName().equals(volumeName(release))
        && claim != null
        && release.getMetadata().getNamespace().equals(claim.getNamespace())
        && release.getMetadata().getName().equals(claim.getName())
        && found.getSpec().getLocal() != null;
  }

  /** Whether this is the release's claim, and not one that only looks like it. */
  public static boolean isClaimOf(PersistentVolumeClaim found, SwarmRelease release) {
    return found.getMetadata().getName().equals(release.getMetadata().getName())
        && Ownership.isControlledBy(found, release);
  }

  /** Whether a volume is where and for whom it should be; neither can be changed in place. */
  public static boolean fits(PersistentVolume found, PersistentVolume wanted) {
    return path(wanted).equals(path(found))
        && wanted.getSpec().getNodeAffinity().equals(found.getSpec().getNodeAffinity());
  }

  /** However it was written: roots were once taken with a slash at the end, or with two in it. */
  private static Path path(PersistentVolume volume) {
    return Path.of(volume.getSpec().getLocal().getPath()).normalize();
  }

  private static Map<String, String> labels(SwarmRelease release) {
    Map<String, String> labels = ResourceNames.labels("volume");
    labels.put(ResourceNames.RELEASE, release.getMetadata().getName());
    labels.put(ResourceNames.RELEASE_NAMESPACE, release.getMetadata().getNamespace());
    return labels;
  }

  /**
   * A label selector in the words of a node selector; a local volume needs at least one of them.
   */
  private static List<NodeSelectorRequirement> expressions(LabelSelector selector) {
    var expressions = new ArrayList<NodeSelectorRequirement>();
    if (selector.getMatchLabels() != null) {
      new TreeMap<>(selector.getMatchLabels())
          .forEach((key, value) -> expressions.add(requirement(key, "In", List.of(value))));
    }
    if (selector.getMatchExpressions() != null) {
      selector
          .getMatchExpressions()
          .forEach(e -> expressions.add(requirement(e.getKey(), e.getOperator(), e.getValues())));
    }
    if (expressions.isEmpty()) {
      expressions.add(requirement("kubernetes.io/hostname", "Exists", List.of()));
    }
    return expressions;
  }

  private static NodeSelectorRequirement requirement(
      String key, String operator, List<String> values) {
    return new NodeSelectorRequirementBuilder()
        .withKey(key)
        .withOperator(operator)
        .withValues(values)
        .build();
  }
}
