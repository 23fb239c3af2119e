package dev.corvid.operator.fleet;

import dev.corvid.operator.tracker.FleetView;
import dev.corvid.operator.tracker.ReleaseFleet;
import dev.corvid.wire.NodeReport;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who counts for a release.
 *
 * @param desired nodes that match and for which a peer's pod exists, by name
 * @param absent matching nodes without one, such as while it is being replaced
 * @param leaving nodes that hold something of the release although they no longer match
 * @param heard whether every node of the cluster, matching or not, has spoken or is known not to
 * @param excluded how many match, hold nothing, and are to run no peer: they do not count
 * @param recheckAt when silence becomes unreachability for the first of the pending; null for none
 */
public record Census(
    List<Member> desired,
    List<Member> absent,
    List<Member> leaving,
    boolean heard,
    int excluded,
    Instant recheckAt) {
  /** How long a node may be silent before it no longer counts. */
  public static final Duration PATIENCE = Duration.ofSeconds(60);

  public Census {
    desired = List.copyOf(desired);
    absent = List.copyOf(absent);
    leaving = List.copyOf(leaving);
  }

  /** Of nodes that all are to run a peer. */
  public Census(
      List<Member> desired,
      List<Member> absent,
      List<Member> leaving,
      boolean heard,
      Instant recheckAt) {
    this(desired, absent, leaving, heard, 0, recheckAt);
  }

  /**
   * @param placement where a peer is to run
   * @param peers when the peer's pod of each node was made
   */
  public static Census take(
      LabelSelector selector,
      PeerPlacement placement,
      Collection<Node> nodes,
      Map<String, Instant> peers,
      FleetView view,
      ReleaseFleet fleet,
      Instant now) {
    List<Member> desired = new ArrayList<>();
    List<Member> absent = new ArrayList<>();
    List<Member> leaving = new ArrayList<>();
    boolean heard = true;
    int excluded = 0;
    Instant recheckAt = null;
    for (Node node : nodes) {
      String name = node.getMetadata().getName();
      boolean matches = Selectors.matches(selector, node.getMetadata().getLabels());
      boolean alone = matches && !peers.containsKey(name);
      if (alone && !placement.wants(node) && !holdsSomething(fleet.of(name))) {
        excluded++;
      } else if (alone) {
        absent.add(member(node, Member.Reach.UNREACHABLE, fleet));
      } else if (matches || holdsSomething(fleet.of(name))) {
        Instant patientUntil = patientUntil(view, peers.get(name));
        Member member = member(node, reach(node, view, patientUntil, now), fleet);
        (matches ? desired : leaving).add(member);
        if (member.reach() == Member.Reach.PENDING) {
          heard &= member.report() != null;
          recheckAt = earlier(recheckAt, patientUntil);
        }
      } else if (peers.containsKey(name)) {
        Instant patientUntil = patientUntil(view, peers.get(name));
        if (reach(node, view, patientUntil, now) == Member.Reach.PENDING) {
          heard = false;
          recheckAt = earlier(recheckAt, patientUntil);
        }
      }
    }
    desired.sort(Comparator.comparing(Member::node));
    leaving.sort(Comparator.comparing(Member::node));
    absent.sort(Comparator.comparing(Member::node));
    return new Census(desired, absent, leaving, heard, excluded, recheckAt);
  }

  private static Instant earlier(Instant known, Instant other) {
    boolean sooner = other.isBefore(known == null ? Instant.MAX : known);
    return sooner ? other : known;
  }

  private static Member member(Node node, Member.Reach reach, ReleaseFleet fleet) {
    String name = node.getMetadata().getName();
    return new Member(name, reach, fleet.of(name).orElse(null), node.getMetadata().getLabels());
  }

  private static Member.Reach reach(Node node, FleetView view, Instant patientUntil, Instant now) {
    return !isReady(node)
        ? Member.Reach.UNREACHABLE
        : switch (view.contact(node.getMetadata().getName())) {
          case REPORTING -> Member.Reach.REACHABLE;
          case SILENT -> Member.Reach.UNREACHABLE;
          case UNHEARD ->
              now.isBefore(patientUntil) ? Member.Reach.PENDING : Member.Reach.UNREACHABLE;
        };
  }

  /** As long as no tracker has told anything, nobody can be blamed for silence. */
  private static Instant patientUntil(FleetView view, Instant peerSince) {
    return view.since()
        .map(since -> peerSince != null && peerSince.isAfter(since) ? peerSince : since)
        .map(from -> from.plus(PATIENCE))
        .orElse(Instant.MAX);
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
  public Census removing(Set<String> nodes) {
    List<Member> told = leaving.stream().filter(member -> nodes.contains(member.node())).toList();
    return new Census(desired, absent, told, heard, excluded, recheckAt);
  }

  public Optional<Instant> recheck() {
    return Optional.ofNullable(recheckAt);
  }

  /** Names of the matching nodes without a peer. */
  public List<String> unserved() {
    return absent.stream().map(Member::node).toList();
  }

  /** Desired nodes whose word counts. */
  public List<Member> reachable() {
    return desired.stream().filter(Member::isReachable).toList();
  }

  /** Whether every node that could hold the release has spoken, or is known not to. */
  public boolean isHeard() {
    return heard;
  }

  /** Whether every desired node has spoken or is known not to. */
  public boolean isSettled() {
    return desired.stream().noneMatch(member -> member.reach() == Member.Reach.PENDING);
  }

  /** Matching nodes, with a peer or without, but those that are to run none. */
  public int matching() {
    return desired.size() + absent.size();
  }

  /** Reachable nodes that hold that revision whole. */
  public long holders(String manifestDigest) {
    return reachable().stream().filter(member -> member.holds(manifestDigest)).count();
  }
}
