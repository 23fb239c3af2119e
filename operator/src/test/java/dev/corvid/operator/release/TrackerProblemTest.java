package dev.corvid.operator.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.tracker.FleetCache;
import dev.corvid.operator.tracker.FleetCaches;
import dev.corvid.time.Uptime;
import dev.corvid.wire.Reason;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class TrackerProblemTest {
  private static final Uptime START = Given.UPTIME;
  private static final Uptime SOON = START.plus(Duration.ofSeconds(1));
  private static final Uptime LATE = START.plus(Duration.ofSeconds(30));

  private int changes;
  private final FleetCache fleetCache = new FleetCache(() -> START);
  private final TrackerProblem tracker = new TrackerProblem(fleetCache, () -> changes++);

  @Test
  void silenceIsReportedOnceItHasLasted() {
    assertThat(tracker.at(SOON)).isNull();
    assertThat(tracker.due()).contains(LATE);

    Problem problem = tracker.at(LATE);

    assertThat(problem.reason()).isEqualTo(Reason.TrackerUnavailable);
    assertThat(problem.message()).startsWith("the tracker does not answer");
    assertThat(problem.needsSomebody()).isFalse();
  }

  @Test
  void aRefusalIsReportedAtOnceInTheClustersWords() {
    attempt(403, "deployments.apps \"corvid-tracker\" is forbidden: exceeded quota");

    Problem problem = tracker.at(SOON);

    assertThat(problem.reason()).isEqualTo(Reason.TrackerUnavailable);
    assertThat(problem.message()).contains("refuses the tracker").endsWith("exceeded quota");
    assertThat(problem.needsSomebody()).isTrue();
    assertThat(changes).isEqualTo(1);
  }

  @Test
  void aRefusedPodIsReportedAsWell() {
    tracker.ensure(() -> Optional.of("pods \"corvid-tracker-1\" is forbidden"));

    assertThat(tracker.at(SOON).message()).endsWith("pods \"corvid-tracker-1\" is forbidden");
  }

  @Test
  void whatIsNoRefusalOfTheTrackerIsNotReportedAsOne() {
    attempt(500, "etcdserver: leader changed");

    assertThat(tracker.at(SOON)).isNull();
    assertThat(tracker.at(LATE).message()).startsWith("the tracker does not answer");
  }

  @Test
  void aRefusalLastsUntilAnAttemptSucceeds() {
    attempt(403, "no");
    attempt(403, "no");
    attempt(500, "etcdserver: leader changed");
    assertThat(tracker.at(SOON)).isNotNull();
    assertThat(changes).isEqualTo(1);

    tracker.ensure(Optional::empty);

    assertThat(tracker.at(SOON)).isNull();
    assertThat(changes).isEqualTo(2);
  }

  @Test
  void aTrackerThatAnswersIsNoProblem() {
    attempt(403, "its next version is refused");
    FleetCaches.connect(fleetCache);

    assertThat(tracker.at(LATE)).isNull();
    assertThat(tracker.due()).isEmpty();
  }

  private void attempt(int code, String words) {
    Supplier<Optional<String>> refused =
        () -> {
          throw new KubernetesClientException(words, code, null);
        };
    assertThatThrownBy(() -> tracker.ensure(refused)).isInstanceOf(KubernetesClientException.class);
  }
}
