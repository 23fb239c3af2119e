package dev.corvid.operator.release.grant;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.release.step.NameList;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.tracker.FleetCache;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.node.NodeReport;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Nodes on which a release of an earlier namespace of that name left content under the release's
 * own. They are told to remove it at once, whether there is anything to hold instead or not, and no
 * pod can mount the release before those that can be reached have done so: the directory is the
 * former owner's until then.
 *
 * @param nodes all that report such content
 * @param awaited those among them that match and can be reached
 * @param settled whether it is known what the matching nodes hold, or that they cannot be reached
 */
public record NamespaceLeftovers(Set<String> nodes, List<String> awaited, boolean settled) {
  private static final int NAMED = 5;

  public static final NamespaceLeftovers NONE = new NamespaceLeftovers(Set.of(), List.of(), true);

  /** The release's own namespace is gone, or not known yet. */
  private static final NamespaceLeftovers OF_NO_NAMESPACE =
      new NamespaceLeftovers(Set.of(), List.of(), false);

  /**
   * @param scope null while its namespace is not known
   */
  public static NamespaceLeftovers of(
      SwarmRelease release,
      @Nullable SharingScope scope,
      NodeSelection selection,
      FleetCache fleetCache) {
    if (scope == null || scope.namespaceUid() == null) {
      return OF_NO_NAMESPACE;
    }
    String namespaceUid = scope.namespaceUid();
    Set<String> nodes = new TreeSet<>();
    latest(release, namespaceUid, fleetCache)
        .forEach(
            (node, report) -> {
              if (isFormer(report, namespaceUid)) {
                nodes.add(node);
              }
            });
    List<String> awaited =
        selection.reachable().stream().map(SelectedNode::node).filter(nodes::contains).toList();
    return new NamespaceLeftovers(nodes, awaited, selection.isSettled());
  }

  /**
   * A node has one directory for all releases of a name: the highest grant decided what is in it.
   */
  private static Map<String, NodeReport> latest(
      SwarmRelease release, String namespaceUid, FleetCache fleetCache) {
    ReleaseName name = ResourceNames.nameOf(release);
    Comparator<NodeReport> order =
        Comparator.comparing(NodeReport::rank)
            .thenComparing(report -> isFormer(report, namespaceUid));
    Map<String, NodeReport> latest = new HashMap<>();
    for (var fleet : fleetCache.releasesByName(name)) {
      fleet
          .nodes()
          .forEach(
              (node, report) -> {
                if (report.release().equals(name)
                    && report.root().equals(release.getSpec().root())) {
                  latest.merge(node, report, (a, b) -> order.compare(a, b) < 0 ? b : a);
                }
              });
    }
    return latest;
  }

  private static boolean isFormer(NodeReport report, String namespaceUid) {
    return report.namespaceUid() != null && !report.namespaceUid().equals(namespaceUid);
  }

  /** Whether what pods would mount is this namespace's. */
  public boolean areOver() {
    return settled && awaited.isEmpty();
  }

  /** Why no pod can mount the release yet; null while that is not known. */
  public @Nullable Problem problem() {
    return awaited.isEmpty()
        ? null
        : new Problem(
            Reason.ForeignContent,
            ("%d nodes hold content that a release of an earlier namespace of this name left, and"
                    + " have been told to remove it; no pod can mount the release until then: %s. A node that"
                    + " cannot remove it says why in its peer's log")
                .formatted(awaited.size(), NameList.of(awaited, NAMED)));
  }
}
