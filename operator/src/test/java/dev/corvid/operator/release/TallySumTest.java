package dev.corvid.operator.release;

import static dev.corvid.operator.release.Given.NEW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.wire.NodeReport;
import dev.corvid.wire.Rank;
import dev.corvid.wire.ReleaseName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TallySumTest {
  private static final long MANIFEST = 1L << 30;

  @Test
  void oneNodeCannotRaiseTheSumByMoreThanTheContent() {
    Tally tally = tally(1);

    assertThat(tally.done()).isLessThanOrEqualTo(NEW.sizeBytes() + MANIFEST);
    assertThat(tally.reused()).isLessThanOrEqualTo(NEW.sizeBytes() + MANIFEST);
  }

  @Test
  void theSumOfManyDoesNotOverflow() {
    assertThat(tally(2000).done()).isBetween(0L, 2000 * (NEW.sizeBytes() + MANIFEST));
  }

  private static Tally tally(int liars) {
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
    SelectedNode[] selectedNodes =
        IntStream.range(0, liars)
            .mapToObj(
                i ->
                    new SelectedNode(
                        "n" + i, SelectedNode.Reachability.REACHABLE, report, Map.of()))
            .toArray(SelectedNode[]::new);
    return Tally.of(Given.selection(selectedNodes), Optional.of(NEW), NodeFailures.NONE);
  }
}
