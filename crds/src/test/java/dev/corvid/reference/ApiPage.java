package dev.corvid.reference;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The reference of a CRD: a heading for each object by its path, a table of its fields, and the
 * rules that the API server holds it to.
 */
final class ApiPage {
  private static final List<String> HEADER =
      List.of("field", "type", "default", "allowed", "description");

  private final Page page;

  private ApiPage(Page page) {
    this.page = page;
  }

  static Page of(CustomResourceDefinition crd) {
    var names = crd.getSpec().getNames();
    CustomResourceDefinitionVersion version = crd.getSpec().getVersions().getFirst();
    var schema = version.getSchema().getOpenAPIV3Schema();
    var page =
        new Page(
            names.getKind(),
            "`apiVersion: %s/%s`, %s, short name `%s`. `kubectl explain %s.spec` has the same text. [reasons.md](reasons.md) explains the conditions, [examples](../../crds/examples) show the fields in use."
                .formatted(
                    crd.getSpec().getGroup(),
                    version.getName(),
                    crd.getSpec().getScope().toLowerCase(Locale.ROOT),
                    names.getShortNames().getFirst(),
                    names.getShortNames().getFirst()));
    page.paragraph(Page.plain(schema.getDescription()));
    columns(page, version);
    var api = new ApiPage(page);
    schema.getProperties().forEach(api::object);
    return page;
  }

  private static void columns(Page page, CustomResourceDefinitionVersion version) {
    page.heading(2, "Columns of kubectl get")
        .table(
            List.of("column", "field", "shown"),
            version.getAdditionalPrinterColumns().stream()
                .map(
                    column ->
                        List.of(
                            column.getName(),
                            "`" + column.getJsonPath().substring(1) + "`",
                            column.getPriority() == 0 ? "always" : "with `-o wide`"))
                .toList());
  }

  /**
   * @param path as its heading has it, with [] for each item of a list and * for each value of a
   *     map
   */
  private void object(String path, JSONSchemaProps schema) {
    page.heading(2, path);
    if (schema.getDescription() != null) {
      page.paragraph(Page.plain(schema.getDescription()));
    }
    if (schema.getDefault() != null) {
      page.paragraph("Default: `" + schema.getDefault() + "`.");
    }
    List<String> required = Objects.requireNonNullElse(schema.getRequired(), List.of());
    List<List<String>> rows = new ArrayList<>();
    List<String> rules = new ArrayList<>(rules("", schema));
    schema
        .getProperties()
        .forEach(
            (name, field) -> {
              rows.add(row(path + "." + name, name, field, required.contains(name)));
              if (!isObject(field)) {
                rules.addAll(rules(name, field));
              }
              if (!isObject(itemOf(field))) {
                rules.addAll(rules(name + "[]", itemOf(field)));
              }
            });
    page.table(HEADER, rows).list(rules);
    schema
        .getProperties()
        .forEach(
            (name, field) -> {
              if (isObject(field)) {
                object(path + "." + name, field);
              } else if (isObject(itemOf(field))) {
                object(path + "." + name + "[]", itemOf(field));
              }
            });
  }

  private static List<String> row(
      String path, String name, JSONSchemaProps field, boolean required) {
    String type =
        isObject(field)
            ? link("object", path)
            : isObject(itemOf(field)) ? "list of " + link("objects", path + "[]") : type(field);
    return List.of(
        "`" + name + "`" + (required ? ", required" : ""),
        type,
        field.getDefault() == null ? "" : "`" + text(field.getDefault()) + "`",
        String.join("; ", bounds(field)),
        Page.plain(Objects.requireNonNullElse(field.getDescription(), "")));
  }

  /** As GitHub makes an anchor of a heading. */
  private static String link(String words, String path) {
    return "[%s](#%s)".formatted(words, path.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", ""));
  }

  private static boolean isObject(JSONSchemaProps schema) {
    return schema != null && schema.getProperties() != null && !schema.getProperties().isEmpty();
  }

  private static JSONSchemaProps itemOf(JSONSchemaProps field) {
    if (field.getItems() != null) {
      return field.getItems().getSchema();
    }
    return field.getAdditionalProperties() == null
        ? null
        : field.getAdditionalProperties().getSchema();
  }

  private static String type(JSONSchemaProps field) {
    if (field.getItems() != null) {
      return "list of " + type(itemOf(field)) + "s";
    }
    if (field.getAdditionalProperties() != null) {
      return "map of strings to " + type(itemOf(field)) + "s";
    }
    if (Boolean.TRUE.equals(field.getXKubernetesIntOrString())) {
      return "quantity".equals(kind(field)) ? "quantity" : "integer or string";
    }
    return field.getFormat() == null
        ? field.getType()
        : field.getType() + " (" + field.getFormat() + ")";
  }

  private static String kind(JSONSchemaProps field) {
    boolean quantity =
        field.getXKubernetesValidations() != null
            && field.getXKubernetesValidations().stream()
                .anyMatch(rule -> rule.getRule().contains("isQuantity"));
    return quantity ? "quantity" : "";
  }

  private static List<String> bounds(JSONSchemaProps field) {
    List<String> all = new ArrayList<>();
    if (field.getEnum() != null && !field.getEnum().isEmpty()) {
      all.add(
          field.getEnum().stream()
              .map(value -> "`" + text(value) + "`")
              .collect(Collectors.joining(", ")));
    }
    range(all, number(field.getMinimum()), number(field.getMaximum()), "");
    range(all, count(field.getMinLength()), count(field.getMaxLength()), " characters");
    range(all, count(field.getMinItems()), count(field.getMaxItems()), " items");
    range(all, count(field.getMinProperties()), count(field.getMaxProperties()), " entries");
    if (field.getPattern() != null) {
      all.add("`" + field.getPattern() + "`");
    }
    if ("set".equals(field.getXKubernetesListType())) {
      all.add("no item twice");
    }
    if (field.getXKubernetesListMapKeys() != null && !field.getXKubernetesListMapKeys().isEmpty()) {
      all.add("one item for each `" + String.join(", ", field.getXKubernetesListMapKeys()) + "`");
    }
    JSONSchemaProps item = itemOf(field);
    if (item != null && !isObject(item)) {
      bounds(item).forEach(bound -> all.add("each: " + bound));
    }
    return all;
  }

  private static void range(List<String> all, String least, String most, String unit) {
    if (least != null && most != null) {
      all.add(least + " to " + most + unit);
    } else if (most != null) {
      all.add("at most " + most + unit);
    } else if (least != null) {
      all.add("at least " + least + unit);
    }
  }

  private static String number(Double value) {
    return value == null ? null : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  private static String count(Long value) {
    return value == null ? null : value.toString();
  }

  private static String text(JsonNode value) {
    return value.isTextual() ? value.asText() : value.toString();
  }

  /**
   * @param of the field, empty for the object itself
   */
  private static List<String> rules(String of, JSONSchemaProps schema) {
    if (schema == null || schema.getXKubernetesValidations() == null) {
      return List.of();
    }
    return schema.getXKubernetesValidations().stream().map(rule -> rule(of, rule)).toList();
  }

  private static String rule(String of, ValidationRule rule) {
    String where =
        of
            + Objects.requireNonNullElse(rule.getFieldPath(), "")
                .replaceFirst("^\\.", of.isEmpty() ? "" : ".");
    return (where.isEmpty() ? "" : "`" + where + "`: ")
        + Page.plain(rule.getMessage())
        + ". `"
        + rule.getRule()
        + "`";
  }
}
