package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What one tenant does with releases of his own is not felt by the others. */
class HostileTenantTest extends Installation {
  /** How a spec becomes large. */
  private static final List<IntFunction<String>> LARGE =
      List.of(
          n -> "nodes: {selector: {matchExpressions: [%s]}}".formatted(expressions(n)),
          n -> "nodes: {selector: {matchLabels: {? \"%s\" : x}}}".formatted("k".repeat(n)),
          n -> "nodes: {selector: {matchLabels: {k: \"%s\"}}}".formatted("v".repeat(n)),
          n -> "nodes: {selector: {}}, seeder: {nodeSelector: {%s}}".formatted(entries(n)),
          n -> "nodes: {selector: {}}, seeder: {tolerations: [%s]}".formatted(tolerations(n)),
          n -> "nodes: {selector: {}}, seeder: {resources: {limits: {%s}}}".formatted(entries(n)),
          n -> "nodes: {selector: {}}, rollout: {maxFailed: \"%s\"}".formatted("9".repeat(n)),
          n -> "nodes: {selector: {}}, source: {s3: {k: \"%s\"}}".formatted("9".repeat(n)));

  @Test
  void aLargeReleaseIsRefused() {
    for (IntFunction<String> large : LARGE) {
      assertThatThrownBy(() -> create(namespace, "large", large.apply(1_400_000)))
          .isInstanceOf(KubernetesClientException.class)
          .satisfies(e -> assertThat(((KubernetesClientException) e).getCode()).isEqualTo(422));
    }
  }

  /** A number that Java's type does not hold would keep the operator from reading any release. */
  @Test
  void noNumberIsTooLargeToRead() {
    for (String rollout :
        List.of(
            "{maxFailed: 99999999999}",
            "{maxUnavailable: 99999999999}",
            "{waves: [{upTo: 99999999999}, {upTo: 100%}]}",
            "{progressDeadline: 99999999999999999999h}")) {
      assertThatThrownBy(
              () -> create(namespace, "model", "nodes: {selector: {}}, rollout: " + rollout))
          .isInstanceOf(KubernetesClientException.class)
          .hasMessageContaining("spec.rollout");
    }
  }

  private void create(String in, String name, String spec) {
    String source =
        spec.contains("source:") ? "" : "source: {http: {urls: [\"https://a/a.tar\"]}},";
    client
        .resource(
            client
                .getKubernetesSerialization()
                .unmarshal(
                    """
                    apiVersion: corvid.dev/v1alpha1
                    kind: SwarmRelease
                    metadata: {name: %s, namespace: %s}
                    spec: {%s %s}
                    """
                        .formatted(name, in, source, spec),
                    GenericKubernetesResource.class))
        .create();
  }

  private static String expressions(int length) {
    return "{key: k, operator: In, values: ["
        + IntStream.range(0, length / 8)
            .mapToObj("v%06d"::formatted)
            .collect(Collectors.joining(","))
        + "]}";
  }

  private static String entries(int length) {
    return IntStream.range(0, length / 12)
        .mapToObj("k%06d: \"1\""::formatted)
        .collect(Collectors.joining(","));
  }

  private static String tolerations(int length) {
    return IntStream.range(0, length / 16)
        .mapToObj("{key: k%06d}"::formatted)
        .collect(Collectors.joining(","));
  }
}
