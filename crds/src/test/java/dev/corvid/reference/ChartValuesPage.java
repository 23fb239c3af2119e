package dev.corvid.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.comments.CommentLine;
import org.yaml.snakeyaml.comments.CommentType;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** The reference of the chart's values: their comments and defaults, and what the schema admits. */
final class ChartValuesPage {
  private static final List<String> HEADER = List.of("value", "default", "allowed", "meaning");

  private final String values;
  private final JsonNode schema;
  private final Page page =
      new Page(
          "Values of the chart",
          "The comments of [values.yaml](../../helm/corvid/values.yaml), and what [values.schema.json](../../helm/corvid/values.schema.json)"
              + " admits. A text that it admits may still be refused by the chart, with a message that says what to write.");

  ChartValuesPage(String values, String schema) throws IOException {
    this.values = values;
    this.schema = new ObjectMapper().readTree(schema);
  }

  Page page() {
    var options = new LoaderOptions();
    options.setProcessComments(true);
    var root = (MappingNode) new Yaml(options).compose(new StringReader(values));
    List<List<String>> alone = new ArrayList<>();
    for (NodeTuple entry : root.getValue()) {
      String name = name(entry);
      JsonNode type = resolved(schema.path("properties").path(name));
      if (hasRows(entry.getValueNode())) {
        List<List<String>> rows = new ArrayList<>();
        below(name, entry.getValueNode(), type, rows);
        page.heading(2, name);
        String words = comment(entry.getKeyNode());
        if (!words.isEmpty()) {
          page.paragraph(words);
        }
        page.table(HEADER, rows);
      } else {
        alone.add(row(name, entry, type));
      }
    }
    return page.heading(2, "Other values").table(HEADER, alone);
  }

  private void below(String path, Node node, JsonNode type, List<List<String>> rows) {
    switch (node) {
      case MappingNode map -> {
        for (NodeTuple entry : map.getValue()) {
          String at = path + "." + name(entry);
          JsonNode of = resolved(type.path("properties").path(name(entry)));
          boolean split = hasRows(entry.getValueNode());
          if (!split || !comment(entry.getKeyNode()).isEmpty()) {
            rows.add(row(at, entry, of));
          }
          if (split) {
            below(at, entry.getValueNode(), of, rows);
          }
        }
      }
      case SequenceNode list ->
          list.getValue()
              .forEach(item -> below(path + "[]", item, resolved(type.path("items")), rows));
      default -> throw new IllegalArgumentException(path);
    }
  }

  /** Whether each part of it has a row: a block with parts that the schema knows by name. */
  private static boolean hasRows(Node node) {
    return switch (node) {
      case MappingNode map ->
          map.getFlowStyle() == FlowStyle.BLOCK
              && map.getValue().stream().noneMatch(entry -> name(entry).contains("/"));
      case SequenceNode list ->
          list.getFlowStyle() == FlowStyle.BLOCK
              && list.getValue().stream().allMatch(ChartValuesPage::hasRows)
              && list.getValue().stream()
                  .anyMatch(item -> ((MappingNode) item).getValue().size() > 1);
      default -> false;
    };
  }

  private List<String> row(String path, NodeTuple entry, JsonNode type) {
    return List.of(
        "`" + path + "`",
        hasRows(entry.getValueNode()) ? "" : "`" + text(entry.getValueNode()) + "`",
        allowed(type),
        comment(entry.getKeyNode()));
  }

  /** As it stands there; a block in one line. */
  private String text(Node node) {
    return switch (node) {
      case CollectionNode<?> block when block.getFlowStyle() == FlowStyle.BLOCK -> inline(block);
      default -> values.substring(node.getStartMark().getIndex(), node.getEndMark().getIndex());
    };
  }

  private String inline(CollectionNode<?> block) {
    return block instanceof MappingNode map
        ? map.getValue().stream()
            .map(entry -> name(entry) + ": " + text(entry.getValueNode()))
            .collect(Collectors.joining(", ", "{", "}"))
        : ((SequenceNode) block)
            .getValue().stream().map(this::text).collect(Collectors.joining(", ", "[", "]"));
  }

  private static String name(NodeTuple entry) {
    return ((ScalarNode) entry.getKeyNode()).getValue();
  }

  /** The lines above it, up to an empty one. */
  private static String comment(Node key) {
    List<String> words = new ArrayList<>();
    List<CommentLine> lines = key.getBlockComments();
    for (CommentLine line : lines == null ? List.<CommentLine>of() : lines) {
      if (line.getCommentType() == CommentType.BLANK_LINE) {
        words.clear();
      } else {
        words.add(line.getValue().strip());
      }
    }
    return Page.prose(String.join(" ", words));
  }

  private JsonNode resolved(JsonNode type) {
    if (type.has("allOf")) {
      return resolved(type.path("allOf").get(0));
    }
    String reference = type.path("$ref").asText();
    return reference.isEmpty() ? type : schema.at(reference.substring(1));
  }

  private String allowed(JsonNode type) {
    if (type.has("enum")) {
      return type.path("enum")
          .valueStream()
          .map(value -> "`" + value.asText() + "`")
          .collect(Collectors.joining(", "));
    }
    List<String> all = new ArrayList<>();
    all.add(kind(type));
    range(type, "minimum", "maximum", "", all);
    range(type, "minLength", "maxLength", " characters", all);
    range(type, "minItems", "maxItems", " items", all);
    range(type, "minProperties", "maxProperties", " entries", all);
    if (type.has("description")) {
      all.add(Page.plain(type.path("description").asText()));
    } else if (type.has("pattern")) {
      all.add("`" + type.path("pattern").asText() + "`");
    }
    return all.stream().filter(part -> !part.isEmpty()).collect(Collectors.joining("; "));
  }

  private String kind(JsonNode type) {
    JsonNode name = type.path("type");
    if (name.isArray()) {
      return name.valueStream().map(JsonNode::asText).collect(Collectors.joining(" or "));
    }
    if (name.asText().equals("array")) {
      String item = allowed(resolved(type.path("items")));
      return item.isEmpty() ? "list" : "list of " + item;
    }
    return Map.of("object", "map").getOrDefault(name.asText(), name.asText());
  }

  private static void range(
      JsonNode type, String least, String most, String unit, List<String> all) {
    if (type.has(least) && type.has(most)) {
      all.add(type.path(least).asText() + " to " + type.path(most).asText() + unit);
    } else if (type.has(most)) {
      all.add("at most " + type.path(most).asText() + unit);
    } else if (type.has(least)) {
      all.add("at least " + type.path(least).asText() + unit);
    }
  }
}
