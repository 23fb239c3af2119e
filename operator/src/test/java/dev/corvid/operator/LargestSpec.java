package dev.corvid.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.Comparator;
import java.util.Map;

/**
 * A spec made from the schema: every field is there, every list and map has as many elements as it
 * may, and every text is as long as it may be. What has a form of its own is given one here.
 */
final class LargestSpec {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String HEX = "0123456789abcdef".repeat(4);

  /** By the last name of the path. */
  private static final Map<String, String> FORMS =
      Map.of(
          "digest", "sha256:" + HEX,
          "manifestDigest", "sha256:" + HEX,
          "approvedRevision", HEX,
          "approval", "Required",
          "progressDeadline", "08759h00059m00059s00999ms",
          "duration", "08759h00059m00059s00999ms",
          "maxConcurrent", "100%",
          "maxFailed", "100%",
          "format", "TarZst",
          "operator", "NotIn");

  private LargestSpec() {}

  static ObjectNode of(JSONSchemaProps schema) {
    return (ObjectNode) value("spec", schema, 0);
  }

  private static JsonNode value(String path, JSONSchemaProps schema, int index) {
    String name = path.substring(path.lastIndexOf('.') + 1);
    if (FORMS.containsKey(name) && !path.contains("tolerations")) {
      return TextNode.valueOf(FORMS.get(name));
    }
    if (schema.getEnum() != null && !schema.getEnum().isEmpty()) {
      return schema.getEnum().stream()
          .max(Comparator.comparingInt(each -> each.asText().length()))
          .orElseThrow();
    }
    if (Boolean.TRUE.equals(schema.getXKubernetesIntOrString())) {
      return TextNode.valueOf("1" + "0".repeat(7) + "Ki");
    }
    return switch (schema.getType()) {
      case "object" -> schema.getProperties() == null ? map(path, schema) : object(path, schema);
      case "array" -> array(path, schema);
      case "string" -> TextNode.valueOf(text(name, schema.getMaxLength().intValue(), index));
      case "boolean" -> BooleanNode.TRUE;
      default ->
          schema.getMaximum() > Integer.MAX_VALUE
              ? LongNode.valueOf(schema.getMaximum().longValue())
              : IntNode.valueOf(schema.getMaximum().intValue());
    };
  }

  private static ObjectNode object(String path, JSONSchemaProps schema) {
    ObjectNode object = JSON.objectNode();
    schema
        .getProperties()
        .forEach(
            (name, each) -> {
              if (name.equals("waves")) {
                object.set(name, waves(path + "." + name, each));
              } else {
                object.set(name, value(path + "." + name, each, 0));
              }
            });
    if (path.endsWith("tolerations[]")) {
      object.put("operator", "Equal").put("effect", "NoExecute");
    }
    if (object.has("volumeClaimTemplate")) {
      object.remove("sizeLimit"); // it is either of them
    }
    return object;
  }

  /** A wave is a selector or a share, a pause is a time or an approval; the last has neither. */
  private static ArrayNode waves(String path, JSONSchemaProps schema) {
    ArrayNode waves = JSON.arrayNode();
    int count = schema.getMaxItems().intValue();
    for (int i = 0; i < count; i++) {
      var wave = (ObjectNode) value(path + "[]", schema.getItems().getSchema(), i);
      wave.put("name", label("w" + i, 63));
      ((ObjectNode) wave.get("pause")).remove("untilApproved");
      wave.remove("upTo");
      if (i == count - 1) {
        wave.put("upTo", "100%");
        wave.remove("selector");
        wave.remove("pause");
      }
      waves.add(wave);
    }
    return waves;
  }

  private static ArrayNode array(String path, JSONSchemaProps schema) {
    ArrayNode array = JSON.arrayNode();
    int most = schema.getMaxItems().intValue();
    for (int i = 0; i < most; i++) {
      array.add(value(path + "[]", schema.getItems().getSchema(), i));
    }
    if (path.endsWith("matchExpressions")) {
      spread(array);
    }
    return array;
  }

  /** The values of all expressions together are bounded as those of one are. */
  private static void spread(ArrayNode expressions) {
    for (JsonNode expression : expressions) {
      var values = (ArrayNode) expression.get("values");
      int share = values.size() / expressions.size();
      while (values.size() > share) {
        values.remove(values.size() - 1);
      }
    }
  }

  private static ObjectNode map(String path, JSONSchemaProps schema) {
    ObjectNode map = JSON.objectNode();
    for (int i = 0; i < schema.getMaxProperties(); i++) {
      map.set(
          text("key", 317, i), value(path + "{}", schema.getAdditionalProperties().getSchema(), i));
    }
    return map;
  }

  private static String text(String name, int length, int index) {
    return switch (name) {
      case "key" -> label("p" + index, 253) + "/" + label("n" + index, length - 254);
      case "url", "mirrors[]" ->
          "https://h%d/".formatted(index) + "x".repeat(length - 11 - (index > 9 ? 1 : 0));
      case "include[]", "exclude[]" -> "a/".repeat(length / 2 - 1) + "**" + "b".repeat(length % 2);
      default -> label("t" + index, length);
    };
  }

  private static String label(String start, int length) {
    return start + "x".repeat(length - start.length());
  }
}
