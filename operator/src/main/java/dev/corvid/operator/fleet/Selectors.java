package dev.corvid.operator.fleet;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Label selectors, with the meaning that the API server gives them. */
final class Selectors {
  private Selectors() {}

  static boolean matches(LabelSelector selector, @Nullable Map<String, String> labels) {
    Map<String, String> present = labels == null ? Map.of() : labels;
    boolean all =
        selector.getMatchLabels() == null
            || selector.getMatchLabels().entrySet().stream()
                .allMatch(entry -> entry.getValue().equals(present.get(entry.getKey())));
    return all
        && (selector.getMatchExpressions() == null
            || selector.getMatchExpressions().stream()
                .allMatch(expression -> matches(expression, present)));
  }

  private static boolean matches(LabelSelectorRequirement e, Map<String, String> labels) {
    String value = labels.get(e.getKey());
    return switch (e.getOperator()) {
      case "In" -> value != null && e.getValues().contains(value);
      case "NotIn" -> value == null || !e.getValues().contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      default -> throw new IllegalArgumentException("selector operator " + e.getOperator());
    };
  }
}
