package dev.corvid.operator.release.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RefusalCodesTest {
  /** What passes as a rule is told after some tries, whatever was to be created. */
  @Test
  void noAnswerIsBothOfTheObjectAndPassing() {
    assertThat(IntStream.range(0, 600).mapToObj(RefusalCodesTest::answer))
        .noneMatch(answer -> ApiRefusal.isOfObject(answer) && ApiRefusal.isPassing(answer));
  }

  @Test
  void rightsQuotasPoliciesAndInvalidFieldsAreOfTheObject() {
    for (int code : List.of(400, 403, 422)) {
      assertThat(ApiRefusal.isOfObject(answer(code))).as("code %d", code).isTrue();
    }
  }

  private static KubernetesClientException answer(int code) {
    return new KubernetesClientException("POST failed", code, null);
  }
}
