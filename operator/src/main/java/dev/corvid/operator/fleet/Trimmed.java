package dev.corvid.operator.fleet;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;

/**
 * What is kept in memory of objects that a cluster has thousands of: what a release sees of them. A
 * Node that has pulled fifty images is 12 KiB of JSON, and half a KiB of it matters here.
 */
public final class Trimmed {
  private Trimmed() {}

  /** A node's labels, and whether it is Ready. */
  public static Node node(Node node) {
    return new NodeBuilder()
        .withMetadata(identity(node))
        .withNewStatus()
        .withConditions(ready(node))
        .endStatus()
        .build();
  }

  /** A peer's pod: where it is, and since when. */
  public static Pod peer(Pod pod) {
    return new PodBuilder()
        .withMetadata(identity(pod))
        .withNewSpec()
        .withNodeName(pod.getSpec() == null ? null : pod.getSpec().getNodeName())
        .endSpec()
        .build();
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
