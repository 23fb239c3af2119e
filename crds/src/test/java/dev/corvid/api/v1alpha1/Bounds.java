package dev.corvid.api.v1alpha1;

import dev.corvid.wire.text.DurationFormat;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRuleBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * Bounds for every string, list, map and number of the schema. Each release is in the operator's
 * memory, its selectors are compared with each node, and a number that Java's type does not hold
 * would keep the operator from reading any release.
 */
final class Bounds {
  /** A label's key: a DNS name of 253 characters, a slash, and 63 more. */
  static final long KEY = 317;

  static final long VALUE = 63;
  private static final double INT = Integer.MAX_VALUE;
  private static final double LONG = 1L << 53;
  private static final double NODES = 100_000;

  /** The observed generation of a release that the operator has yet to see. */
  static final int UNOBSERVED = -1;

  private Bounds() {}

  static void spec(JSONSchemaProps spec) {
    selector(Crd.property(spec, "nodes", "selector"), 8, 8, 64);
    JSONSchemaProps rollout = Crd.property(spec, "rollout");
    JSONSchemaProps wave = Crd.property(rollout, "waves").getItems().getSchema();
    selector(Crd.property(wave, "selector"), 2, 2, 16);
    share(Crd.property(wave, "upTo"));
    duration(Crd.property(wave, "pause", "duration"));
    duration(Crd.property(rollout, "progressDeadline"));
    share(Crd.property(rollout, "maxConcurrent"));
    share(Crd.property(rollout, "maxFailed"));
    Crd.property(spec, "bandwidth").getProperties().values().forEach(Bounds::rate);
    seeder(Crd.property(spec, "seeder"));
    LabelRules.name(Crd.property(spec, "root"), "names of the chart's roots");
    LabelRules.name(Crd.property(wave, "name"), "names of waves, such as canary,");
  }

  private static void seeder(JSONSchemaProps seeder) {
    SeederRules.apply(seeder);
    size(Crd.property(seeder, "scratch", "sizeLimit"));
    size(
        Crd.property(
            seeder, "scratch", "volumeClaimTemplate", "spec", "resources", "requests", "storage"));
    map(Crd.property(seeder, "nodeSelector"), 8, "spec.seeder.nodeSelector");
    LabelRules.labels(Crd.property(seeder, "nodeSelector"));
    JSONSchemaProps tolerations = Crd.property(seeder, "tolerations");
    tolerations.setMaxItems(12L);
    JSONSchemaProps toleration = tolerations.getItems().getSchema();
    Crd.property(toleration, "key").setMaxLength(KEY);
    Crd.property(toleration, "value").setMaxLength(VALUE);
    Crd.property(toleration, "operator").setMaxLength(16L);
    Crd.property(toleration, "effect").setMaxLength(32L);
    Crd.property(toleration, "tolerationSeconds").setMaximum(LONG);
    PodRules.toleration(toleration);
    JSONSchemaProps resources = Crd.property(seeder, "resources");
    for (String kind : List.of("requests", "limits")) {
      map(Crd.property(resources, kind), 6, "spec.seeder.resources." + kind);
      resource(Crd.property(resources, kind).getAdditionalProperties().getSchema());
    }
    PodRules.resources(resources);
    resources.getProperties().remove("claims"); // of a pod's resource claims; a seeder has none
  }

  /**
   * @param values in all expressions together
   */
  private static void selector(
      JSONSchemaProps selector, long labels, long expressions, long values) {
    map(Crd.property(selector, "matchLabels"), labels, "matchLabels");
    JSONSchemaProps list = Crd.property(selector, "matchExpressions");
    list.setMaxItems(expressions);
    JSONSchemaProps expression = list.getItems().getSchema();
    Crd.property(expression, "key").setMaxLength(KEY);
    Crd.property(expression, "values").setMaxItems(values);
    Crd.property(expression, "values").getItems().getSchema().setMaxLength(VALUE);
    together(list, values);
  }

  /**
   * @param values in all expressions of that list together
   */
  static void together(JSONSchemaProps list, long values) {
    add(
        list,
        "self.map(e, has(e.values) ? size(e.values) : 0).sum() <= " + values,
        "matchExpressions may have at most "
            + values
            + " values in all: give the nodes a label of their own and select that");
  }

  static void map(JSONSchemaProps map, long entries, String name) {
    map.setMaxProperties(entries);
    JSONSchemaProps value = map.getAdditionalProperties().getSchema();
    if (!Boolean.TRUE.equals(value.getXKubernetesIntOrString())) {
      value.setMaxLength(VALUE);
    }
    add(
        map,
        "self.all(k, size(k) <= " + KEY + ")",
        "a name in " + name + " may have at most " + KEY + " characters");
  }

  /** At once is not a time to wait, and a year is as good as for ever. */
  private static void duration(JSONSchemaProps duration) {
    add(
        duration,
        "self.matches('"
            + DurationFormat.GRAMMAR
            + "') && duration(self) >= duration('1s') && duration(self) <= duration('8760h')",
        "write a duration from 1s to 8760h, " + DurationFormat.WORDS);
  }

  /** A number of nodes, or a percentage. */
  private static void share(JSONSchemaProps share) {
    share.setMaximum(NODES);
    share.setMaxLength(4L);
  }

  /** Bytes per second, within the bounds of {@link dev.corvid.wire.text.Rate}. */
  private static void rate(JSONSchemaProps rate) {
    rate.setMinLength(1L);
    rate.setMaxLength(32L);
    rate.setMaximum(LONG);
    add(
        rate,
        "isQuantity(string(self)) && quantity(string(self)).compareTo(quantity('64Ki')) >= 0"
            + " && quantity(string(self)).compareTo(quantity('1Ti')) <= 0",
        "a bandwidth is from 64Ki to 1Ti bytes per second, such as 100Mi");
  }

  /** Bytes, as the operator reads them. */
  private static void size(JSONSchemaProps size) {
    quantity(size, "(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)([KMGTPE]i|[kMGTPE])?");
  }

  /** Whatever Kubernetes takes for a quantity. */
  private static void resource(JSONSchemaProps quantity) {
    quantity(
        quantity,
        "\\+?(0*[1-9][0-9]*(\\.[0-9]*)?|0*\\.0*[1-9][0-9]*)"
            + "([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]{1,2})?");
  }

  /** More than zero: a kubelet takes a limit of zero for none. */
  private static void quantity(JSONSchemaProps quantity, String form) {
    quantity.setMinLength(1L);
    quantity.setMaxLength(32L);
    quantity.setPattern("^" + form + "$");
    quantity.setMinimum(1.0);
    quantity.setMaximum(LONG);
  }

  /** Only the operator should write a status; that others may is no reason to end. */
  static void status(JSONSchemaProps status) {
    status.getProperties().forEach(Bounds::written);
  }

  private static void written(String name, JSONSchemaProps schema) {
    switch (schema.getType()) {
      case "string" ->
          schema.setMaxLength(List.of("message", "note").contains(name) ? 2048L : 256L);
      case "integer" -> {
        schema.setMinimum(name.equals("observedGeneration") ? UNOBSERVED : 0.0);
        schema.setMaximum(name.endsWith("Bytes") || name.equals("observedGeneration") ? LONG : INT);
      }
      case "array" -> written(name, schema.getItems().getSchema());
      default -> schema.getProperties().forEach(Bounds::written);
    }
  }

  /** Adds a rule to those that the schema has. */
  static void add(JSONSchemaProps schema, String rule, String message) {
    List<ValidationRule> rules = new ArrayList<>();
    if (schema.getXKubernetesValidations() != null) {
      rules.addAll(schema.getXKubernetesValidations());
    }
    rules.add(new ValidationRuleBuilder().withRule(rule).withMessage(message).build());
    schema.setXKubernetesValidations(rules);
  }
}
