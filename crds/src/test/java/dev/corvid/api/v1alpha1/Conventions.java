package dev.corvid.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What Kubernetes' API conventions ask of a schema and annotations cannot say: formats for
 * generated clients, and how server-side apply merges. A list is owned as a whole, because its
 * order means something or its elements have no key: waves run in theirs, and a name is optional. A
 * selector is one thing too: half of one applier's labels and half of another's select nodes that
 * neither meant.
 */
final class Conventions {
  private static final String LABEL_NAME = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
  private static final String DNS_NAME =
      "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
  private static final long LONGEST_TIME = 64;

  private Conventions() {}

  static void apply(String name, JSONSchemaProps schema) {
    Descriptions.complete(schema);
    switch (String.valueOf(schema.getType())) {
      case "integer" ->
          schema.setFormat(schema.getMaximum() <= Integer.MAX_VALUE ? "int32" : "int64");
      case "string" -> text(name, schema);
      case "array" -> {
        if (schema.getXKubernetesListType() == null) {
          schema.setXKubernetesListType("atomic");
        }
        apply(name, schema.getItems().getSchema());
      }
      case "object" -> object(name, schema);
      default -> {}
    }
  }

  private static void text(String name, JSONSchemaProps schema) {
    if (name.endsWith("Time")) {
      schema.setFormat("date-time");
      schema.setMaxLength(LONGEST_TIME);
    }
  }

  private static void object(String name, JSONSchemaProps schema) {
    Map<String, JSONSchemaProps> properties = schema.getProperties();
    if (name.equals("nodeSelector")
        || name.equals("secretRef")
        || properties != null && properties.containsKey("matchExpressions")) {
      schema.setXKubernetesMapType("atomic");
    }
    if (properties != null) {
      properties.forEach(Conventions::apply);
    }
    if (schema.getAdditionalProperties() != null) {
      apply("", schema.getAdditionalProperties().getSchema());
    }
  }

  /** As metav1.Condition has it; of its message, 32 KiB there, a part is enough here. */
  static void conditions(JSONSchemaProps list) {
    list.setXKubernetesListType("map");
    list.setXKubernetesListMapKeys(List.of("type"));
    JSONSchemaProps condition = list.getItems().getSchema();
    condition.setRequired(List.of("type", "status", "lastTransitionTime", "reason", "message"));
    JSONSchemaProps type = Crd.property(condition, "type");
    type.setPattern("^(" + DNS_NAME + "/)?(" + LABEL_NAME + ")$");
    type.setMaxLength(316L);
    JSONSchemaProps status = Crd.property(condition, "status");
    status.setEnum(Stream.of("True", "False", "Unknown").<JsonNode>map(TextNode::valueOf).toList());
    status.setMaxLength(null);
    JSONSchemaProps reason = Crd.property(condition, "reason");
    reason.setPattern("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$");
    reason.setMinLength(1L);
    reason.setMaxLength(1024L);
    Crd.property(condition, "observedGeneration").setMinimum(0.0);
  }
}
