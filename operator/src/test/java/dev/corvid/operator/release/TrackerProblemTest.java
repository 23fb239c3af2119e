package dev.corvid.operator.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.tracker.FleetCache;
import dev.corvid.operator.tracker.FleetCaches;
import dev.corvid.operator.tracker.TrackerResources;
import dev.corvid.time.Uptime;
import dev.corvid.wire.Reason;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TrackerProblemTest {
  private static final Uptime START = Given.UPTIME;
  private static final Uptime SOON = START.plus(Duration.ofSeconds(1));
  private static final Uptime LATE = START.plus(Duration.ofSeconds(30));

  private final GivenResources resources = new GivenResources();
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
    resources.podRefusal = "pods \"corvid-tracker-1\" is forbidden";

    tracker.ensure(resources);

    assertThat(tracker.at(SOON).message()).endsWith("pods \"corvid-tracker-1\" is forbidden");
  }

  /** The one that runs moves to another node, say, which takes it seconds. */
  @Test
  void aRefusedUpdateIsReportedOnceTheSilenceHasLasted() {
    resources.exist = true;
    attempt(403, "its next version is refused");

    assertThat(tracker.at(SOON)).isNull();
    assertThat(tracker.due()).contains(LATE);
    assertThat(tracker.at(LATE).message()).endsWith("its next version is refused");
    assertThat(tracker.at(LATE).needsSomebody()).isTrue();
  }

  @Test
  void aRefusedPodIsReportedAtOnceThoughAnUpdateIsRefusedToo() {
    resources.exist = true;
    resources.podRefusal = "exceeded quota";
    attempt(403, "its next version is refused");

    assertThat(tracker.at(SOON).message()).endsWith("exceeded quota");
  }

  @Test
  void thatMissingObjectsAreRefusedIsReportedAtOnceAfterARefusedUpdate() {
    resources.exist = true;
    attempt(403, "no");
    resources.exist = false;
    attempt(403, "no");

    assertThat(tracker.at(SOON).message()).endsWith("no");
    assertThat(changes).isEqualTo(2);
  }

  @Test
  void missingPermissionsToReadAreReportedOnceTheSilenceHasLasted() {
    resources.unreadable = new KubernetesClientException("may not get it", 403, null);
    attempt(403, "may not get it");

    assertThat(tracker.at(SOON)).isNull();
    assertThat(tracker.at(LATE).message()).endsWith("may not get it");
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

    resources.refusal = null;
    tracker.ensure(resources);

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
    resources.refusal = new KubernetesClientException(words, code, null);
    assertThatThrownBy(() -> tracker.ensure(resources))
        .isInstanceOf(KubernetesClientException.class);
  }

  private static final class GivenResources implements TrackerResources {
    private @Nullable KubernetesClientException refusal;
    private @Nullable String podRefusal;
    private @Nullable KubernetesClientException unreadable;
    private boolean exist;

    @Override
    public void ensure() {
      if (refusal != null) {
        throw refusal;
      }
    }

    @Override
    public boolean exist() {
      return exist;
    }

    @Override
    public Optional<String> podRefusal() {
      if (unreadable != null) {
        throw unreadable;
      }
      return Optional.ofNullable(podRefusal);
    }
  }
}
