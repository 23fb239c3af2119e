package dev.corvid.operator.release.status;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.NOW;
import static dev.corvid.operator.release.Given.absent;
import static dev.corvid.operator.release.Given.fresh;
import static dev.corvid.operator.release.Given.selection;
import static dev.corvid.operator.release.Given.serving;
import static dev.corvid.operator.release.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus.Failure;
import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.SelectedNode.Reachability;
import dev.corvid.operator.release.Given;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.ReleaseName;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnresponsiveNodesTest {
  @Test
  void namesNodesWithoutAPeerAndNodesThatAreAway() {
    var all = absent(selection(with(serving("a", NEW), Reachability.UNREACHABLE)), fresh("b"));

    assertThat(unresponsive(all, NOW).nodes())
        .extracting(Failure::nodeName)
        .containsExactly("b", "a");
  }

  @Test
  void namesANodeThatHasNotAnsweredAfterAMinute() {
    var all = selection(fresh("a"));

    assertThat(unresponsive(all, NOW.plusSeconds(59)).nodes()).isEmpty();
    assertThat(unresponsive(all, NOW.plusSeconds(59)).recheck())
        .contains(Given.uptime(NOW.plusSeconds(60)));
    assertThat(unresponsive(all, NOW.plusSeconds(60)).nodes())
        .singleElement()
        .satisfies(node -> assertThat(node.message()).contains("has not answered for 60 s"));
  }

  @Test
  void remembersSinceWhen() {
    var all = selection(with(serving("a", NEW), Reachability.UNREACHABLE));
    var first = unresponsive(all, NOW);

    var later =
        UnresponsiveNodes.of(all, List.of(), first.nodes(), Given.at(NOW.plusSeconds(3600)));

    assertThat(later.nodes()).isEqualTo(first.nodes());
  }

  private static UnresponsiveNodes unresponsive(NodeSelection selection, Instant now) {
    var grant =
        new Grant(
            "11-22",
            new ReleaseName("search", "model"),
            null,
            "default",
            1,
            0,
            NOW.toEpochMilli(),
            Grant.Action.HOLD,
            NEW,
            NEW.infoHash(),
            List.of(),
            DeletionPolicy.DELETE,
            List.of("a"));
    return UnresponsiveNodes.of(selection, List.of(grant), List.of(), Given.at(now));
  }
}
