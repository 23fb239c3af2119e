package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.testing.ApiServer;
import dev.corvid.operator.testing.RealApi;
import dev.corvid.operator.testing.TestCluster;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two appliers of one release, such as Flux and a person, own what they wrote. */
@ExtendWith(RealApi.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServerSideApplyTest {
  private static final String NAMESPACE = "appliers";
  private static final String SPEC =
      "source: {http: {url: 'https://a/a.tar'}}, nodes: {selector: {matchLabels: {a: b}}}";

  private KubernetesClient client;

  @BeforeAll
  void install(ApiServer server) {
    client = server.client();
    var cluster = new TestCluster(client);
    cluster.install(Installation.CRD);
    cluster.namespace(NAMESPACE);
  }

  @AfterAll
  void close() {
    client.resources(SwarmRelease.class).inNamespace(NAMESPACE).delete();
    client.close();
  }

  @Test
  void listsAndSelectorsAreOwnedAsAWhole() {
    apply("flux", "whole", SPEC + ", rollout: {waves: [{upTo: 1}, {upTo: 100%}]}");

    assertThatThrownBy(
            () -> apply("kubectl", "whole", "rollout: {waves: [{upTo: 2}, {upTo: 100%}]}"))
        .hasMessageContaining("conflict with \"flux\"")
        .hasMessageContaining(".spec.rollout.waves");
    assertThatThrownBy(() -> apply("kubectl", "whole", "nodes: {selector: {matchLabels: {c: d}}}"))
        .hasMessageContaining("conflict with \"flux\"")
        .hasMessageContaining(".spec.nodes.selector");
  }

  @Test
  void theRestIsOwnedFieldByField() {
    apply("flux", "parts", SPEC);
    apply("kubectl", "parts", "rollout: {maxConcurrent: 1}, nodes: {minimum: 3}");

    SwarmRelease both = apply("flux", "parts", SPEC + ", version: '2'");

    assertThat(both.getSpec().rollout().maxConcurrent().getIntVal()).isEqualTo(1);
    assertThat(both.getSpec().nodes().minimum()).isEqualTo(3);
    assertThat(both.getSpec().nodes().selector().getMatchLabels()).containsOnlyKeys("a");
    assertThat(both.getSpec().version()).isEqualTo("2");
  }

  private SwarmRelease apply(String manager, String name, String spec) {
    var release =
        Serialization.unmarshal(
            """
            apiVersion: corvid.dev/v1alpha1
            kind: SwarmRelease
            metadata: {name: %s, namespace: %s}
            spec: {%s}
            """
                .formatted(name, NAMESPACE, spec),
            GenericKubernetesResource.class);
    client
        .resource(release)
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(manager)
                .withForce(false)
                .build());
    return client.resources(SwarmRelease.class).inNamespace(NAMESPACE).withName(name).get();
  }
}
