package dev.corvid.operator.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorsTest {
  private static final Map<String, String> LABELS = Map.of("zone", "x", "gpu", "");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                                          | true
          {matchLabels: {zone: x}}                                                    | true
          {matchLabels: {zone: y}}                                                    | false
          {matchLabels: {other: x}}                                                   | false
          {matchExpressions: [{key: zone, operator: In, values: [w, x]}]}             | true
          {matchExpressions: [{key: other, operator: In, values: [x]}]}               | false
          {matchExpressions: [{key: zone, operator: NotIn, values: [w]}]}             | true
          {matchExpressions: [{key: zone, operator: NotIn, values: [x]}]}             | false
          {matchExpressions: [{key: other, operator: NotIn, values: [x]}]}            | true
          {matchExpressions: [{key: gpu, operator: Exists}]}                          | true
          {matchExpressions: [{key: other, operator: Exists}]}                        | false
          {matchExpressions: [{key: gpu, operator: DoesNotExist}]}                    | false
          {matchLabels: {zone: x}, matchExpressions: [{key: a, operator: Exists}]}    | false
          """)
  void meansWhatTheApiServerMeans(String selector, boolean matches) {
    assertThat(
            Selectors.matches(
                Serialization.unmarshal("---\n" + selector, LabelSelector.class), LABELS))
        .isEqualTo(matches);
  }
}
