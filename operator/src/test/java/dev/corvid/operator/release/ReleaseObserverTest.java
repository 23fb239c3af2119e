package dev.corvid.operator.release;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.NOW;
import static dev.corvid.operator.release.Given.selection;
import static dev.corvid.operator.release.Given.serving;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.release.record.RecordedRevision;
import dev.corvid.operator.release.status.Situation;
import dev.corvid.operator.release.status.StatusReport;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.wire.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReleaseObserverTest {
  private static final List<RecordedRevision> RECORDS =
      List.of(Given.recorded(1, NEW, "sha256:new"));
  private static final Problem PROBLEM = new Problem(Reason.InvalidSpec, "what is wrong");

  @Test
  void anyNodeMayHoldWhatIsRecordedWhereTheStatusWasLost() {
    var lost = SwarmReleaseStatus.empty();

    assertThat(ReleaseObserver.recordedHolders(lost, RECORDS)).isEqualTo(Integer.MAX_VALUE);
    assertThat(ReleaseObserver.recordedHolders(lost, List.of())).isZero();
  }

  /** A status that says only what is wrong counts no nodes: what was lost stays so. */
  @Test
  void aStatusOfNothingButAProblemDoesNotCountNodes() {
    var problem = StatusReport.of(PROBLEM, Given.release(""), SwarmReleaseStatus.empty(), NOW);

    assertThat(ReleaseObserver.recordedHolders(problem, RECORDS)).isEqualTo(Integer.MAX_VALUE);
  }

  /** Nodes are not looked at while a release is refused, or set aside. */
  @Test
  void theStatusOfAReleaseThatIsRefusedDoesNotCountNodes() {
    var refused = new Situation("", selection()).problem(Reason.RootUnknown).refused();

    assertThat(ReleaseObserver.recordedHolders(refused, RECORDS)).isEqualTo(Integer.MAX_VALUE);

    var counted = new Situation("", selection(serving("a", NEW))).wanting().status();
    var after = new Situation("", selection()).after(counted).problem(Reason.RootUnknown).refused();
    assertThat(ReleaseObserver.recordedHolders(after, RECORDS)).isEqualTo(1);
  }
}
