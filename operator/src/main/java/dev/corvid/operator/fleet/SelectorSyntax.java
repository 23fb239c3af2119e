package dev.corvid.operator.fleet;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the API server demands of a label selector (metav1.LabelSelectorAsSelector). The CRD refuses
 * all others, but an object may be older than the CRD's rules.
 */
public final class SelectorSyntax {
  private static final Pattern NAME =
      Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]");
  private static final Pattern PREFIX =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final int LONGEST_PREFIX = 253;

  private SelectorSyntax() {}

  /** What is wrong with it; empty when nothing is. */
  public static Optional<String> problem(LabelSelector selector) {
    Map<String, String> labels = Objects.requireNonNullElse(selector.getMatchLabels(), Map.of());
    List<LabelSelectorRequirement> expressions =
        Objects.requireNonNullElse(selector.getMatchExpressions(), List.of());
    return Stream.concat(
            labels.entrySet().stream()
                .map(
                    label ->
                        operands(label.getKey(), Stream.ofNullable(label.getValue()).toList())),
            expressions.stream().map(SelectorSyntax::expression))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> expression(LabelSelectorRequirement expression) {
    List<String> values = Objects.requireNonNullElse(expression.getValues(), List.of());
    String operator = Objects.requireNonNullElse(expression.getOperator(), "");
    return switch (operator) {
      case "In", "NotIn" ->
          values.isEmpty()
              ? Optional.of("the operator " + operator + " needs at least one value")
              : operands(expression.getKey(), values);
      case "Exists", "DoesNotExist" ->
          values.isEmpty()
              ? operands(expression.getKey(), values)
              : Optional.of("the operator " + operator + " takes no values");
      default ->
          Optional.of(
              "'%s' is not one of the operators In, NotIn, Exists and DoesNotExist"
                  .formatted(operator));
    };
  }

  private static Optional<String> operands(@Nullable String key, List<String> values) {
    if (key == null || !isKey(key)) {
      return Optional.of("'%s' cannot be the key of a label".formatted(key));
    }
    return values.stream()
        .filter(value -> !isValue(value))
        .map(value -> "'%s' cannot be the value of a label".formatted(value))
        .findFirst();
  }

  private static boolean isKey(String key) {
    int slash = key.indexOf('/');
    String prefix = slash < 0 ? null : key.substring(0, slash);
    return NAME.matcher(key.substring(slash + 1)).matches()
        && (prefix == null
            || prefix.length() <= LONGEST_PREFIX && PREFIX.matcher(prefix).matches());
  }

  private static boolean isValue(@Nullable String value) {
    return value != null && (value.isEmpty() || NAME.matcher(value).matches());
  }
}
