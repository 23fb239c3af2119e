package dev.corvid.operator.release.seeder;

import static dev.corvid.operator.release.Given.UPTIME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.time.Uptime;
import dev.corvid.wire.Reason;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SeederStartupTest {
  private final SeederStartup start = new SeederStartup();
  private final List<Uptime> asked = new ArrayList<>();
  private String warning;
  private Uptime now = UPTIME;

  @Test
  void costsNothingWhenThePodStartsSoon() {
    look(pod("one", "Pending"));
    now = now.plus(Duration.ofSeconds(4));
    look(pod("one", "Pending"));
    look(pod("one", "Running"));
    look(null);

    assertThat(asked).isEmpty();
    assertThat(start.waitsFor()).isNull();
    assertThat(start.problem()).isNull();
  }

  @Test
  void saysInTheClustersWordsWhyThePodDoesNotStart() {
    warning = "FailedMount: secret \"nope\" not found";
    look(pod("one", "Pending"));
    assertThat(start.problem()).isNull();

    now = start.next();
    look(pod("one", "Pending"));

    assertThat(start.problem().reason()).isEqualTo(Reason.SeederFailed);
    assertThat(start.problem().message())
        .isEqualTo("the seeder one does not start: FailedMount: secret \"nope\" not found");
    assertThat(start.problem().needsSomebody()).as("the Secret may yet come").isFalse();

    look(pod("one", "Running"));
    assertThat(start.problem()).isNull();
  }

  @Test
  void asksLessAndLessOften() {
    look(pod("one", "Pending"));
    for (now = UPTIME;
        now.isBefore(UPTIME.plus(Duration.ofSeconds(600)));
        now = now.plus(Duration.ofSeconds(1))) {
      look(pod("one", "Pending"));
    }

    assertThat(asked.subList(0, 5)).containsExactly(at(5), at(10), at(20), at(40), at(80));
    assertThat(asked).hasSizeBetween(12, 15);
    assertThat(start.waitsFor()).isEqualTo("the pod one has not started");
  }

  @Test
  void saysThatAPodRunsThatTheTrackerHasNotHeardOf() {
    look(pod("one", "Pending"));
    now = at(3);
    look(pod("one", "Running"));
    assertThat(start.next()).isEqualTo(at(8));
    now = at(8);
    look(pod("one", "Running"));

    assertThat(start.waitsFor()).contains("one runs, and has not reported to the tracker");
    look(null);
    assertThat(start.waitsFor()).isNull();
  }

  @Test
  void anotherPodHasItsOwnTime() {
    warning = "FailedMount";
    look(pod("one", "Pending"));
    now = start.next();
    look(pod("one", "Pending"));

    look(pod("two", "Pending"));

    assertThat(start.problem()).isNull();
    assertThat(start.next()).isEqualTo(now.plus(SeederStartup.PATIENCE));
  }

  private static Uptime at(int seconds) {
    return UPTIME.plus(Duration.ofSeconds(seconds));
  }

  private void look(Pod pod) {
    start.look(
        pod,
        (_, _) -> {
          asked.add(now);
          return Optional.ofNullable(warning);
        },
        now);
  }

  private static Pod pod(String name, String phase) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withUid(name)
        .endMetadata()
        .withNewStatus()
        .withPhase(phase)
        .withPodIP("10.0.0.9")
        .endStatus()
        .build();
  }
}
