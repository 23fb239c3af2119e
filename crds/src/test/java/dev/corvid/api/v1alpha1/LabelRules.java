package dev.corvid.api.v1alpha1;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;

/**
 * What Kubernetes demands of a label selector (metav1.LabelSelectorAsSelector), as rules with a
 * message: a pattern would be shown to the user as a regular expression.
 */
final class LabelRules {
  private static final String NAME = "([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]";
  private static final String DNS_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final String PREFIX = DNS_LABEL + "([.]" + DNS_LABEL + ")*/";

  private static final String KEY_FORM =
      "a name of at most 63 letters, digits, '-', '_' and '.' that begins and ends"
          + " with a letter or digit, such as zone; before it may stand a DNS name of at most 253"
          + " characters and a slash, as in example.com/zone";
  private static final String KEY_MESSAGE = "a label's key is " + KEY_FORM;
  private static final String VALUE_FORM =
      "empty, or at most 63 letters, digits, '-', '_' and '.' that begin and end"
          + " with a letter or digit";
  private static final String VALUE_MESSAGE = "a label's value is " + VALUE_FORM;

  private LabelRules() {}

  static void selector(JSONSchemaProps selector) {
    labels(Crd.property(selector, "matchLabels"));
    JSONSchemaProps expression = Crd.property(selector, "matchExpressions").getItems().getSchema();
    Bounds.add(
        expression,
        "self.operator in ['In', 'NotIn'] ? has(self.values) && size(self.values) > 0"
            + " : !has(self.values) || size(self.values) == 0",
        "the operators In and NotIn need at least one value, Exists and DoesNotExist take none");
    key(Crd.property(expression, "key"));
    value(Crd.property(expression, "values").getItems().getSchema());
  }

  /** A map of labels, such as a nodeSelector. */
  static void labels(JSONSchemaProps map) {
    keys(map);
    Bounds.add(map, "self.all(k, " + isValue("self[k]") + ")", VALUE_MESSAGE);
  }

  /** An RFC 1123 label, such as the name of a directory. */
  static void name(JSONSchemaProps name, String what) {
    Bounds.add(
        name,
        "self.matches('^" + DNS_LABEL + "$')",
        what + " begin and end with a letter or digit, and have only a-z, 0-9 and - between");
  }

  /** The keys of a map, which annotations have of the same form. */
  static void keys(JSONSchemaProps map) {
    Bounds.add(map, "self.all(k, " + isKey("k") + ")", KEY_MESSAGE);
  }

  /** A key by itself. */
  static void key(JSONSchemaProps key) {
    Bounds.add(key, isKey("self"), KEY_MESSAGE);
  }

  /** A value by itself. */
  static void value(JSONSchemaProps value) {
    Bounds.add(value, isValue("self"), VALUE_MESSAGE);
  }

  /** What a toleration compares with a taint; an empty key is none. */
  static void taint(JSONSchemaProps key, JSONSchemaProps value) {
    Bounds.add(key, "self == '' || " + isKey("self"), "a taint's key is " + KEY_FORM);
    Bounds.add(value, isValue("self"), "a taint's value is " + VALUE_FORM);
  }

  /** The prefix is measured by where the slash stands. */
  static String isKey(String text) {
    return "%s.matches('^(%s)?%s$') && %s.indexOf('/') <= 253".formatted(text, PREFIX, NAME, text);
  }

  private static String isValue(String text) {
    return "%s.matches('^(%s)?$')".formatted(text, NAME);
  }
}
