package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one tenant writes into a release of his own is not felt by the others. */
class HostileTenantTest extends Installation {
  /** A number that Java's type does not hold would keep the operator from reading any release. */
  @Test
  void noNumberIsTooLargeToRead() {
    for (String rollout :
        List.of(
            "{maxFailed: 99999999999}",
            "{maxConcurrent: 99999999999}",
            "{waves: [{upTo: 99999999999}, {upTo: 100%}]}",
            "{progressDeadline: 99999999999999999999h}")) {
      assertThatThrownBy(
              () ->
                  cluster.create(
                      """
                      apiVersion: corvid.dev/v1alpha1
                      kind: SwarmRelease
                      metadata: {name: model, namespace: %s}
                      spec:
                        source: {http: {url: "https://a/a.tar"}}
                        nodes: {selector: {}}
                        rollout: %s
                      """
                          .formatted(namespace, rollout)))
          .isInstanceOf(KubernetesClientException.class)
          .hasMessageContaining("spec.rollout");
    }
  }
}
