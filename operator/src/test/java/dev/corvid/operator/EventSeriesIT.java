package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A fault that comes and goes is one Event that counts, and not one for each time. */
class EventSeriesIT extends Installation {
  private static final String WAITING =
      "{phase: Pending, containerStatuses: [{name: seeder, image: i, imageID: '', ready: false,"
          + " restartCount: %d, state: {waiting: {reason: %s}}, lastState: {%s}}]}";
  private static final String ENDED = "terminated: {reason: OOMKilled, exitCode: 137}";

  @Test
  void theSameFaultOfTheSameSpecIsOneEvent() {
    apply("a");
    Pod seeder = cluster.awaitSeeder(namespace, "model");
    for (int time = 0; time < 3; time++) {
      status(seeder, WAITING.formatted(0, "ImagePullBackOff", ""));
      awaitRelease(found -> is(found, "False", "SeederFailed"));
      status(seeder, "{phase: Pending}");
      awaitRelease(found -> is(found, "False", "Progressing"));
    }

    await().untilAsserted(() -> assertThat(count("SeederFailed")).isEqualTo(3));
    assertThat(events("SeederFailed")).hasSize(1);
    assertThat(events("Progressing")).hasSize(1);

    apply("b");
    status(successor(seeder), WAITING.formatted(0, "ImagePullBackOff", ""));
    awaitRelease(found -> is(found, "False", "SeederFailed"));
    await().untilAsserted(() -> assertThat(events("SeederFailed")).hasSize(2));
  }

  @Test
  void aSeederThatCrashesAgainAndAgainDoesNotSeemWellInBetween() {
    apply("a");
    Pod seeder = cluster.awaitSeeder(namespace, "model");
    for (int restarts = 2; restarts < 5; restarts++) {
      status(seeder, WAITING.formatted(restarts - 1, "CrashLoopBackOff", ENDED));
      awaitRelease(
          found ->
              is(found, "False", "SeederFailed")
                  && ready(found).getMessage().contains("CrashLoopBackOff"));
      String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
      status(
          seeder,
          "{phase: Running, podIP: 10.0.0.9, containerStatuses: [{name: seeder, image: i,"
              + " imageID: '', ready: true, restartCount: %d, state: {running: {startedAt: '%s'}},"
                  .formatted(restarts, now)
              + " lastState: {%s}}]}".formatted(ENDED));
      String told = "restarted %d times; it ended with OOMKilled".formatted(restarts);
      awaitRelease(found -> ready(found).getMessage().contains(told));
    }

    assertThat(events("SeederFailed")).hasSize(1);
    assertThat(count("SeederFailed")).isEqualTo(1);
    assertThat(count("Progressing")).isEqualTo(1);
  }

  /** The seeder of the next spec, which takes the place of that one. */
  private Pod successor(Pod before) {
    String uid = before.getMetadata().getUid();
    await()
        .until(
            () ->
                cluster.seeders(namespace, "model").stream()
                    .noneMatch(pod -> uid.equals(pod.getMetadata().getUid())));
    return cluster.awaitSeeder(namespace, "model");
  }

  private void status(Pod pod, String status) {
    client
        .pods()
        .inNamespace(namespace)
        .withName(pod.getMetadata().getName())
        .editStatus(
            found -> {
              found.setStatus(Serialization.unmarshal("---\n" + status, PodStatus.class));
              return found;
            });
  }

  /** How often that has been the case. */
  private int count(String reason) {
    return events(reason).stream()
        .mapToInt(event -> event.getSeries() == null ? 1 : event.getSeries().getCount())
        .sum();
  }

  private List<Event> events(String reason) {
    return client.events().v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> reason.equals(event.getReason()))
        .toList();
  }
}
