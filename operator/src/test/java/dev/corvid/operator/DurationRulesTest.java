package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.api.v1alpha1.SwarmRelease;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long something may take is refused by the API server with words when it makes no sense. */
class DurationRulesTest extends Installation {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{progressDeadline: %s}",
        "{waves: [{upTo: 1, pause: {duration: %s}}, {upTo: 100%%}]}",
      })
  void isFromASecondToAYear(String rollout) {
    for (String wrong :
        new String[] {"0s", "0h0m", "0.5s", "8761h", "99999999999h", "1d", "10ms", "-1s", "soon"}) {
      assertThatThrownBy(() -> create(rollout.formatted(wrong)))
          .as(wrong)
          .isInstanceOf(KubernetesClientException.class)
          .hasMessageContaining("spec.rollout")
          .hasMessageContaining("a duration is from 1s to 8760h");
    }
    for (String right : new String[] {"1s", "90m", "1h30m", "1.5h", "8760h"}) {
      create(rollout.formatted(right));
    }
  }

  private void create(String rollout) {
    String yaml =
        """
        apiVersion: corvid.dev/v1alpha1
        kind: SwarmRelease
        metadata: {name: dry, namespace: %s}
        spec:
          source: {http: {url: "https://a/a.tar"}}
          nodes: {selector: {}}
          rollout: %s
        """;
    client
        .resource(
            client
                .getKubernetesSerialization()
                .unmarshal(yaml.formatted(namespace, rollout), SwarmRelease.class))
        .dryRun()
        .create();
  }
}
