package dev.corvid.operator.fleet;

import dev.corvid.api.v1alpha1.ReleaseAnnotations;
import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.metadata.Ownership;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is kept in memory of objects that a cluster has thousands of: what a release sees of them. A
 * Node that has pulled fifty images is 12 KiB of JSON, and half a KiB of it matters here.
 */
public final class InformerTransforms {
  /** What is kept of an annotation's value, in UTF-16 units: more than any that means something. */
  public static final int MAX_VALUE = 256;

  private static final String OURS = "corvid.dev/";

  private InformerTransforms() {}

  /** A node's labels and taints, and whether it is Ready. */
  public static Node node(Node node) {
    return new NodeBuilder()
        .withMetadata(identity(node))
        .withNewSpec()
        .withTaints(node.getSpec() == null ? List.of() : node.getSpec().getTaints())
        .endSpec()
        .withNewStatus()
        .withConditions(ready(node))
        .endStatus()
        .build();
  }

  /** A peer's pod: whose it is, where, at which IP, and since when. */
  public static Pod peer(Pod pod) {
    return new PodBuilder()
        .withMetadata(owned(pod, Map.of()))
        .withNewSpec()
        .withNodeName(pod.getSpec() == null ? null : pod.getSpec().getNodeName())
        .endSpec()
        .withNewStatus()
        .withPodIP(pod.getStatus() == null ? null : pod.getStatus().getPodIP())
        .endStatus()
        .build();
  }

  /**
   * A release without what its spec does not bound: the schema says nothing of labels, annotations
   * and managed fields, and each may be larger than all else together.
   */
  public static SwarmRelease release(SwarmRelease release) {
    ObjectMeta metadata = release.getMetadata();
    var trimmed = new SwarmRelease();
    trimmed.setMetadata(
        new ObjectMetaBuilder(identity(release))
            .withLabels(null)
            .withGeneration(metadata.getGeneration())
            .withFinalizers(metadata.getFinalizers())
            .withAnnotations(decisions(metadata))
            .build());
    trimmed.setSpec(release.getSpec());
    trimmed.setStatus(release.getStatus());
    return trimmed;
  }

  /** A claim: whose it is. Anybody may make one with the labels that are watched. */
  public static PersistentVolumeClaim claim(PersistentVolumeClaim claim) {
    return new PersistentVolumeClaimBuilder().withMetadata(owned(claim, Map.of())).build();
  }

  /** A seeder's pod: whose it is, what it was made from, its disk space, and its state. */
  public static Pod seeder(Pod pod) {
    if (Ownership.release(pod).isEmpty()) {
      return new PodBuilder().withMetadata(owned(pod, Map.of())).build();
    }
    return new PodBuilder()
        .withMetadata(owned(pod, ours(pod.getMetadata())))
        .withNewSpec()
        .withVolumes(space(pod))
        .endSpec()
        .withStatus(pod.getStatus())
        .build();
  }

  /** Of any object: whose it is, with these labels of it, and when it was written. */
  public static ObjectMeta owned(HasMetadata object, Set<String> labels) {
    return new ObjectMetaBuilder(owned(object, Map.of()))
        .withLabels(
            object.getMetadata().getLabels().entrySet().stream()
                .filter(label -> labels.contains(label.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)))
        .build();
  }

  private static List<Volume> space(Pod pod) {
    return pod.getSpec() == null
        ? List.of()
        : pod.getSpec().getVolumes().stream()
            .filter(volume -> volume.getEmptyDir() != null)
            .limit(4)
            .toList();
  }

  private static ObjectMeta owned(HasMetadata object, Map<String, String> annotations) {
    return new ObjectMetaBuilder(identity(object))
        .withLabels(null)
        .withAnnotations(annotations)
        .withOwnerReferences(Ownership.controller(object).stream().toList())
        .build();
  }

  /** The beginning of a value, of which nobody bounds the length; null for none. */
  public static @Nullable String value(@Nullable String value) {
    return value == null || value.length() <= MAX_VALUE ? value : value.substring(0, MAX_VALUE);
  }

  /** The annotations by which a person decides something. One that is too long is told of. */
  private static Map<String, String> decisions(ObjectMeta metadata) {
    return metadata.getAnnotations().entrySet().stream()
        .filter(entry -> ReleaseAnnotations.NAMES.contains(entry.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> value(entry.getValue())));
  }

  /** The annotations that an operator wrote; they are short and few. */
  private static Map<String, String> ours(ObjectMeta metadata) {
    return metadata.getAnnotations().entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(OURS) && entry.getValue().length() <= MAX_VALUE)
        .sorted(Map.Entry.comparingByKey())
        .limit(16)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static ObjectMeta identity(HasMetadata object) {
    ObjectMeta metadata = object.getMetadata();
    return new ObjectMetaBuilder()
        .withName(metadata.getName())
        .withNamespace(metadata.getNamespace())
        .withUid(metadata.getUid())
        .withResourceVersion(metadata.getResourceVersion())
        .withCreationTimestamp(metadata.getCreationTimestamp())
        .withDeletionTimestamp(metadata.getDeletionTimestamp())
        .withLabels(metadata.getLabels())
        .build();
  }

  private static List<NodeCondition> ready(Node node) {
    return node.getStatus() == null
        ? List.of()
        : node.getStatus().getConditions().stream()
            .filter(condition -> "Ready".equals(condition.getType()))
            .toList();
  }
}
