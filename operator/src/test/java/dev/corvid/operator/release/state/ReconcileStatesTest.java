package dev.corvid.operator.release.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.release.Given;
import dev.corvid.operator.release.step.Clocks;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReconcileStatesTest {
  private final ReconcileStates reconcileStates = new ReconcileStates(Clocks.system());

  @Test
  void aReleaseHasOneTrackAndItsNamesakeAnother() {
    ReconcileState reconcileState = reconcileStates.of(release("11-22"));

    assertThat(reconcileStates.of(release("11-22"))).isSameAs(reconcileState);
    assertThat(reconcileStates.of(release("33-44"))).isNotSameAs(reconcileState);
  }

  @Test
  void theTrackOfAReleaseThatIsDeletedIsForgotten() {
    ReconcileState reconcileState = reconcileStates.of(release("11-22"));

    reconcileStates.forget(release("11-22"));

    assertThat(reconcileStates.of(release("11-22"))).isNotSameAs(reconcileState);
  }

  /** Of one whose finalizer somebody removed no deletion is seen. */
  @Test
  void aSweepForgetsTheReleasesThatAreGoneAndNoOther() {
    ReconcileState staying = reconcileStates.of(release("11-22"));
    ReconcileState gone = reconcileStates.of(release("33-44"));

    reconcileStates.retain(Set.of("11-22", "55-66"));

    assertThat(reconcileStates.of(release("11-22"))).isSameAs(staying);
    assertThat(reconcileStates.of(release("33-44"))).isNotSameAs(gone);
  }

  private static SwarmRelease release(String uid) {
    SwarmRelease release = Given.release("");
    release.getMetadata().setUid(uid);
    return release;
  }
}
