package dev.corvid.operator.release.status;

import static dev.corvid.operator.release.Given.NEW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.operator.release.Given;
import dev.corvid.operator.release.rollout.NodeFailures;
import dev.corvid.wire.grant.Rank;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.node.NodeReport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NodeCountsSumTest {
  private static final long MANIFEST = 1L << 30;

  @Test
  void oneNodeCannotRaiseTheSumByMoreThanTheContent() {
    NodeCounts counts = counts(1);

    assertThat(counts.transfer().done()).isLessThanOrEqualTo(NEW.sizeBytes() + MANIFEST);
    assertThat(counts.transfer().reused()).isLessThanOrEqualTo(NEW.sizeBytes() + MANIFEST);
  }

  @Test
  void theSumOfManyDoesNotOverflow() {
    assertThat(counts(2000).transfer().done()).isBetween(0L, 2000 * (NEW.sizeBytes() + MANIFEST));
  }

  private static NodeCounts counts(int liars) {
    var report =
        new NodeReport(
            "11-22",
            new ReleaseName("search", "model"),
            "default",
            0,
            1,
            NodeReport.State.DOWNLOADING,
            NEW.manifestDigest(),
            null,
            List.of(),
            Rank.LIMIT,
            Rank.LIMIT,
            Rank.LIMIT,
            Rank.LIMIT,
            Rank.LIMIT,
            null,
            null,
            0,
            null,
            null);
    SelectedNode[] nodes =
        IntStream.range(0, liars)
            .mapToObj(
                i ->
                    new SelectedNode(
                        "n" + i, SelectedNode.Reachability.REACHABLE, report, Map.of()))
            .toArray(SelectedNode[]::new);
    return NodeCounts.of(Given.selection(nodes), Optional.of(NEW), NodeFailures.NONE);
  }
}
