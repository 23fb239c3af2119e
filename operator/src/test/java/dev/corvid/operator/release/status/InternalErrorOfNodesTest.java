package dev.corvid.operator.release.status;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.failed;
import static dev.corvid.operator.release.Given.selection;
import static dev.corvid.operator.release.Given.serving;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.wire.Reason;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A node tries again after an error of its program, which passes as a rule. */
class InternalErrorOfNodesTest {
  private static final SelectedNode FULL = failed("full", NEW, Reason.InsufficientDisk);
  private static final SelectedNode FIRST = failed("first", NEW, Reason.InternalError, 1);
  private static final SelectedNode SECOND = failed("second", NEW, Reason.InternalError, 2);
  private static final SelectedNode THIRD = failed("third", NEW, Reason.InternalError, 3);

  @Test
  void isRetriedBeforeTheReleaseIsStalled() {
    assertThat(conditions("", FIRST)).isEqualTo("False/InternalError Reconciling");
    assertThat(conditions("", FIRST, SECOND)).isEqualTo("False/InternalError Reconciling");
    assertThat(conditions("", THIRD)).isEqualTo("False/InternalError Stalled");
    assertThat(conditions("", FIRST, THIRD)).isEqualTo("False/InternalError Stalled");
  }

  @Test
  void doesNotHideNodesThatNeedSomebody() {
    assertThat(conditions("", FIRST, FULL)).isEqualTo("False/TooManyFailedNodes Stalled");
  }

  @Test
  void doesNotAloneMakeTheNodesThatNeedSomebodyTooMany() {
    String one = "rollout: {maxFailed: 1}";

    assertThat(conditions(one, FIRST, FULL)).isEqualTo("False/TooManyFailedNodes Reconciling");
    assertThat(conditions(one, THIRD, FULL)).isEqualTo("False/TooManyFailedNodes Stalled");
  }

  private static String conditions(String spec, SelectedNode... failed) {
    var nodes = Stream.concat(Stream.of(serving("a", NEW)), Stream.of(failed));
    return new Situation(spec, selection(nodes.toArray(SelectedNode[]::new)))
        .wanting()
        .conditions();
  }
}
