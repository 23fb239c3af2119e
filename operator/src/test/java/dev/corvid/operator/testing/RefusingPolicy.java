package dev.corvid.operator.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.ByteArrayInputStream;
import java.util.List;

/**
 * A policy of the cluster that refuses one kind of request in one namespace, until it is closed.
 */
public final class RefusingPolicy implements AutoCloseable {
  public static final String WORDS = "the platform team says no";

  private final KubernetesClient client;
  private final String namespace;
  private final List<HasMetadata> objects;

  private RefusingPolicy(KubernetesClient client, String namespace, List<HasMetadata> objects) {
    this.client = client;
    this.namespace = namespace;
    this.objects = objects;
  }

  /**
   * Returns when the API server refuses that of what belongs to the namespace, or to none.
   *
   * @param operation such as {@code UPDATE}
   */
  public static RefusingPolicy of(
      KubernetesClient client, String namespace, String group, String resource, String operation) {
    String yaml =
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicy
        metadata: {name: refuse-%1$s}
        spec:
          failurePolicy: Ignore
          matchConstraints:
            resourceRules:
              - {apiGroups: ["%2$s"], apiVersions: ["*"], resources: [%3$s], operations: [%4$s]}
              - {apiGroups: [""], apiVersions: ["*"], resources: [configmaps], operations: [CREATE]}
          matchConditions:
            - name: of-this-test
              expression: "!has(request.namespace) || request.namespace in ['', '%1$s']"
          validations:
            - {expression: "false", message: "%5$s"}
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicyBinding
        metadata: {name: refuse-%1$s}
        spec: {policyName: refuse-%1$s, validationActions: [Deny]}
        """
            .formatted(namespace, group, resource, operation, WORDS);
    var objects = client.load(new ByteArrayInputStream(yaml.getBytes(UTF_8))).items();
    var policy = new RefusingPolicy(client, namespace, objects);
    objects.forEach(object -> client.resource(object).create());
    await().until(policy::refusesAProbe);
    return policy;
  }

  private boolean refusesAProbe() {
    var probe =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName("probe")
            .withNamespace(namespace)
            .endMetadata()
            .build();
    try {
      client.resource(probe).dryRun().create();
      return false;
    } catch (KubernetesClientException e) {
      return e.getMessage().contains(WORDS);
    }
  }

  /** Returns when the API server admits it again. */
  @Override
  public void close() {
    objects.forEach(object -> client.resource(object).delete());
    await().until(() -> !refusesAProbe());
  }
}
