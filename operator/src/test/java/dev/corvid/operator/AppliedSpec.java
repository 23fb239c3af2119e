package dev.corvid.operator;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.stream.Collectors;

/**
 * Part of a spec, completed, and what the API server says to it as kubectl applies it: strictly.
 */
record AppliedSpec(KubernetesClient client, String namespace) {
  private static final String REST =
      """
      apiVersion: corvid.dev/v1alpha1
      kind: SwarmRelease
      metadata: {name: dry, namespace: %s}
      spec:
        source: {http: {url: "https://a/a.tar"}}
        nodes: {selector: {}}
      """;

  /** Empty when it is accepted, else each field with what is wrong with it. */
  String refusal(String spec) {
    try {
      create(object(spec).toString());
      return "";
    } catch (KubernetesClientException e) {
      StatusDetails details = e.getStatus() == null ? null : e.getStatus().getDetails();
      return details == null || details.getCauses().isEmpty()
          ? e.getStatus().getMessage().replaceFirst(".*strict decoding error: ", "")
          : details.getCauses().stream()
              .filter(cause -> !"<nil>".equals(cause.getField())) // rules that were not tried
              .map(cause -> cause.getField() + ": " + withoutValue(cause.getMessage()))
              .collect(Collectors.joining("; "));
    }
  }

  private void create(String json) {
    client
        .resource(Serialization.unmarshal(json, GenericKubernetesResource.class))
        .dryRun()
        .fieldValidation(Validation.STRICT)
        .create();
  }

  private JsonNode object(String spec) {
    try {
      JsonNode release = Serialization.yamlMapper().readTree(REST.formatted(namespace));
      Serialization.yamlMapper().readerForUpdating(release.get("spec")).readValue(spec);
      return release;
    } catch (IOException e) {
      throw new IllegalArgumentException(spec, e);
    }
  }

  /** A rule's message stands behind the type of the value. */
  private static String withoutValue(String message) {
    return message.replaceFirst("^Invalid value: \"(object|string|)\": ", "");
  }
}
