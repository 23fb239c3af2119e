package dev.corvid.operator.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/** What the API server would refuse of a status by its schema, without a server. */
public final class SchemaBounds {
  private final List<String> violations = new ArrayList<>();

  private SchemaBounds() {}

  /** The paths of what is out of bounds. */
  public static List<String> violations(Object status) {
    var bounds = new SchemaBounds();
    bounds.check(
        "status",
        schema().getProperties().get("status"),
        Serialization.jsonMapper().valueToTree(status));
    return bounds.violations;
  }

  private static JSONSchemaProps schema() {
    try (var in = Files.newInputStream(Path.of("../crds/swarmreleases.corvid.dev.yaml"))) {
      return Serialization.unmarshal(in, CustomResourceDefinition.class)
          .getSpec()
          .getVersions()
          .getFirst()
          .getSchema()
          .getOpenAPIV3Schema();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void check(String path, JSONSchemaProps schema, JsonNode value) {
    if (value.isNull()) {
      return; // the API server drops it
    }
    switch (schema.getType()) {
      case "object" -> object(path, schema, value);
      case "array" -> array(path, schema, value);
      case "string" -> text(path, schema, value.textValue());
      default -> number(path, schema, value.longValue());
    }
  }

  private void object(String path, JSONSchemaProps schema, JsonNode value) {
    value
        .properties()
        .forEach(
            field -> {
              String at = path + "." + field.getKey();
              JSONSchemaProps known = schema.getProperties().get(field.getKey());
              require(known != null, at + " is unknown");
              check(at, known, field.getValue());
            });
    if (schema.getRequired() != null) {
      schema.getRequired().forEach(name -> require(value.hasNonNull(name), path + "." + name));
    }
  }

  private void array(String path, JSONSchemaProps schema, JsonNode value) {
    require(value.size() <= schema.getMaxItems(), path + " has " + value.size());
    for (int i = 0; i < value.size(); i++) {
      check(path + "[" + i + "]", schema.getItems().getSchema(), value.get(i));
    }
  }

  private void text(String path, JSONSchemaProps schema, String value) {
    int length = value.codePointCount(0, value.length());
    require(schema.getMaxLength() == null || length <= schema.getMaxLength(), path + " is long");
    require(schema.getMinLength() == null || length >= schema.getMinLength(), path + " is short");
    require(schema.getPattern() == null || value.matches(schema.getPattern()), path + ": pattern");
    require(
        schema.getEnum() == null
            || schema.getEnum().isEmpty()
            || schema.getEnum().stream().anyMatch(one -> one.asText().equals(value)),
        path + ": enum");
    require(!"date-time".equals(schema.getFormat()) || isTime(value), path + " is no time");
  }

  private void number(String path, JSONSchemaProps schema, long value) {
    require(value >= schema.getMinimum() && value <= schema.getMaximum(), path + " is " + value);
  }

  private static boolean isTime(String text) {
    try {
      return OffsetDateTime.parse(text) != null;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private void require(boolean holds, String violation) {
    if (!holds) {
      violations.add(violation);
    }
  }
}
