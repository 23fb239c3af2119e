package dev.corvid.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a CRD refuses, drops or takes differently that its predecessor took: objects that are
 * stored, manifests in Git and generated clients know the predecessor. What is only added, or
 * refuses less, is no such change.
 */
final class Compatibility {
  private static final Set<String> UPPER =
      Set.of("maximum", "maxLength", "maxItems", "maxProperties");
  private static final Set<String> LOWER =
      Set.of("minimum", "minLength", "minItems", "minProperties");

  /** Of no consequence to what is accepted and stored. */
  private static final Set<String> WORDS =
      Set.of("description", "title", "example", "externalDocs");

  /** They only refuse: without them more is accepted. */
  private static final Set<String> REFUSE =
      Set.of("pattern", "format", "not", "multipleOf", "uniqueItems");

  private final List<Change> changes = new ArrayList<>();

  /**
   * One that users can run into.
   *
   * @param path such as spec.rollout.waves[].name
   * @param what such as removed
   */
  record Change(String path, String what) {
    @Override
    public String toString() {
      return path + ": " + what;
    }
  }

  private Compatibility() {}

  /** From one CRD to another, both as YAML. */
  static List<Change> between(String before, String after) {
    var compatibility = new Compatibility();
    try {
      compatibility.definition(
          Serialization.yamlMapper().readTree(before).get("spec"),
          Serialization.yamlMapper().readTree(after).get("spec"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(compatibility.changes);
  }

  private void definition(JsonNode before, JsonNode after) {
    for (String name : List.of("group", "scope")) {
      same(name, before.get(name), after.get(name), name);
    }
    for (String name : List.of("kind", "plural", "singular")) {
      same("names", before.at("/names/" + name), after.at("/names/" + name), name);
    }
    for (String name : List.of("shortNames", "categories")) {
      lost(before.at("/names/" + name), after.at("/names/" + name))
          .forEach(value -> add("names." + name, value + " removed"));
    }
    for (JsonNode version : before.get("versions")) {
      String name = version.get("name").asText();
      JsonNode same = named(after.get("versions"), name);
      if (same == null || !same.get("served").asBoolean()) {
        add(name, "no longer served");
      } else {
        lost(keys(version.path("subresources")), keys(same.path("subresources")))
            .forEach(subresource -> add(name, "subresource " + subresource + " removed"));
        schema("", version.at("/schema/openAPIV3Schema"), same.at("/schema/openAPIV3Schema"));
      }
    }
  }

  private static JsonNode named(JsonNode versions, String name) {
    for (JsonNode version : versions) {
      if (version.get("name").asText().equals(name)) {
        return version;
      }
    }
    return null;
  }

  private void schema(String path, JsonNode before, JsonNode after) {
    Set<String> keys = new TreeSet<>(keys(before));
    keys.addAll(keys(after));
    for (String key : keys) {
      keyword(path, key, before.path(key), after.path(key));
    }
  }

  private void keyword(String path, String key, JsonNode before, JsonNode after) {
    if (before.equals(after) || WORDS.contains(key)) {
      return;
    }
    switch (key) {
      case "properties" -> properties(path, before, after);
      case "items" -> schema(path + "[]", before, after);
      case "additionalProperties" -> schema(path + "{}", before, after);
      case "required" ->
          lost(after, before).forEach(name -> add(join(path, name), "is required now"));
      case "enum" -> enumeration(path, before, after);
      case "x-kubernetes-validations" ->
          lost(rules(after), rules(before)).forEach(rule -> add(path, "new rule " + rule));
      case "default" -> same(path, before, after, key);
      default -> constraint(path, key, before, after);
    }
  }

  private void constraint(String path, String key, JsonNode before, JsonNode after) {
    if (UPPER.contains(key) || LOWER.contains(key)) {
      boolean narrower =
          !after.isMissingNode()
              && (before.isMissingNode()
                  || (UPPER.contains(key)
                      ? after.asDouble() < before.asDouble()
                      : after.asDouble() > before.asDouble()));
      if (narrower) {
        same(path, before, after, key);
      }
    } else if (!REFUSE.contains(key) || !after.isMissingNode()) {
      same(path, before, after, key); // of what is not known here every change counts
    }
  }

  private void properties(String path, JsonNode before, JsonNode after) {
    before
        .properties()
        .forEach(
            field -> {
              String at = join(path, field.getKey());
              if (after.has(field.getKey())) {
                schema(at, field.getValue(), after.get(field.getKey()));
              } else {
                add(at, "removed");
              }
            });
  }

  private void enumeration(String path, JsonNode before, JsonNode after) {
    if (before.isMissingNode()) {
      add(path, "enum is new");
    } else if (!after.isMissingNode()) {
      lost(before, after).forEach(value -> add(path, "enum lost " + value));
    }
  }

  private static Set<String> rules(JsonNode validations) {
    Set<String> rules = new LinkedHashSet<>();
    validations.forEach(each -> rules.add(each.get("rule").asText()));
    return rules;
  }

  private void same(String path, JsonNode before, JsonNode after, String what) {
    if (!Objects.equals(before, after)) {
      add(path, "%s was %s, is %s".formatted(what, text(before), text(after)));
    }
  }

  private static String text(JsonNode value) {
    return value == null || value instanceof MissingNode ? "none" : value.toString();
  }

  private void add(String path, String what) {
    changes.add(new Change(path.isEmpty() ? "the object" : path, what));
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static Set<String> keys(JsonNode object) {
    Set<String> keys = new LinkedHashSet<>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static Set<String> lost(JsonNode before, JsonNode after) {
    return lost(values(before), values(after));
  }

  private static Set<String> lost(Set<String> before, Set<String> after) {
    Set<String> lost = new LinkedHashSet<>(before);
    lost.removeAll(after);
    return lost;
  }

  private static Set<String> values(JsonNode array) {
    Set<String> values = new LinkedHashSet<>();
    array.forEach(value -> values.add(value.asText()));
    return values;
  }
}
