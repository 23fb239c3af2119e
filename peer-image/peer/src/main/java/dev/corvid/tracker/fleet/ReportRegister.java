package dev.corvid.tracker.fleet;

import dev.corvid.wire.WireException;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.SharedValues;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Takes in what nodes report, within what one node may cost. A node that has reported more than
 * that is asked for everything again as soon as its slice changes: there may be room then. Not
 * thread-safe.
 */
final class ReportRegister {
  /** Reports of one node on releases that it has no grant for. */
  static final int MOST_UNGRANTED = 256;

  private static final int SHARED = 4096;

  private final NodeRecords peers;
  private final GrantIndex grants;
  private final ChangeFeed feed;
  private final SharedValues shared = new SharedValues(SHARED);

  ReportRegister(NodeRecords peers, GrantIndex grants, ChangeFeed feed) {
    this.peers = peers;
    this.grants = grants;
    this.feed = feed;
  }

  /**
   * Takes a node's reports, whole or not at all.
   *
   * @param full whether they are all that it holds
   * @param granted whether all grants are known: before, any release may have one
   * @throws WireException when the node would hold more releases than any node may
   */
  void take(NodeRecord peer, boolean full, List<NodeReport> reports, boolean granted, long now)
      throws WireException {
    Set<String> held = peer.reports.releaseUids();
    Set<String> gone = new HashSet<>();
    if (full) {
      gone.addAll(held);
      reports.forEach(report -> gone.remove(report.releaseUid()));
      held = new HashSet<>(held);
      held.removeAll(gone);
    }
    List<NodeReport> kept = keepable(peer.node, held, reports, granted);
    if (full) {
      peer.reports.begin();
      gone.forEach(uid -> forget(peer, uid));
    }
    if (kept.size() < reports.size()) {
      peer.reports.curtail();
    }
    for (NodeReport report : kept) {
      NodeReport before = peer.reports.get(report.releaseUid());
      feed.report(peer.node, before, peer.reports.put(shared.of(report)), now);
    }
  }

  /**
   * Those of the reports that there is room for.
   *
   * @param held the releases whose reports are kept already
   */
  private List<NodeReport> keepable(
      String node, Set<String> held, List<NodeReport> reports, boolean granted)
      throws WireException {
    Set<String> added = new HashSet<>();
    long room =
        granted
            ? MOST_UNGRANTED - held.stream().filter(uid -> !grants.isGranted(node, uid)).count()
            : NodePoll.MAX_REPORTS;
    List<NodeReport> kept = new ArrayList<>();
    for (NodeReport report : reports) {
      String uid = report.releaseUid();
      if (!held.contains(uid) && !added.contains(uid)) {
        if (!grants.isGranted(node, uid) && room-- <= 0) {
          continue;
        }
        added.add(uid);
      }
      kept.add(report);
    }
    if (held.size() + added.size() > NodePoll.MAX_REPORTS) {
      throw new WireException("node " + node + " reports on too many releases");
    }
    return kept;
  }

  /**
   * All grants are known: reports on releases that have none are no more than one node may keep.
   */
  void granted() {
    peers
        .all()
        .forEach(
            peer -> {
              List<String> ungranted = ungranted(peer);
              int most = Math.min(MOST_UNGRANTED, ungranted.size());
              for (String uid : ungranted.subList(most, ungranted.size())) {
                forget(peer, uid);
                peer.reports.curtail();
              }
            });
  }

  /** The slices of these nodes have changed. */
  void changed(Set<String> nodes) {
    for (String node : nodes) {
      peers.find(node).filter(peer -> peer.reports.isCurtailed()).ifPresent(NodeRecord::endSession);
    }
  }

  /** What the operator forgot, and a node has removed, need not be reported any more. */
  void forgetRemoved(String releaseUid) {
    peers
        .all()
        .forEach(
            peer -> {
              NodeReport report = peer.reports.get(releaseUid);
              if (report != null
                  && report.state() == NodeReport.State.REMOVED
                  && leftNothing(report)) {
                forget(peer, releaseUid);
              }
            });
  }

  private static boolean leftNothing(NodeReport removed) {
    return removed.namespaceUid() == null;
  }

  private void forget(NodeRecord peer, String releaseUid) {
    peer.reports.remove(releaseUid);
    feed.forgetReport(releaseUid, peer.node);
  }

  private List<String> ungranted(NodeRecord peer) {
    return peer.reports.releaseUids().stream()
        .filter(uid -> !grants.isGranted(peer.node, uid))
        .toList();
  }
}
