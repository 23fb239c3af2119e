package dev.corvid.operator.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;

class RevisionRecordsTest {
  /** A quota answers with the same code when it changed meanwhile. */
  @Test
  void onlyOneReasonSaysThatANameIsTaken() {
    assertThat(RevisionRecords.isTaken(answer("AlreadyExists"))).isTrue();
    assertThat(RevisionRecords.isTaken(answer("Conflict"))).isFalse();
    assertThat(RevisionRecords.isTaken(new KubernetesClientException("no answer"))).isFalse();
  }

  private static KubernetesClientException answer(String reason) {
    return new KubernetesClientException(
        new StatusBuilder().withCode(409).withReason(reason).withMessage("no").build());
  }
}
