package dev.corvid.operator.fleet;

import dev.corvid.operator.config.OperatorConfig;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * On which nodes the DaemonSet of the peers runs a pod, decided as the DaemonSet controller does:
 * node selector, required node affinity, and taints. A Windows node or a virtual one is not a node
 * that lacks its peer.
 */
public final class PeerPlacement {
  /** Taints that the controller tolerates for every pod of a DaemonSet. */
  private static final Set<String> ALWAYS_TOLERATED =
      Set.of(
          "node.kubernetes.io/not-ready",
          "node.kubernetes.io/unreachable",
          "node.kubernetes.io/disk-pressure",
          "node.kubernetes.io/memory-pressure",
          "node.kubernetes.io/pid-pressure",
          "node.kubernetes.io/unschedulable",
          "node.kubernetes.io/network-unavailable");

  private final Map<String, String> nodeSelector;
  private final Optional<NodeSelector> required;
  private final List<Toleration> tolerations;

  public PeerPlacement(OperatorConfig.Peer peer) {
    this.nodeSelector = peer.nodeSelector();
    this.required =
        Optional.ofNullable(peer.affinity())
            .map(affinity -> affinity.getNodeAffinity())
            .map(affinity -> affinity.getRequiredDuringSchedulingIgnoredDuringExecution());
    this.tolerations = peer.tolerations();
  }

  /** Whether a peer is to run there, whatever its pod's state. */
  public boolean wants(Node node) {
    var labels = node.getMetadata().getLabels();
    Map<String, String> present = labels == null ? Map.of() : labels;
    return present.entrySet().containsAll(nodeSelector.entrySet())
        && required.map(selector -> matches(selector, node, present)).orElse(true)
        && taints(node).stream().allMatch(this::tolerates);
  }

  /** The taints that keep a pod from starting. */
  private static List<Taint> taints(Node node) {
    return node.getSpec() == null
        ? List.of()
        : node.getSpec().getTaints().stream()
            .filter(taint -> !"PreferNoSchedule".equals(taint.getEffect()))
            .toList();
  }

  private boolean tolerates(Taint taint) {
    return ALWAYS_TOLERATED.contains(taint.getKey())
        || tolerations.stream().anyMatch(toleration -> tolerates(toleration, taint));
  }

  private static boolean tolerates(Toleration toleration, Taint taint) {
    boolean ofEffect = isAbsentOr(taint.getEffect(), toleration.getEffect());
    boolean ofKey = isAbsentOr(taint.getKey(), toleration.getKey());
    return ofEffect
        && ofKey
        && ("Exists".equals(toleration.getOperator())
            || text(toleration.getValue()).equals(text(taint.getValue())));
  }

  private static boolean isAbsentOr(String wanted, String given) {
    return text(given).isEmpty() || given.equals(wanted);
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static boolean matches(NodeSelector selector, Node node, Map<String, String> labels) {
    return selector.getNodeSelectorTerms().stream().anyMatch(term -> matches(term, node, labels));
  }

  /** A term that demands nothing matches nothing. */
  private static boolean matches(NodeSelectorTerm term, Node node, Map<String, String> labels) {
    var fields = Map.of("metadata.name", node.getMetadata().getName());
    boolean empty = term.getMatchExpressions().isEmpty() && term.getMatchFields().isEmpty();
    return !empty
        && term.getMatchExpressions().stream().allMatch(e -> matches(e, labels))
        && term.getMatchFields().stream().allMatch(e -> matches(e, fields));
  }

  private static boolean matches(NodeSelectorRequirement e, Map<String, String> values) {
    String value = values.get(e.getKey());
    return switch (e.getOperator()) {
      case "In" -> value != null && e.getValues().contains(value);
      case "NotIn" -> value == null || !e.getValues().contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      case "Gt" -> compared(value, e) > 0;
      case "Lt" -> compared(value, e) < 0;
      default -> throw new IllegalArgumentException("affinity operator " + e.getOperator());
    };
  }

  /** 0, which is neither more nor less, for what is no number. */
  private static int compared(@Nullable String value, NodeSelectorRequirement e) {
    try {
      return value == null || e.getValues().size() != 1
          ? 0
          : Long.compare(Long.parseLong(value), Long.parseLong(e.getValues().getFirst()));
    } catch (NumberFormatException notANumber) {
      return 0;
    }
  }
}
