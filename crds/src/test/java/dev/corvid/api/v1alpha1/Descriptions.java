package dev.corvid.api.v1alpha1;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.Map;
import java.util.Set;

/** What the fields of Kubernetes' own types mean: their classes do not say it to the generator. */
final class Descriptions {
  private static final Map<Set<String>, Map<String, String>> OF_TYPES =
      Map.of(
          Set.of("matchLabels", "matchExpressions"),
          Map.of(
              "matchLabels", "Labels that a Node must all have, each with this value.",
              "matchExpressions", "Requirements that a Node's labels must all meet."),
          Set.of("key", "operator", "values"),
          Map.of(
              "key",
              "Key of the label.",
              "operator",
              "In and NotIn compare the label's value with values; Exists and DoesNotExist ask for the"
                  + " key alone. A Node without the label meets NotIn.",
              "values",
              "Values of the label, at least one with In and NotIn, none with Exists and"
                  + " DoesNotExist."),
          Set.of("matchExpressions"),
          Map.of("matchExpressions", "Requirements that a node's labels must all meet."),
          Set.of("nodeSelectorTerms"),
          Map.of("nodeSelectorTerms", "Terms of which a node must meet one."),
          Set.of(
              "requiredDuringSchedulingIgnoredDuringExecution",
              "preferredDuringSchedulingIgnoredDuringExecution"),
          Map.of(
              "requiredDuringSchedulingIgnoredDuringExecution",
              "What a node must have for the pod to be placed there.",
              "preferredDuringSchedulingIgnoredDuringExecution",
              "What a node should have: of those that it may run on, the one with the largest sum of"
                  + " weights is chosen."),
          Set.of("preference", "weight"),
          Map.of(
              "preference", "What a node should have.",
              "weight", "How much that counts, 1 to 100, in the sum of a node."),
          Set.of("key", "operator", "value", "effect", "tolerationSeconds"),
          Map.of(
              "key",
              "Key of the taint; without one, and with operator Exists, every taint.",
              "operator",
              "Equal compares the taint's value with value and is the default; Exists asks for the"
                  + " key alone.",
              "value",
              "Value of the taint; none with operator Exists.",
              "effect",
              "NoSchedule, PreferNoSchedule or NoExecute; without one, all of them.",
              "tolerationSeconds",
              "Seconds for which the pod stays on a node that gets a taint with effect"
                  + " NoExecute; unset: forever."),
          Set.of("limits", "requests"),
          Map.of(
              "limits",
              "The most that the pod may use, by resource: cpu in cores, memory and ephemeral-storage"
                  + " in bytes.",
              "requests",
              "What a node must have left for the pod, by resource: cpu in cores, memory and"
                  + " ephemeral-storage in bytes. Default: the limits."),
          Set.of("type", "status", "observedGeneration", "lastTransitionTime", "reason", "message"),
          Map.of(
              "type",
              "What the condition is about, such as Ready.",
              "status",
              "True, False or Unknown.",
              "observedGeneration",
              "The metadata.generation that the condition describes.",
              "lastTransitionTime",
              "When the status last changed (RFC 3339).",
              "reason",
              "Why, in one word for programs; see docs/reference/reasons.md.",
              "message",
              "What happened, to what, and what to do, for a person."));

  private Descriptions() {}

  static void complete(JSONSchemaProps schema) {
    if (schema.getProperties() != null) {
      OF_TYPES
          .getOrDefault(schema.getProperties().keySet(), Map.of())
          .forEach((name, text) -> describe(schema.getProperties().get(name), text));
    }
  }

  private static void describe(JSONSchemaProps field, String text) {
    if (field.getDescription() == null) {
      field.setDescription(text);
    }
  }
}
