package dev.corvid.operator.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorSyntaxTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{matchLabels: {zone: '', example.com/a.b_c-D: v.1_2-X}}",
        "{matchExpressions: [{key: zone, operator: In, values: ['']}]}",
        "{matchExpressions: [{key: a/Zone, operator: NotIn, values: [x, y]}]}",
        "{matchExpressions: [{key: zone, operator: Exists, values: []}]}",
        "{matchExpressions: [{key: zone, operator: DoesNotExist}]}"
      })
  void whatTheApiServerTakesIsRight(String selector) {
    assertThat(problem(selector)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {matchExpressions: [{key: zone, operator: In, values: []}]}        | In needs at least one value
          {matchExpressions: [{key: zone, operator: NotIn}]}                 | NotIn needs at least one value
          {matchExpressions: [{key: zone, operator: Exists, values: [x]}]}   | Exists takes no values
          {matchExpressions: [{key: zone, operator: DoesNotExist, values: [x]}]} | DoesNotExist takes no values
          {matchExpressions: [{key: zone, operator: Gt, values: [1]}]}       | is not one of the operators
          {matchExpressions: [{key: zone}]}                                  | is not one of the operators
          {matchExpressions: [{operator: Exists}]}                           | cannot be the key
          {matchExpressions: [{key: bad key!, operator: Exists}]}            | cannot be the key
          {matchExpressions: [{key: zone, operator: In, values: [a b]}]}     | cannot be the value
          {matchLabels: {Example.com/a: x}}                                  | cannot be the key
          {matchLabels: {/a: x}}                                             | cannot be the key
          {matchLabels: {a/b/c: x}}                                          | cannot be the key
          {matchLabels: {a: -x}}                                             | cannot be the value
          """)
  void whatItRefusesIsNamed(String selector, String words) {
    assertThat(problem(selector).orElseThrow()).contains(words);
  }

  @ParameterizedTest
  @CsvSource({"63, 1, true", "64, 1, false", "1, 253, true", "1, 254, false"})
  void lengthsAreThoseOfKubernetes(int name, int prefix, boolean right) {
    String key = "p".repeat(prefix) + "/" + "n".repeat(name);

    assertThat(problem("{matchLabels: {%s: %s}}".formatted(key, "v".repeat(name))).isEmpty())
        .isEqualTo(right);
  }

  private static java.util.Optional<String> problem(String selector) {
    return SelectorSyntax.problem(Serialization.unmarshal("---\n" + selector, LabelSelector.class));
  }
}
