package dev.corvid.tracker;

import dev.corvid.wire.Fleet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers changes into one answer to the operator, release by release. */
final class FleetAnswer {
  private final Peers peers;
  private final Assignments assignments;
  private final List<Fleet.Node> nodes = new ArrayList<>();
  private final Map<String, Fleet.Seeder> seeders = new LinkedHashMap<>();
  private final Map<String, List<Fleet.NodeState>> reports = new LinkedHashMap<>();

  FleetAnswer(Peers peers, Assignments assignments) {
    this.peers = peers;
    this.assignments = assignments;
  }

  Fleet of(String instance, boolean full, long after, FleetNews news) {
    for (Change change : news.tell(after)) {
      switch (change) {
        case Change.OfNode(String node) ->
            peers.find(node).ifPresent(peer -> nodes.add(new Fleet.Node(node, peer.silent)));
        case Change.OfSeeder(String uid) ->
            assignments
                .release(uid)
                .filter(release -> release.heard != null)
                .ifPresent(release -> seeder(uid, release.heard));
        case Change.OfReport(String uid, String node) ->
            peers
                .find(node)
                .map(peer -> peer.reports.get(uid))
                .ifPresent(report -> of(uid).add(new Fleet.NodeState(node, report)));
      }
    }
    List<Fleet.Release> releases = new ArrayList<>();
    reports.forEach(
        (uid, states) -> releases.add(new Fleet.Release(uid, seeders.get(uid), states)));
    return new Fleet(instance, news.sequence(), full, nodes, releases);
  }

  private void seeder(String uid, Fleet.Seeder heard) {
    of(uid);
    seeders.put(uid, heard);
  }

  private List<Fleet.NodeState> of(String uid) {
    return reports.computeIfAbsent(uid, key -> new ArrayList<>());
  }
}
