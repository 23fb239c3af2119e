package dev.corvid.operator.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;

class RevisionRecorderTest {
  /** A quota answers with the same code when it changed meanwhile. */
  @Test
  void onlyOneReasonSaysThatANameIsTaken() {
    assertThat(RevisionRecorder.isTaken(answer("AlreadyExists"))).isTrue();
    assertThat(RevisionRecorder.isTaken(answer("Conflict"))).isFalse();
    assertThat(RevisionRecorder.isTaken(new KubernetesClientException("no answer"))).isFalse();
  }

  private static KubernetesClientException answer(String reason) {
    return new KubernetesClientException(
        new StatusBuilder().withCode(409).withReason(reason).withMessage("no").build());
  }
}
