package dev.corvid.operator.release.status;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus.NodesStatus;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.release.rollout.NodeFailures;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.node.NodeReport;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a release, counted against the wanted revision; only those whose word counts.
 *
 * @param failed reachable nodes that failed to get it
 */
public record NodeCounts(
    int desired, int reachable, int failed, Stages stages, Absent absent, Transfer transfer) {

  /**
   * Reachable nodes by how far they are.
   *
   * @param verified those that hold it
   * @param placed those that hold it and have not failed
   * @param updated those that serve it and have not failed
   * @param serving nodes that serve some whole revision
   */
  public record Stages(int downloading, int verified, int placed, int updated, int serving) {}

  /**
   * Matching nodes whose word does not count.
   *
   * @param pending those that may yet speak
   * @param unserved those without a peer
   */
  public record Absent(int pending, int unreachable, int unserved) {}

  /**
   * What reachable nodes have of it.
   *
   * @param percent of the wanted bytes; 100 only when every one holds them
   * @param done bytes verified: rises as long as anything moves
   * @param reused bytes of these that the nodes had already
   */
  public record Transfer(int percent, long done, long reused) {}

  /** Bytes of a manifest, which a node counts too, at most. */
  private static final long MANIFEST = 1L << 30;

  /**
   * @param target the wanted revision; empty as long as its content is not known
   */
  public static NodeCounts of(
      NodeSelection selection, Optional<Content> target, NodeFailures failures) {
    String digest = target.map(Content::manifestDigest).orElse("");
    List<SelectedNode> reachable = selection.reachable();
    List<SelectedNode> well =
        reachable.stream().filter(m -> !failures.nodes().contains(m.node())).toList();
    List<SelectedNode> wanting = reachable.stream().filter(node -> wants(node, digest)).toList();
    return new NodeCounts(
        selection.desired().size(),
        reachable.size(),
        reachable.size() - well.size(),
        new Stages(
            (int) wanting.stream().filter(NodeCounts::isDownloading).count(),
            (int) reachable.stream().filter(node -> node.holds(digest)).count(),
            (int) well.stream().filter(node -> node.holds(digest)).count(),
            (int) well.stream().filter(node -> node.serves(digest)).count(),
            (int) reachable.stream().filter(SelectedNode::servesAnything).count()),
        new Absent(
            count(selection, SelectedNode.Reachability.PENDING),
            count(selection, SelectedNode.Reachability.UNREACHABLE),
            selection.unserved().size()),
        new Transfer(
            percent(reachable, digest),
            sum(wanting, target, NodeReport::bytesDone),
            sum(wanting, target, NodeReport::bytesReused)));
  }

  /** What one node says changes the sum by no more than it can hold of the content. */
  private static long sum(
      List<SelectedNode> nodes, Optional<Content> target, ToLongFunction<NodeReport> figure) {
    long most = target.map(Content::sizeBytes).orElse(0L) + MANIFEST;
    return nodes.stream()
        .mapToLong(node -> Math.min(most, figure.applyAsLong(node.report())))
        .reduce(0, (a, b) -> a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b);
  }

  private static int count(NodeSelection selection, SelectedNode.Reachability reachability) {
    return (int)
        selection.desired().stream().filter(node -> node.reachability() == reachability).count();
  }

  private static boolean wants(SelectedNode node, String digest) {
    return node.report() != null && digest.equals(node.report().wanted());
  }

  private static boolean isDownloading(SelectedNode node) {
    NodeReport.State state = node.reported().orElseThrow().state();
    return state == NodeReport.State.DOWNLOADING || state == NodeReport.State.VERIFYING;
  }

  private static int percent(List<SelectedNode> reachable, String digest) {
    if (reachable.isEmpty()) {
      return 0;
    }
    double sum = reachable.stream().mapToDouble(node -> share(node, digest)).sum();
    return (int) (100 * sum / reachable.size());
  }

  private static double share(SelectedNode node, String digest) {
    if (node.holds(digest)) {
      return 1;
    }
    NodeReport report = node.report();
    if (report == null || !digest.equals(report.wanted()) || report.bytesTotal() == 0) {
      return 0;
    }
    // Bytes that are there but not verified as a whole never make it 100.
    return Math.min(0.99, (double) report.bytesDone() / report.bytesTotal());
  }

  /** Whether every node that counts serves the wanted revision, or failed to get it. */
  boolean isUpdated() {
    return stages.updated() > 0 && stages.updated() + failed == reachable && absent.pending() == 0;
  }

  /** Whether every node that counts holds the wanted revision, or failed to get it. */
  boolean isPlaced() {
    return stages.placed() > 0 && stages.placed() + failed == reachable && absent.pending() == 0;
  }

  /** How many nodes had a revision when that status was written; empty if nobody knew. */
  public static Optional<Integer> held(SwarmReleaseStatus status) {
    return Optional.ofNullable(status.nodes()).map(NodesStatus::holding);
  }

  /**
   * @param failures those that cannot be reached since, too
   * @param holding nodes that have a revision, matching or not; null when that is not known
   */
  NodesStatus status(int failures, @Nullable Integer holding) {
    return new NodesStatus(
        desired,
        stages.downloading(),
        stages.verified(),
        stages.updated(),
        failures,
        absent.unreachable(),
        absent.unserved(),
        holding,
        stages.updated() + "/" + desired);
  }
}
