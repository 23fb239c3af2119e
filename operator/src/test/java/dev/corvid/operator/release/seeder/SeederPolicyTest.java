package dev.corvid.operator.release.seeder;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.downloading;
import static dev.corvid.operator.release.Given.fresh;
import static dev.corvid.operator.release.Given.selection;
import static dev.corvid.operator.release.Given.serving;
import static dev.corvid.operator.release.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.fleet.NodeSelection;
import dev.corvid.operator.fleet.SelectedNode.Reachability;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SeederPolicyTest {
  @Test
  void fetchesAtOnceForNodesThatHaveNotSpokenYet() {
    assertThat(
            SeederPolicy.of(
                Optional.empty(), selection(with(fresh("a"), Reachability.PENDING)), false))
        .isTrue();
  }

  @Test
  void fetchesNothingForNobody() {
    assertThat(SeederPolicy.of(Optional.empty(), selection(), false)).isFalse();
  }

  @Test
  void seedsUntilThreeNodesHoldACopy() {
    assertThat(keep(selection(serving("a", NEW), serving("b", NEW), fresh("c"), fresh("d"))))
        .isTrue();
    assertThat(keep(selection(serving("a", NEW), serving("b", NEW), serving("c", NEW), fresh("d"))))
        .isFalse();
  }

  @Test
  void seedsUntilAllHoldACopyWhereThereAreFewer() {
    assertThat(keep(selection(serving("a", NEW), fresh("b")))).isTrue();
    assertThat(keep(selection(serving("a", NEW), serving("b", NEW)))).isFalse();
  }

  @Test
  void comesBackOnlyWhenNoCopyCanBeReached() {
    var gone = with(serving("a", NEW), Reachability.UNREACHABLE);

    assertThat(start(selection(serving("a", NEW), downloading("b", NEW, null)))).isFalse();
    assertThat(start(selection(gone, downloading("b", NEW, null)))).isTrue();
  }

  @Test
  void decidesNothingBeforeTheNodesHaveSpoken() {
    var silent = with(fresh("a"), Reachability.PENDING);

    assertThat(start(selection(silent, fresh("b")))).isFalse();
    assertThat(keep(selection(silent, serving("b", NEW)))).isTrue();
  }

  private static boolean keep(NodeSelection selection) {
    return SeederPolicy.of(Optional.of(NEW), selection, true);
  }

  private static boolean start(NodeSelection selection) {
    return SeederPolicy.of(Optional.of(NEW), selection, false);
  }
}
