package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.testing.TestCluster;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A status follows its seeder from the first second, and says what a slow one waits for. */
class SlowSeederIT extends Installation {
  /** Counts and figures alone are written after 60 s: what comes within that is a phase. */
  private static final Duration SOON = Duration.ofSeconds(50);

  @Test
  void saysInTheClustersWordsWhyASeederDoesNotStart() {
    String uid = apply("a").getMetadata().getUid();
    Pod pod = cluster.awaitSeeder(namespace, "model");

    cluster.warn(pod, "FailedMount", "MountVolume.SetUp failed: secret \"nope\" not found");

    var hindered = awaitRelease(found -> is(found, "False", "SeederFailed"));
    assertThat(ready(hindered).getMessage())
        .contains(pod.getMetadata().getName() + " does not start: FailedMount: ")
        .contains("secret \"nope\" not found");
    assertMayCome(hindered);

    cluster.run(pod, ADDRESS);
    tracker.seeder(uid, TestCluster.fetching(pod, ADDRESS, 0, 0, null));
    awaitMessage("fetching the source: 0");

    // If the environment names the Secret, the pod's status says so.
    hinder(pod, "CreateContainerConfigError", "secret \"nope\" not found");
    var misconfigured =
        awaitRelease(found -> ready(found).getMessage().contains("CreateContainerConfigError"));
    assertThat(is(misconfigured, "False", "SeederFailed")).isTrue();
    assertMayCome(misconfigured);
  }

  @Test
  void saysWithinSecondsThatTheSourceHangsAndThatItAnswers() {
    String uid = apply("a").getMetadata().getUid();
    Pod pod = cluster.awaitSeeder(namespace, "model");
    cluster.run(pod, ADDRESS);
    tracker.seeder(uid, TestCluster.fetching(pod, ADDRESS, 0, 0, null));
    awaitMessage("fetching the source: 0");

    String hangs = "waiting for the first byte of https://a/a.tar.gz since 2026-01-02T03:04:05Z";
    tracker.seeder(uid, TestCluster.fetching(pod, ADDRESS, 0, 0, hangs));
    awaitMessage("fetching the source: 0; " + hangs);

    tracker.seeder(uid, TestCluster.fetching(pod, ADDRESS, 15 << 20, 60 << 20, null));
    var begun = awaitMessage("fetching the source: 15Mi of 60Mi");
    assertThat(begun.getStatus().progress().summary()).isEqualTo("fetching 25%");
  }

  private static void assertMayCome(SwarmRelease hindered) {
    assertThat(hindered.getStatus().conditions())
        .noneMatch(condition -> condition.getType().equals("Stalled"));
  }

  private void hinder(Pod pod, String reason, String message) {
    client
        .pods()
        .inNamespace(namespace)
        .withName(pod.getMetadata().getName())
        .editStatus(
            found ->
                new PodBuilder(found)
                    .editOrNewStatus()
                    .withPhase("Pending")
                    .addNewContainerStatus()
                    .withName("seeder")
                    .withReady(false)
                    .withRestartCount(0)
                    .withImage("")
                    .withImageID("")
                    .withNewState()
                    .withNewWaiting(message, reason)
                    .endState()
                    .endContainerStatus()
                    .endStatus()
                    .build());
  }

  private SwarmRelease awaitMessage(String message) {
    return cluster.awaitRelease(
        namespace,
        "model",
        found -> ready(found) != null && message.equals(ready(found).getMessage()),
        SOON);
  }
}
