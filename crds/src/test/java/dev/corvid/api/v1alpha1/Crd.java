package dev.corvid.api.v1alpha1;

import static java.util.regex.Pattern.CASE_INSENSITIVE;
import static java.util.regex.Pattern.MULTILINE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Generates the CRD from the classes, with what annotations cannot say. */
final class Crd {
  private static final String HEADER =
      "# Generated from dev.corvid.api.v1alpha1; `make crd` updates it.\n";

  /** In the order of the table; kubectl leaves the last ones out without {@code -o wide}. */
  private static final List<String> COLUMNS =
      List.of(
          "Version",
          "Active",
          "Ready",
          "Reason",
          "Nodes",
          "Progress",
          "Age",
          "Target",
          "Size",
          "Wave",
          "Message");

  /** Words in a list: kubectl and Helm read them so, and the generator leaves them bare. */
  private static final Pattern BOOLEANS_OF_YAML_1_1 =
      Pattern.compile("^( *- )(true|false|yes|no|on|off|y|n)$", MULTILINE | CASE_INSENSITIVE);

  private Crd() {}

  static String yaml(Path workDirectory) {
    new CRDGenerator()
        .customResourceClasses(SwarmRelease.class)
        .forCRDVersions("v1")
        .withMinQuotes(true)
        .withPostProcessor(
            new CRDPostProcessor() {
              @Override
              public HasMetadata process(HasMetadata crd, String version) {
                return complete((CustomResourceDefinition) crd);
              }
            })
        .inOutputDir(workDirectory.toFile())
        .generate();
    try (var files = Files.list(workDirectory)) {
      String generated = Files.readString(files.findFirst().orElseThrow());
      String body = generated.substring(generated.indexOf('\n') + 1);
      return HEADER + BOOLEANS_OF_YAML_1_1.matcher(body).replaceAll("$1\"$2\"");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CustomResourceDefinition complete(CustomResourceDefinition crd) {
    crd.getSpec().getNames().setCategories(List.of("corvid"));
    var version = crd.getSpec().getVersions().getFirst();
    version
        .getAdditionalPrinterColumns()
        .sort(Comparator.comparingInt(column -> COLUMNS.indexOf(column.getName())));

    JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
    root.setDescription(
        "A named channel of content: edit its spec and a new revision rolls out to every"
            + " selected node; revert the edit to return to the old one.");
    root.setRequired(List.of("spec"));
    JSONSchemaProps spec = property(root, "spec");
    spec.setDescription("The desired state.");
    source(property(spec, "source"));
    selector(property(spec, "nodes", "selector"));
    JSONSchemaProps wave = property(spec, "rollout", "waves").getItems().getSchema();
    selector(property(wave, "selector"));
    Bounds.spec(spec);

    JSONSchemaProps status = property(root, "status");
    status.setDescription("The observed state, as the operator last wrote it.");
    // So that kstatus takes no release for done before the operator has seen it.
    status.setDefault(
        JsonNodeFactory.instance.objectNode().put("observedGeneration", Bounds.UNOBSERVED));
    Bounds.status(status);
    Conventions.conditions(property(status, "conditions"));
    Conventions.apply("", root);
    return crd;
  }

  private static void source(JSONSchemaProps source) {
    property(source, "http", "mirrors").getItems().getSchema().setMaxLength(2048L);
    for (String list : List.of("include", "exclude")) {
      property(source, "files", list).getItems().getSchema().setMaxLength(255L);
    }
  }

  private static void selector(JSONSchemaProps selector) {
    JSONSchemaProps expression = property(selector, "matchExpressions").getItems().getSchema();
    expression.setRequired(List.of("key", "operator"));
    property(expression, "operator")
        .setEnum(
            Stream.of("In", "NotIn", "Exists", "DoesNotExist")
                .<JsonNode>map(TextNode::valueOf)
                .toList());
    LabelRules.selector(selector);
  }

  /** As it is committed. */
  static JSONSchemaProps schema(Path workDirectory) {
    return schema(yaml(workDirectory));
  }

  static JSONSchemaProps schema(String yaml) {
    return Serialization.unmarshal(yaml, CustomResourceDefinition.class)
        .getSpec()
        .getVersions()
        .getFirst()
        .getSchema()
        .getOpenAPIV3Schema();
  }

  /** Every field by its path, such as spec.rollout.waves.name; lists and maps have no own part. */
  static Map<String, JSONSchemaProps> fields(JSONSchemaProps schema) {
    Map<String, JSONSchemaProps> fields = new LinkedHashMap<>();
    collect("", schema, fields);
    return fields;
  }

  private static void collect(
      String path, JSONSchemaProps schema, Map<String, JSONSchemaProps> into) {
    if (schema.getItems() != null) {
      collect(path, schema.getItems().getSchema(), into);
    }
    if (schema.getProperties() != null) {
      schema
          .getProperties()
          .forEach(
              (name, field) -> {
                String at = path.isEmpty() ? name : path + "." + name;
                into.put(at, field);
                collect(at, field, into);
              });
    }
  }

  static JSONSchemaProps property(JSONSchemaProps of, String... path) {
    JSONSchemaProps schema = of;
    for (String name : path) {
      schema = schema.getProperties().get(name);
    }
    return schema;
  }
}
