package dev.corvid.operator.release.status;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.NOW;
import static dev.corvid.operator.release.Given.failed;
import static dev.corvid.operator.release.Given.selection;
import static dev.corvid.operator.release.Given.serving;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus.Failure;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.wire.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeWarningsTest {
  @Test
  void namesWhoIsHinderedAndSinceWhenButNotWhoFailed() {
    var all =
        selection(
            serving("a", NEW),
            hindered(serving("b", NEW), Reason.ClockSkew),
            failed("c", NEW, Reason.InsufficientDisk));

    List<Failure> first = NodeWarnings.of(all, List.of(), NOW);

    assertThat(first)
        .singleElement()
        .satisfies(
            b -> {
              assertThat(b.nodeName()).isEqualTo("b");
              assertThat(b.reason()).isEqualTo("ClockSkew");
              assertThat(b.message()).isEqualTo("set it right");
            });
    assertThat(NodeWarnings.of(all, first, NOW.plusSeconds(3600))).isEqualTo(first);
  }

  private static SelectedNode hindered(SelectedNode node, Reason reason) {
    var report = node.report().noting(reason, "set it right");
    return new SelectedNode(node.node(), node.reachability(), report, node.labels());
  }
}
