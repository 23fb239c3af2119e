package dev.corvid.tracker.fleet;

import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.operator.Fleet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gathers changes into one answer to the operator, release by release, up to so many bytes of JSON;
 * at least one change fits.
 */
final class FleetAnswer {
  static final int MOST_BYTES = 4 << 20;

  /** What is around the texts of a report, of a release, of a node. */
  private static final int REPORT = 420;

  private static final int RELEASE = 128;
  private static final int NODE = 48;

  /** With a publication, whose texts are bounded, and one content. */
  private static final int SEEDER = 2048;

  private static final int DIGEST = 76;

  private final NodeRecords peers;
  private final GrantIndex grants;
  private final int limit;
  private final List<Fleet.Node> nodes = new ArrayList<>();
  private final Map<String, Fleet.Seeder> seeders = new LinkedHashMap<>();
  private final Map<String, List<Fleet.NodeState>> reports = new LinkedHashMap<>();
  private int size;

  /**
   * @param bytes that are asked for; 0 for as many as one answer may have
   */
  FleetAnswer(NodeRecords peers, GrantIndex grants, int bytes) {
    this.peers = peers;
    this.grants = grants;
    this.limit = bytes == 0 ? MOST_BYTES : Math.min(bytes, MOST_BYTES);
  }

  /** In the order of the last change: what changes meanwhile comes after what was sent before. */
  Fleet of(String instance, boolean full, long after, ChangeFeed feed) {
    long told = after;
    for (Map.Entry<Change, Long> change : feed.tell(after)) {
      if (!add(change.getKey())) {
        return answer(instance, told, full, true);
      }
      told = change.getValue();
    }
    return answer(instance, feed.sequence(), full, false);
  }

  private Fleet answer(String instance, long sequence, boolean full, boolean more) {
    List<Fleet.Release> releases = new ArrayList<>();
    reports.forEach(
        (uid, states) -> releases.add(new Fleet.Release(uid, seeders.get(uid), states)));
    return new Fleet(instance, sequence, full, more, nodes, releases);
  }

  private boolean add(Change change) {
    return switch (change) {
      case Change.OfNode(String node) -> peers.find(node).map(this::add).orElse(true);
      case Change.OfSeeder(String uid) ->
          grants
              .release(uid)
              .map(release -> release.heard)
              .map(heard -> add(uid, heard))
              .orElse(true);
      case Change.OfReport(String uid, String node) ->
          peers
              .find(node)
              .map(peer -> peer.reports.get(uid))
              .map(report -> add(node, report))
              .orElse(true);
    };
  }

  private boolean add(NodeRecord peer) {
    return takes(peer.node.length() + NODE) && nodes.add(new Fleet.Node(peer.node, peer.silent));
  }

  private boolean add(String uid, Fleet.Seeder heard) {
    if (!takes(sizeOfRelease(uid) + SEEDER + sizeOf(heard.report().message()))) {
      return false;
    }
    of(uid);
    seeders.put(uid, heard);
    return true;
  }

  private boolean add(String node, NodeReport report) {
    String uid = report.releaseUid();
    return takes(sizeOfRelease(uid) + node.length() + sizeOf(report))
        && of(uid).add(new Fleet.NodeState(node, report));
  }

  private List<Fleet.NodeState> of(String uid) {
    return reports.computeIfAbsent(uid, key -> new ArrayList<>());
  }

  private boolean takes(int bytes) {
    if (size > 0 && size + bytes > limit) {
      return false;
    }
    size += bytes;
    return true;
  }

  private int sizeOfRelease(String uid) {
    return reports.containsKey(uid) ? 0 : uid.length() + RELEASE;
  }

  private static int sizeOf(NodeReport report) {
    return REPORT
        + report.releaseUid().length()
        + report.release().toString().length()
        + report.root().length()
        + DIGEST * (2 + report.held().size())
        + (report.namespaceUid() == null ? 0 : report.namespaceUid().length())
        + sizeOf(report.message())
        + (report.proof() == null ? 0 : sizeOf(report.proof()));
  }

  /** No character takes more than three bytes, or six when it is escaped, which few are. */
  private static int sizeOf(@Nullable String text) {
    return text == null ? 0 : 3 * text.length();
  }

  /** The payload is JSON within JSON: at most each of its characters is escaped. */
  private static int sizeOf(dev.corvid.wire.grant.SignedGrant proof) {
    return 2 * proof.payload().length() + 192;
  }
}
