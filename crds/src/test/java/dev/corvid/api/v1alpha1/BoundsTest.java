package dev.corvid.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody can write a release that costs the operator more than a bounded piece of its heap. */
class BoundsTest {
  /** Some 96 KiB, with names of fields and punctuation. */
  private static final long LARGEST_SPEC = 100 << 10;

  /** In characters; etcd takes objects of 1.5 MiB, and a character is at most four bytes. */
  private static final long LARGEST_STATUS = 200 << 10;

  private static final int LONGEST_KEY = 317;
  private static final Pattern TOGETHER = Pattern.compile("sum\\(\\) <= ([0-9]+)$");

  @TempDir Path workDirectory;
  private final List<String> unbounded = new ArrayList<>();

  @Test
  void everyPartOfASpecIsBounded() {
    long size = size("spec", schema().getProperties().get("spec"));

    assertThat(unbounded).isEmpty();
    assertThat(size).isLessThan(LARGEST_SPEC);
  }

  @Test
  void everyPartOfAStatusIsBounded() {
    long size = size("status", schema().getProperties().get("status"));

    assertThat(unbounded).isEmpty();
    assertThat(size).isLessThan(LARGEST_STATUS);
  }

  /** A limit of 0 is none to a kubelet, and a negative size would make room for others. */
  @Test
  void everyQuantityOfASpecIsMoreThanZero() {
    Map<String, JSONSchemaProps> quantities = new TreeMap<>();
    collectQuantities("seeder", Crd.property(schema(), "spec", "seeder"), quantities);

    assertThat(quantities).hasSize(4);
    quantities.forEach(
        (path, quantity) -> {
          assertThat(quantity.getMinimum()).as(path).isEqualTo(1);
          Pattern pattern = Pattern.compile(quantity.getPattern());
          assertThat(List.of("1", "20Gi", "0.5", "1.25G", "007", "5k"))
              .as(path)
              .allMatch(text -> pattern.matcher(text).find());
          assertThat(List.of("0", "-1", "-1Ti", "0Gi", "0.0", "00.00M", "+0", "-0.5", "", "Gi"))
              .as(path)
              .noneMatch(text -> pattern.matcher(text).find());
        });
    assertThat(List.of("100m", ".5", "1.", "1e3", "2E-1", "+1"))
        .allMatch(text -> text.matches(quantities.get("seeder.resources.limits{}").getPattern()));
  }

  private static void collectQuantities(
      String path, JSONSchemaProps schema, Map<String, JSONSchemaProps> into) {
    if (Boolean.TRUE.equals(schema.getXKubernetesIntOrString())) {
      into.put(path, schema);
    }
    if (schema.getProperties() != null) {
      schema
          .getProperties()
          .forEach((name, each) -> collectQuantities(path + "." + name, each, into));
    }
    if (schema.getAdditionalProperties() != null) {
      collectQuantities(path + "{}", schema.getAdditionalProperties().getSchema(), into);
    }
  }

  private JSONSchemaProps schema() {
    return Crd.schema(workDirectory);
  }

  /** Most bytes of its JSON, as far as the schema bounds them. */
  private long size(String path, JSONSchemaProps schema) {
    if (Boolean.TRUE.equals(schema.getXKubernetesPreserveUnknownFields())) {
      return 0; // a kind of source that a rule refuses
    }
    if (Boolean.TRUE.equals(schema.getXKubernetesIntOrString())) {
      return Math.max(integer(path, schema), text(path, schema));
    }
    return switch (schema.getType()) {
      case "object" ->
          schema.getAdditionalProperties() == null ? object(path, schema) : map(path, schema);
      case "array" -> array(path, schema);
      case "string" -> text(path, schema);
      case "boolean" -> 5;
      default -> integer(path, schema);
    };
  }

  private long object(String path, JSONSchemaProps schema) {
    return 2
        + schema.getProperties().entrySet().stream()
            .mapToLong(p -> p.getKey().length() + 4 + size(path + "." + p.getKey(), p.getValue()))
            .sum();
  }

  private long array(String path, JSONSchemaProps schema) {
    JSONSchemaProps items = schema.getItems().getSchema();
    long all = bound(path, schema.getMaxItems()) * (1 + size(path + "[]", items));
    return all - ruledOut(schema, items);
  }

  /** What the rule on an expression list's values takes from its bounds. */
  private long ruledOut(JSONSchemaProps list, JSONSchemaProps expression) {
    return list.getXKubernetesValidations().stream()
        .map(rule -> TOGETHER.matcher(rule.getRule()))
        .filter(Matcher::find)
        .mapToLong(
            matcher -> {
              var values = expression.getProperties().get("values");
              long most = list.getMaxItems() * values.getMaxItems();
              long each = 1 + size("values[]", values.getItems().getSchema());
              return (most - Long.parseLong(matcher.group(1))) * each;
            })
        .sum();
  }

  private long map(String path, JSONSchemaProps schema) {
    boolean keys =
        schema.getXKubernetesValidations().stream()
            .anyMatch(rule -> rule.getRule().contains("size(k) <= " + LONGEST_KEY));
    if (!keys) {
      unbounded.add(path + ": its keys");
    }
    return bound(path, schema.getMaxProperties())
        * (LONGEST_KEY + 4 + size(path + "{}", schema.getAdditionalProperties().getSchema()));
  }

  private long text(String path, JSONSchemaProps schema) {
    return schema.getEnum() != null && !schema.getEnum().isEmpty()
        ? 32
        : 2 + bound(path, schema.getMaxLength());
  }

  private long integer(String path, JSONSchemaProps schema) {
    if (schema.getMaximum() == null) {
      unbounded.add(path + ": a number");
    }
    return 16;
  }

  private long bound(String path, Long bound) {
    if (bound == null) {
      unbounded.add(path);
    }
    return bound == null ? 0 : bound;
  }
}
