package dev.corvid.operator.fleet;

import dev.corvid.operator.tracker.FleetCache;
import dev.corvid.operator.tracker.ReleaseFleet;
import dev.corvid.time.Uptime;
import dev.corvid.wire.node.NodeReport;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who counts for a release.
 *
 * @param desired nodes that match and for which a peer's pod exists, by name
 * @param absent matching nodes without one, such as while it is being replaced
 * @param leaving nodes that hold something of the release although they no longer match
 * @param silent those that have not reported since operator and tracker started
 * @param excluded how many match, hold nothing, and are to run no peer: they do not count
 * @param recheckAt when silence becomes unreachability for the first of the pending; null for none
 */
public record NodeSelection(
    List<SelectedNode> desired,
    List<SelectedNode> absent,
    List<SelectedNode> leaving,
    Silent silent,
    int excluded,
    @Nullable Uptime recheckAt) {
  /**
   * What is known of nodes that have not reported since operator and tracker started.
   *
   * @param over whether none is waited for: each node of the cluster, matching or not, has reported
   *     or is known not to
   * @param unknown nodes that do not match, such as one that is NotReady: they may hold the release
   * @param awaited how many are taken for holders, because as many are still missing of those that
   *     held a revision before
   */
  public record Silent(boolean over, Set<String> unknown, int awaited) {
    public Silent {
      unknown = Set.copyOf(unknown);
    }

    private Silent awaiting(int holders) {
      return new Silent(over, unknown, holders);
    }
  }

  /** How long a node may be silent before it no longer counts. */
  public static final Duration PATIENCE = Duration.ofSeconds(60);

  public NodeSelection {
    desired = List.copyOf(desired);
    absent = List.copyOf(absent);
    leaving = List.copyOf(leaving);
  }

  /** Of nodes that all are to run a peer, and have spoken if they do not match. */
  public NodeSelection(
      List<SelectedNode> desired,
      List<SelectedNode> absent,
      List<SelectedNode> leaving,
      boolean heard,
      @Nullable Uptime recheckAt) {
    this(desired, absent, leaving, new Silent(heard, Set.of(), 0), 0, recheckAt);
  }

  /**
   * @param placement where a peer is to run
   * @param peers since when the peer's pod of each node is known
   */
  public static NodeSelection take(
      LabelSelector selector,
      PeerPlacement placement,
      Collection<Node> nodes,
      Map<String, Uptime> peers,
      FleetCache fleetCache,
      ReleaseFleet fleet,
      Uptime now) {
    List<SelectedNode> desired = new ArrayList<>();
    List<SelectedNode> absent = new ArrayList<>();
    List<SelectedNode> leaving = new ArrayList<>();
    Set<String> unknown = new HashSet<>();
    boolean heard = true;
    int excluded = 0;
    Uptime recheckAt = null;
    for (Node node : nodes) {
      String name = node.getMetadata().getName();
      boolean matches = Selectors.matches(selector, node.getMetadata().getLabels());
      boolean alone = matches && !peers.containsKey(name);
      if (alone && !placement.wants(node) && !holdsSomething(fleet.of(name))) {
        excluded++;
      } else if (alone) {
        absent.add(selectedNode(node, SelectedNode.Reachability.UNREACHABLE, fleet));
      } else if (matches || holdsSomething(fleet.of(name))) {
        Uptime patientUntil = patientUntil(fleetCache, peers.get(name));
        SelectedNode selectedNode =
            selectedNode(node, reachability(node, fleetCache, patientUntil, now), fleet);
        (matches ? desired : leaving).add(selectedNode);
        if (selectedNode.reachability() == SelectedNode.Reachability.PENDING) {
          heard &= selectedNode.report() != null;
          recheckAt = earlier(recheckAt, patientUntil);
        }
      } else if (isUnheard(name, fleetCache)
          && (peers.containsKey(name) || placement.wants(node))) {
        unknown.add(name);
        Uptime patientUntil = patientUntil(fleetCache, peers.get(name));
        boolean pending =
            reachability(node, fleetCache, patientUntil, now) == SelectedNode.Reachability.PENDING;
        if (pending && peers.containsKey(name)) {
          heard = false;
          recheckAt = earlier(recheckAt, patientUntil);
        }
      }
    }
    desired.sort(Comparator.comparing(SelectedNode::node));
    leaving.sort(Comparator.comparing(SelectedNode::node));
    absent.sort(Comparator.comparing(SelectedNode::node));
    return new NodeSelection(
        desired, absent, leaving, new Silent(heard, unknown, 0), excluded, recheckAt);
  }

  private static boolean isUnheard(String node, FleetCache fleetCache) {
    return fleetCache.contact(node) == FleetCache.Contact.UNHEARD;
  }

  private static @Nullable Uptime earlier(@Nullable Uptime known, Uptime other) {
    boolean sooner = other.isBefore(known == null ? Uptime.MAX : known);
    return sooner ? other : known;
  }

  private static SelectedNode selectedNode(
      Node node, SelectedNode.Reachability reachability, ReleaseFleet fleet) {
    String name = node.getMetadata().getName();
    return new SelectedNode(
        name, reachability, fleet.of(name).orElse(null), node.getMetadata().getLabels());
  }

  private static SelectedNode.Reachability reachability(
      Node node, FleetCache fleetCache, Uptime patientUntil, Uptime now) {
    return !isReady(node)
        ? SelectedNode.Reachability.UNREACHABLE
        : switch (fleetCache.contact(node.getMetadata().getName())) {
          case REPORTING -> SelectedNode.Reachability.REACHABLE;
          case SILENT -> SelectedNode.Reachability.UNREACHABLE;
          case UNHEARD ->
              now.isBefore(patientUntil)
                  ? SelectedNode.Reachability.PENDING
                  : SelectedNode.Reachability.UNREACHABLE;
        };
  }

  /** As long as no tracker has told anything, nobody can be blamed for silence. */
  private static Uptime patientUntil(FleetCache fleetCache, @Nullable Uptime peerSince) {
    return fleetCache
        .since()
        .map(since -> peerSince != null && peerSince.isAfter(since) ? peerSince : since)
        .map(from -> from.plus(PATIENCE))
        .orElse(Uptime.MAX);
  }

  private static boolean holdsSomething(Optional<NodeReport> report) {
    return report.isPresent() && report.get().state() != NodeReport.State.REMOVED;
  }

  /** Whether the kubelet says that the node is Ready. */
  public static boolean isReady(Node node) {
    return node.getStatus() != null
        && node.getStatus().getConditions().stream()
            .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
  }

  /** With these alone among the leaving. */
  public NodeSelection removing(Set<String> nodes) {
    List<SelectedNode> told = leaving.stream().filter(node -> nodes.contains(node.node())).toList();
    return new NodeSelection(desired, absent, told, silent, excluded, recheckAt);
  }

  /**
   * @param holders how many nodes that held a revision before have not been heard of since
   */
  public NodeSelection awaiting(int holders) {
    int most = Math.clamp(holders, 0, silentNodes());
    return new NodeSelection(desired, absent, leaving, silent.awaiting(most), excluded, recheckAt);
  }

  public Optional<Uptime> recheck() {
    return Optional.ofNullable(recheckAt);
  }

  /** Names of the matching nodes without a peer. */
  public List<String> unserved() {
    return absent.stream().map(SelectedNode::node).toList();
  }

  /** Desired nodes whose word counts. */
  public List<SelectedNode> reachable() {
    return desired.stream().filter(SelectedNode::isReachable).toList();
  }

  /** Matching nodes, with a peer or without, whether they can be reached or not. */
  public List<SelectedNode> staying() {
    return Stream.concat(desired.stream(), absent.stream()).toList();
  }

  /**
   * How many nodes hold a revision: as far as is known, and those that are awaited.
   *
   * @param all those that leave, told or not
   */
  public int holding(Collection<SelectedNode> all) {
    return (int) holders(all).count() + silent.awaited();
  }

  /** How many of the nodes that do not match may hold a revision, without a word of it. */
  public int presumed() {
    return Math.min(silent.awaited(), silent.unknown().size());
  }

  /** Names of the nodes that are known to hold a revision. */
  public Stream<String> holders() {
    return holders(leaving);
  }

  private Stream<String> holders(Collection<SelectedNode> all) {
    return Stream.concat(staying().stream(), all.stream())
        .filter(SelectedNode::holdsAnything)
        .map(SelectedNode::node);
  }

  /** Of how many nodes nothing was heard since operator and tracker started. */
  private int silentNodes() {
    long matching =
        staying().stream().filter(node -> node.report() == null && !node.isReachable()).count();
    return silent.unknown().size() + (int) matching;
  }

  /** Whether every node that could hold the release has spoken, or is known not to. */
  public boolean isHeard() {
    return silent.over();
  }

  /** Whether every desired node has spoken or is known not to. */
  public boolean isSettled() {
    return desired.stream()
        .noneMatch(node -> node.reachability() == SelectedNode.Reachability.PENDING);
  }

  /** Matching nodes, with a peer or without, but those that are to run none. */
  public int matching() {
    return desired.size() + absent.size();
  }

  /** Reachable nodes that hold that revision whole. */
  public long holders(String manifestDigest) {
    return reachable().stream().filter(node -> node.holds(manifestDigest)).count();
  }
}
