package dev.corvid.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.lib.jse.JsePlatform;

/** The script that Argo CD runs, in a Lua interpreter, on each row of the table of conditions. */
class ArgoHealthTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          just seen                | Unknown | Progressing              | -    | Progressing
          downloading              | False   | Progressing              | -    | Progressing
          active everywhere        | True    | Succeeded                | -    | Healthy
          paused in a wave         | False   | Paused                   | -    | Suspended
          suspended before success | False   | Suspended                | -    | Suspended
          no node matches yet      | False   | NoNodesMatched           | -    | Progressing
          no node matches any more | True    | Succeeded                | -    | Healthy
          too few nodes match      | False   | TooFewNodes              | True | Degraded
          bad digest               | False   | DigestMismatch           | True | Degraded
          deadline passed          | False   | ProgressDeadlineExceeded | True | Degraded
          """)
  void tellsAsTheConditionsDo(
      String situation, String ready, String reason, String stalled, String health)
      throws IOException {
    String conditions =
        "[{type: Ready, status: '%s', reason: %s, message: why}".formatted(ready, reason);
    if (stalled.equals("True")) {
      conditions += ", {type: Stalled, status: 'True'}";
    }

    LuaValue told =
        run(
            "{metadata: {generation: 4}, status: {observedGeneration: 4, conditions: %s]}}"
                .formatted(conditions));

    assertThat(told.get("status").tojstring()).isEqualTo(health);
    assertThat(told.get("message").tojstring()).isEqualTo("why");
  }

  @Test
  void waitsForTheOperatorToSeeAnEdit() throws IOException {
    LuaValue told =
        run(
            """
            metadata: {generation: 5}
            status: {observedGeneration: 4, conditions: [{type: Ready, status: 'True', reason: Succeeded}]}
            """);

    assertThat(told.get("status").tojstring()).isEqualTo("Progressing");
  }

  @Test
  void isProgressingWithoutAnyStatusAndWhileDeleted() throws IOException {
    assertThat(run("{metadata: {generation: 1}}").get("status").tojstring())
        .isEqualTo("Progressing");
    assertThat(
            run("{metadata: {generation: 1, deletionTimestamp: now}, status: {}}")
                .get("message")
                .tojstring())
        .isEqualTo("nodes are being cleaned");
  }

  private static LuaValue run(String resource) throws IOException {
    Globals lua = JsePlatform.standardGlobals();
    lua.set("obj", lua(new YAMLMapper().readTree(resource)));
    return lua.load(Files.readString(Rendered.CHART.resolve("argocd-health.lua"))).call();
  }

  private static LuaValue lua(JsonNode node) {
    if (node.isObject()) {
      var table = LuaValue.tableOf();
      node.properties().forEach(field -> table.set(field.getKey(), lua(field.getValue())));
      return table;
    }
    if (node.isArray()) {
      var table = LuaValue.tableOf();
      for (JsonNode element : node) {
        table.set(table.length() + 1, lua(element));
      }
      return table;
    }
    return node.isNumber() ? LuaValue.valueOf(node.asInt()) : LuaValue.valueOf(node.asText());
  }
}
