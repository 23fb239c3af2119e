package dev.corvid.operator.release.rollout;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.fresh;
import static dev.corvid.operator.release.Given.leaving;
import static dev.corvid.operator.release.Given.selection;
import static dev.corvid.operator.release.Given.serving;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.fleet.NodeSelection;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EarlierHoldersTest {
  private static final NodeSelection FIVE =
      leaving(
          selection(serving("a", NEW), serving("b", NEW)),
          serving("v", NEW),
          serving("w", NEW),
          serving("x", NEW));
  private static final NodeSelection TWO = selection(serving("a", NEW), serving("b", NEW));

  private final EarlierHolders holders = new EarlierHolders();
  private int recorded = 5;

  @Test
  void noSilentNodeIsTakenForAHolderWhoseNodeIsDeleted() {
    assertThat(look(FIVE, "k", "l", "m").presumed()).isZero();

    NodeSelection deleted = look(TWO, "k", "l", "m");

    assertThat(deleted.presumed()).isZero();
    assertThat(recorded).isEqualTo(2);
    assertThat(look(TWO, "k", "l", "m").presumed()).isZero();
  }

  @Test
  void noSilentNodeIsTakenForAHolderThatRemovedTheRevision() {
    look(leaving(TWO, serving("v", NEW), serving("w", NEW)), "k", "l", "m");

    NodeSelection removed =
        look(selection(serving("a", NEW), serving("b", NEW), fresh("v")), "k", "l", "m");

    assertThat(removed.presumed()).as("the one that has not reported").isEqualTo(1);
    assertThat(recorded).isEqualTo(3);
  }

  @Test
  void noNodeThatAppearsLaterIsTakenForAHolder() {
    assertThat(look(TWO, "k").presumed()).isEqualTo(1);

    assertThat(look(TWO, "k", "l", "m").presumed()).isEqualTo(1);
    assertThat(look(TWO).presumed()).isZero();
    assertThat(look(TWO, "l").presumed()).isZero();
  }

  @Test
  void aReleaseThatIsNewToTheProcessAwaitsNone() {
    recorded = 0;
    look(FIVE, "k", "l", "m");

    assertThat(look(TWO, "k", "l", "m").presumed()).isZero();
  }

  /** After which the status is written. */
  private NodeSelection look(NodeSelection selection, String... unknown) {
    NodeSelection seen =
        new NodeSelection(
            selection.desired(),
            selection.absent(),
            selection.leaving(),
            new NodeSelection.Silent(true, Set.of(unknown), 0),
            0,
            null);
    NodeSelection looked = holders.awaitedIn(seen, recorded);
    recorded = looked.holding(List.copyOf(looked.leaving()));
    return looked;
  }
}
