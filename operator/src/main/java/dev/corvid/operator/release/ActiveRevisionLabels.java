package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.label.NodeLabel;
import dev.corvid.operator.label.NodeLabels;
import dev.corvid.operator.release.watch.ReleaseInformers;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.node.NodeReport;
import io.fabric8.kubernetes.api.model.Node;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Has each Node carry what is active on it, where the admin wants that. Of a node that does not
 * answer nothing is known: its labels stay. One that is to give the release up loses its label
 * before its content, and keeps both while removal is held.
 */
final class ActiveRevisionLabels {
  private final boolean enabled;
  private final NodeLabels labels;

  ActiveRevisionLabels(boolean enabled, NodeLabels labels) {
    this.enabled = enabled;
    this.labels = labels;
  }

  void apply(ObservedState seen, ReleaseInformers informers) {
    if (!enabled) {
      return;
    }
    String key = key(seen.release());
    Map<String, SelectedNode> desired = byName(seen.nodes().selection().desired());
    Set<String> absent = byName(seen.nodes().selection().absent()).keySet();
    for (Node node : informers.nodes().all()) {
      String name = node.getMetadata().getName();
      SelectedNode selectedNode = desired.get(name);
      boolean known =
          selectedNode == null
              ? !absent.contains(name) && !seen.holdsBack(name)
              : selectedNode.isReachable();
      if (known) {
        labels.put(
            name,
            key,
            label(node, key),
            selectedNode == null ? null : active(selectedNode),
            carried(node));
      }
    }
  }

  /** The release is being deleted. */
  void remove(SwarmRelease release, ReleaseInformers informers) {
    if (enabled) {
      String key = key(release);
      informers
          .nodes()
          .all()
          .forEach(
              node -> labels.put(node.getMetadata().getName(), key, label(node, key), null, 0));
    }
  }

  /** Takes away what releases left that are gone, such as when the operator was away. */
  void sweep(ReleaseInformers informers) {
    if (!enabled) {
      return;
    }
    Set<String> keys =
        informers.releases().stream().map(ActiveRevisionLabels::key).collect(Collectors.toSet());
    for (Node node : informers.nodes().all()) {
      labelsOf(node).keySet().stream()
          .filter(key -> key.startsWith(NodeLabel.PREFIX) && !keys.contains(key))
          .forEach(key -> labels.put(node.getMetadata().getName(), key, label(node, key), null, 0));
    }
  }

  private static String key(SwarmRelease release) {
    return NodeLabel.key(release.getMetadata().getNamespace(), release.getMetadata().getName());
  }

  private static @Nullable String active(SelectedNode node) {
    return node.reported().map(NodeReport::active).map(Content::revisionOf).orElse(null);
  }

  private static int carried(Node node) {
    return (int)
        labelsOf(node).keySet().stream().filter(key -> key.startsWith(NodeLabel.PREFIX)).count();
  }

  private static @Nullable String label(Node node, String key) {
    return labelsOf(node).get(key);
  }

  private static Map<String, String> labelsOf(Node node) {
    Map<String, String> labels = node.getMetadata().getLabels();
    return labels == null ? Map.of() : labels;
  }

  private static Map<String, SelectedNode> byName(Collection<SelectedNode> nodes) {
    Map<String, SelectedNode> byName = new HashMap<>();
    nodes.forEach(node -> byName.put(node.node(), node));
    return byName;
  }
}
