package dev.corvid.operator.release.volume;

import static dev.corvid.operator.release.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimPodsTest {
  @Test
  void onlyPodsOnANodeAreUsersAndAlsoThoseThatHaveEnded() {
    var pods = pods(pod("b", "node-1", "Running"), pod("a", "node-2", "Succeeded"), pod("c", null));

    assertThat(pods.users()).isEqualTo(new VolumeUsers(2, List.of("a", "b")));
    assertThat(pods.nodes()).containsExactly("node-1");
  }

  /** The claim is not taken away in the moment in which the scheduler chooses a node for a pod. */
  @Test
  void aPodThatWasJustCreatedIsBeingScheduled() {
    var pods = pods(pod("new", null));

    assertThat(pods.users()).isEqualTo(VolumeUsers.NONE);
    assertThat(pods.areBeingScheduled(NOW.plusSeconds(9))).isTrue();
    assertThat(pods.areBeingScheduled(NOW.plusSeconds(10))).isFalse();
  }

  @Test
  void aPodThatTheSchedulerFoundNoNodeForIsNotBeingScheduled() {
    Pod refused =
        new PodBuilder(pod("refused", null))
            .withNewStatus()
            .addNewCondition()
            .withType("PodScheduled")
            .withStatus("False")
            .endCondition()
            .endStatus()
            .build();

    assertThat(pods(refused, pod("there", "node-1", "Pending")).areBeingScheduled(NOW)).isFalse();
  }

  /** Or a clock that is wrong would keep the volume as it was. */
  @Test
  void aPodThatIsToBeCreatedInTheFutureIsNotBeingScheduled() {
    assertThat(pods(pod("new", null)).areBeingScheduled(NOW.minusSeconds(3600))).isFalse();
  }

  private static ClaimPods pods(Pod... pods) {
    return new ClaimPods(List.of(pods));
  }

  private static Pod pod(String name, String node) {
    return pod(name, node, "Pending");
  }

  private static Pod pod(String name, String node, String phase) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withCreationTimestamp(NOW.toString())
        .endMetadata()
        .withNewSpec()
        .withNodeName(node)
        .endSpec()
        .withNewStatus()
        .withPhase(phase)
        .endStatus()
        .build();
  }
}
