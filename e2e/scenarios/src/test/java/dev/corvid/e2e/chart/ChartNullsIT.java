package dev.corvid.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Any value may be taken away: the chart does without it, or says by its name that it cannot. */
class ChartNullsIT {
  @ParameterizedTest
  @MethodSource("paths")
  void aValueThatIsTakenAwayIsDoneWithoutOrNamed(List<String> path) {
    var values = new StringBuilder("null");
    for (String key : path.reversed()) {
      values.insert(0, "{\"" + key + "\": ").append('}');
    }
    try {
      assertThat(Rendered.with(values.toString()).objects()).isNotEmpty();
    } catch (IllegalStateException e) {
      assertThat(e)
          .hasMessageContaining(path.getLast())
          .hasMessageNotContainingAny("nil pointer", "wrong type", "error calling");
    }
  }

  static Stream<List<String>> paths() throws IOException {
    var values = Files.readString(Rendered.CHART.resolve("values.yaml"));
    var paths = new ArrayList<List<String>>();
    collect(new KubernetesSerialization().unmarshal(values, Map.class), List.of(), paths);
    return paths.stream();
  }

  private static void collect(Map<?, ?> values, List<String> above, List<List<String>> paths) {
    values.forEach(
        (key, value) -> {
          var path = Stream.concat(above.stream(), Stream.of(key.toString())).toList();
          paths.add(path);
          if (value instanceof Map<?, ?> section) {
            collect(section, path, paths);
          }
        });
  }
}
