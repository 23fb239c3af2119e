package dev.corvid.operator.label;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NodeLabelsFailureTest {
  private final CountDownLatch attempts = new CountDownLatch(2);

  /** Whatever it is asked ends in a defect. */
  private final KubernetesClient defective =
      (KubernetesClient)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {KubernetesClient.class},
              (_, _, _) -> {
                attempts.countDown();
                throw new IllegalStateException("a defect");
              });

  /** There is one thread that writes: without it no label would be written again. */
  @Test
  void aDefectDoesNotEndTheWriter() throws Exception {
    try (var labels = new NodeLabels(defective, Duration.ofMillis(100))) {
      labels.start();
      labels.put("node1", "release.corvid.dev/a.b", null, "0123456789ab", 0);

      assertThat(attempts.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }
}
