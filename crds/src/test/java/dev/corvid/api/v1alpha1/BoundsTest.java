package dev.corvid.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody can write a release that costs the operator more than a bounded piece of its heap. */
class BoundsTest {
  /** Some 64 KiB, with names of fields and punctuation. */
  private static final long LARGEST_SPEC = 72 << 10;

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
    size("status", schema().getProperties().get("status"));

    assertThat(unbounded).isEmpty();
  }

  private JSONSchemaProps schema() {
    return Serialization.unmarshal(Crd.yaml(workDirectory), CustomResourceDefinition.class)
        .getSpec()
        .getVersions()
        .getFirst()
        .getSchema()
        .getOpenAPIV3Schema();
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
