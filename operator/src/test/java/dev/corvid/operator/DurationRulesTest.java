package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.api.v1alpha1.SwarmRelease;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long something may take is refused by the API server with words when it makes no sense. */
class DurationRulesTest extends Installation {
  private static final List<String> WRONG =
      List.of(
          "",
          "0s",
          "0h0m",
          "999ms",
          "0.5s",
          "1.5h",
          "1h1h1h1h1h",
          "8761h",
          "8760h1ms",
          "1d",
          "-1s",
          "10",
          "1 h",
          "100000s",
          "99999999999h",
          "soon");

  private static final List<String> RIGHT =
      List.of("1s", "1000ms", "90m", "1h30m", "30m1h", "1h30m10s500ms", "07m", "99999s", "8760h");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{progressDeadline: %s}",
        "{waves: [{upTo: 1, pause: {duration: %s}}, {upTo: 100%%}]}",
      })
  void isFromASecondToAYear(String rollout) {
    for (String wrong : WRONG) {
      assertThatThrownBy(() -> create(rollout.formatted('"' + wrong + '"')))
          .as(wrong)
          .isInstanceOf(KubernetesClientException.class)
          .hasMessageContaining("spec.rollout")
          .hasMessageContaining(
              "write a duration from 1s to 8760h, in whole hours, minutes, seconds and"
                  + " milliseconds, such as 10m or 1h30m");
    }
    for (String right : RIGHT) {
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
