package dev.corvid.operator.release.step;

import static dev.corvid.operator.release.Given.UPTIME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.release.Given;
import dev.corvid.time.Uptime;
import dev.corvid.wire.Reason;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReconcileStepsTest {
  private final SwarmRelease release = Given.release("suspend: false");
  private final ReconcileSteps steps = new ReconcileSteps();
  private Uptime now = UPTIME;
  private int taken;

  @Test
  void theStepsAfterOneThatFailsAreTakenAllTheSame() {
    look(0);
    refuse("delete it", 403);
    succeed("create it");

    assertThat(taken).isEqualTo(2);
    assertThat(steps.problem())
        .isEqualTo(
            new Problem(Reason.RequestRefused, "the cluster refuses to delete it: by the policy"));
  }

  @Test
  void oneThatSucceedsHasNoProblem() {
    look(0);
    refuse("create it", 422);
    look(1);
    succeed("create it");

    assertThat(steps.problem()).isNull();
    assertThat(steps.next()).isEmpty();
  }

  @Test
  void oneThatFailedIsTriedAgainAfterLongerAndLongerPauses() {
    look(0);
    refuse("create it", 403);
    assertThat(steps.next()).contains(now.plus(Duration.ofSeconds(1)));
    look(0.5);
    refuse("create it", 403);
    assertThat(taken).isEqualTo(1);
    assertThat(steps.problem()).isNotNull();

    look(0.5);
    refuse("create it", 403);
    assertThat(steps.next()).contains(now.plus(Duration.ofSeconds(2)));
    for (int attempt = 0; attempt < 100; attempt++) {
      look(30);
      refuse("create it", 403);
    }
    assertThat(taken).isEqualTo(102);
    assertThat(steps.next()).contains(now.plus(Duration.ofSeconds(30)));
  }

  @Test
  void anEditIsAReasonToTryAtOnce() {
    look(0);
    refuse("create it", 403);
    release.getMetadata().setGeneration(5L);
    look(0);
    succeed("create it");

    assertThat(taken).isEqualTo(2);
  }

  @Test
  void aStepThatIsNoLongerTakenIsNoProblem() {
    look(0);
    refuse("delete it", 403);
    look(0);
    succeed("create it");

    assertThat(steps.problem()).isNull();
    assertThat(steps.pause()).isEmpty();
  }

  /** No answer, a conflict, or an API server that has too much to do. */
  @Test
  void whatPassesIsToldOnlyWhenItDoesNot() {
    look(0);
    refuse("create it", 409);
    assertThat(steps.problem()).isNull();
    assertThat(steps.next()).isPresent();
    look(30);
    refuse("create it", 503);
    assertThat(steps.problem()).isNull();
    look(30);
    refuse("create it", 0);

    assertThat(steps.problem().reason()).isEqualTo(Reason.Progressing);
    assertThat(steps.problem().message()).contains("create it").contains("by the policy");
  }

  /** A time-out, too many requests, and all that is the API server's own fault. */
  @Test
  void oneAnswerThatPassesIsNotTold() {
    for (int code : List.of(408, 409, 429, 500, 501, 502, 503, 504, 507, 0)) {
      look(0);
      refuse("code " + code, code);
      assertThat(steps.problem()).as("code %d", code).isNull();
      assertThat(steps.next()).as("code %d", code).isPresent();
    }
  }

  /** Or the status that is written at last says that it cannot be. */
  @Test
  void oneThatIsTriedAgainDoesNotSeeThatItFailed() {
    look(0);
    refuse("write its status", 403);
    look(1);
    steps.run("write its status", () -> assertThat(steps.problem()).isNull());

    assertThat(steps.problem()).isNull();
    assertThat(steps.next()).isEmpty();
  }

  @Test
  void aStepWithinOneThatIsTriedAgainDoesNotSeeThatItFailed() {
    look(0);
    refuse("reconcile it", 403);
    look(1);
    steps.run(
        "reconcile it",
        () -> steps.run("write its status", () -> assertThat(steps.problem()).isNull()));

    assertThat(steps.problem()).isNull();
  }

  @Test
  void oneThatIsTriedAgainSeesTheOthersThatFailed() {
    look(0);
    refuse("create it", 403);
    refuse("write its status", 403);
    look(1);
    refuse("create it", 403);
    steps.run(
        "write its status",
        () -> assertThat(steps.problem().message()).contains("refuses to create it"));

    assertThat(steps.isFailing("create it")).isTrue();
    assertThat(steps.isFailing("write its status")).isFalse();
  }

  /** A look at it before its time, and one after. */
  @Test
  void oneThatFailsAgainIsAProblemAllTheTime() {
    look(0);
    refuse("write its status", 403);
    look(0.5);
    refuse("write its status", 403);
    assertThat(steps.problem()).isNotNull();
    look(0.5);
    refuse("write its status", 403);

    assertThat(taken).isEqualTo(2);
    assertThat(steps.problem()).isNotNull();
    assertThat(steps.pause()).contains(Duration.ofSeconds(2));
  }

  @Test
  void aFaultOfTheOperatorIsCalledOne() {
    look(0);
    steps.run(
        "decide",
        () -> {
          throw new IllegalStateException("no\u202etext");
        });

    assertThat(steps.problem().reason()).isEqualTo(Reason.InternalError);
    assertThat(steps.problem().message()).contains("decide").contains("no\\u202etext");
  }

  private void look(double secondsLater) {
    now = now.plus(Duration.ofMillis((long) (1000 * secondsLater)));
    steps.begin(release, now);
  }

  private void succeed(String name) {
    steps.run(name, () -> taken++);
  }

  private void refuse(String name, int code) {
    steps.run(
        name,
        () -> {
          taken++;
          throw new KubernetesClientException(
              "POST failed",
              code,
              new StatusBuilder().withCode(code).withMessage("by the policy").build());
        });
  }
}
