package dev.corvid.operator.seeder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.wire.Reason;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SeederPodStateTest {
  @Test
  void startsUntilItsContainerRuns() {
    assertThat(state("{phase: Pending}")).isEqualTo(new SeederPodState.Starting());
    assertThat(state("{phase: Running, podIP: 10.0.0.1}"))
        .isEqualTo(new SeederPodState.Running("10.0.0.1"));
  }

  @Test
  void isTroubledWhenNoNodeTakesIt() {
    assertThat(
            state(
                "{phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason:"
                    + " Unschedulable, message: 0/3 nodes are available}]}"))
        .isEqualTo(
            new SeederPodState.Troubled(
                Reason.SeederUnschedulable, "0/3 nodes are available", true));
  }

  @Test
  void isTroubledWhenTheImageCannotBePulled() {
    assertThat(
            state(
                "{phase: Pending, containerStatuses: [{name: seeder, state: {waiting: {reason:"
                    + " ImagePullBackOff, message: no such image}}}]}"))
        .isEqualTo(
            new SeederPodState.Troubled(
                Reason.SeederFailed, "ImagePullBackOff: no such image", false));
  }

  @Test
  void mayYetStartWhenASecretOfItsEnvironmentIsMissing() {
    assertThat(
            state(
                "{phase: Pending, containerStatuses: [{name: seeder, state: {waiting: {reason:"
                    + " CreateContainerConfigError, message: secret nope not found}}}]}"))
        .isEqualTo(
            new SeederPodState.Troubled(
                Reason.SeederFailed, "CreateContainerConfigError: secret nope not found", true));
  }

  @Test
  void saysHowItEndedWhenItKeepsCrashing() {
    assertThat(
            state(
                "{phase: Running, containerStatuses: [{name: seeder, state: {waiting: {reason:"
                    + " CrashLoopBackOff}}, lastState: {terminated: {reason: OOMKilled, exitCode:"
                    + " 137}}}]}"))
        .isEqualTo(
            new SeederPodState.Troubled(
                Reason.SeederFailed,
                "CrashLoopBackOff; it ended with OOMKilled: exit code 137",
                false));
  }

  @Test
  void isRestartedFromItsSecondFailureOn() {
    String running =
        "{phase: Running, podIP: 10.0.0.1, containerStatuses: [{name: seeder, restartCount: %d,"
            + " state: {running: {startedAt: '2026-01-02T03:04:05Z'}},"
            + " lastState: {terminated: {reason: Error, exitCode: %d}}}]}";

    assertThat(SeederPodState.restart(pod(running.formatted(2, 1))))
        .contains(
            new SeederPodState.Restart(
                "restarted 2 times; it ended with Error: exit code 1",
                Instant.parse("2026-01-02T03:04:05Z")));
    assertThat(SeederPodState.restart(pod(running.formatted(1, 1)))).isEmpty();
    assertThat(SeederPodState.restart(pod(running.formatted(2, 0)))).isEmpty();
  }

  @Test
  void isGoneWhenEvictedOrBeingDeleted() {
    assertThat(state("{phase: Failed, reason: Evicted, message: low on ephemeral-storage}"))
        .isEqualTo(new SeederPodState.Gone("Evicted: low on ephemeral-storage"));
    Pod deleted = pod("{phase: Running, podIP: 10.0.0.1}");
    deleted.getMetadata().setDeletionTimestamp("2026-01-02T03:04:05Z");
    assertThat(SeederPodState.of(deleted)).isEqualTo(new SeederPodState.Gone(null));
  }

  private static SeederPodState state(String status) {
    return SeederPodState.of(pod(status));
  }

  private static Pod pod(String status) {
    return Serialization.unmarshal("---\n{metadata: {name: p}, status: " + status + "}", Pod.class);
  }
}
