package dev.corvid.wire.operator;

import dev.corvid.wire.Require;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.seeder.SeederReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the tracker knows of the fleet: all, or what changed since the sequence that was asked for.
 * What is much comes in several parts, in the order of its last change. What changes while they are
 * read is in a later one, so together they are the fleet as it is at the last of them.
 *
 * @param instance of the tracker
 * @param sequence to ask with next
 * @param full whether this begins everything; what is absent from it, and from the parts that
 *     follow, is unknown to the tracker
 * @param more whether another part follows, at once when it is asked for: until the last one is
 *     there, what is absent says nothing, and what is said of nodes may lack their reports
 * @param nodes peers, as they come and go
 * @param releases changed ones
 */
public record Fleet(
    String instance,
    long sequence,
    boolean full,
    boolean more,
    List<Node> nodes,
    List<Release> releases) {
  /**
   * @param name of the node
   * @param silent whether nothing was heard of its peer for 60 s
   */
  public record Node(String name, boolean silent) {
    public Node {
      Require.nodeName(name, "name");
    }
  }

  /**
   * @param releaseUid uid of a SwarmRelease, also of one that the operator does not know
   * @param seeder the last word of its seeder; null when there was none or nothing changed
   * @param nodes the last reports of the nodes where something changed
   */
  public record Release(String releaseUid, @Nullable Seeder seeder, List<NodeState> nodes) {
    public Release {
      Require.text(releaseUid, "releaseUid", 64);
      nodes = Require.list(nodes, 100_000, "nodes");
    }
  }

  /**
   * A seeder's report, and who sent it.
   *
   * @param podUid of the pod whose token came with it
   * @param address that the connection came from
   * @param report what it said
   */
  public record Seeder(String podUid, String address, SeederReport report) {
    public Seeder {
      Require.text(podUid, "podUid", 64);
      address = Require.address(address, "address");
      Require.present(report, "report");
    }
  }

  /** The last report of one node for one release. */
  public record NodeState(String node, NodeReport report) {
    public NodeState {
      Require.nodeName(node, "node");
      Require.present(report, "report");
    }
  }

  public Fleet {
    Require.text(instance, "instance", 64);
    Require.range(sequence, 0, Long.MAX_VALUE, "sequence");
    nodes = Require.list(nodes, 100_000, "nodes");
    releases = Require.list(releases, 100_000, "releases");
  }
}
