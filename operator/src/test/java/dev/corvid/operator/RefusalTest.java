package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import org.junit.jupiter.api.Test;

/** What cannot work is said by name, in the cluster's own words where it is the cluster's. */
class RefusalTest extends Installation {
  @Test
  void refusesARootThatTheAdminDidNotOpen() {
    applySpec("source: {http: {urls: [\"https://a/a.tar\"]}}, root: elsewhere");

    var release = awaitRelease(found -> is(found, "False", "RootUnknown"));

    assertThat(ready(release).getMessage()).contains("elsewhere").contains("Helm values");
    assertThat(cluster.seeders(namespace, "model")).isEmpty();
  }

  @Test
  void refusesARootThatIsNotOpenToTheNamespace() {
    applySpec("source: {http: {urls: [\"https://a/a.tar\"]}}, root: closed");

    awaitRelease(found -> is(found, "False", "RootNotAllowed"));
  }

  @Test
  void saysWhenNoNodeMatches() {
    cluster.apply(
        """
        apiVersion: corvid.dev/v1alpha1
        kind: SwarmRelease
        metadata: {name: model, namespace: %s}
        spec:
          source: {http: {urls: ["https://a/a.tar"]}}
          nodes: {selector: {matchLabels: {no: where}}}
        """
            .formatted(namespace));

    awaitRelease(found -> is(found, "False", "NoNodesMatched"));
    assertThat(cluster.seeders(namespace, "model")).isEmpty();
  }

  @Test
  void saysWhichSeederTheClusterCannotMake() {
    applySpec(
        "source: {http: {urls: [\"https://a/a.tar\"]}},"
            + " seeder: {resources: {limits: {memory: lots}}}");

    var refused = awaitRelease(found -> is(found, "False", "SeederRefused"));

    assertThat(ready(refused).getMessage()).contains("quantities");
  }

  @Test
  void saysWhatTheQuotaSaysAndRecovers() {
    var quota =
        client
            .resource(
                new ResourceQuotaBuilder()
                    .withNewMetadata()
                    .withName("tight")
                    .withNamespace(namespace)
                    .endMetadata()
                    .withNewSpec()
                    .addToHard("pods", new Quantity("0"))
                    .endSpec()
                    .build())
            .create();
    quota.setStatus(
        new io.fabric8.kubernetes.api.model.ResourceQuotaStatusBuilder()
            .addToHard("pods", new Quantity("0"))
            .addToUsed("pods", new Quantity("0"))
            .build());
    client.resource(quota).updateStatus();

    apply("a");

    var refused = awaitRelease(found -> is(found, "False", "SeederRefused"));
    assertThat(ready(refused).getMessage()).contains("quota");
    client.resource(quota).delete();
    await().until(() -> cluster.seeders(namespace, "model").size() == 1);
  }
}
