package dev.corvid.api.v1alpha1;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;

/**
 * What Kubernetes demands of a pod's tolerations and resources (ValidateTolerations,
 * ValidateContainerResourceRequirements): a seeder that breaks it would never be created. The rules
 * do not overlap, so that a mistake has one message.
 */
final class PodRules {
  /** In CEL, of a resource k: a device plugin's or hugepages, of which nothing is overcommitted. */
  private static final String IS_WHOLE = "(k.contains('/') || k.startsWith('hugepages-'))";

  private PodRules() {}

  static void toleration(JSONSchemaProps toleration) {
    LabelRules.taint(Crd.property(toleration, "key"), Crd.property(toleration, "value"));
    Bounds.add(
        toleration,
        "!has(self.operator) || self.operator in ['', 'Equal', 'Exists']",
        "a toleration's operator is Equal, the default, which compares the value, or Exists, which"
            + " needs none");
    Bounds.add(
        toleration,
        "(has(self.key) && self.key != '')"
            + " || (has(self.operator) && !(self.operator in ['', 'Equal']))",
        "a toleration without a key is for every taint: write operator: Exists, or the taint's key");
    Bounds.add(
        toleration,
        "!has(self.operator) || self.operator != 'Exists' || !has(self.value) || self.value == ''",
        "a toleration with operator: Exists is for any value: remove the value, or write operator:"
            + " Equal");
    Bounds.add(
        toleration,
        "!has(self.effect) || self.effect in ['', 'NoSchedule', 'PreferNoSchedule', 'NoExecute']",
        "a toleration's effect is NoSchedule, PreferNoSchedule or NoExecute; leave it out for all");
    Bounds.add(
        toleration,
        "!has(self.tolerationSeconds) || (has(self.effect)"
            + " && !(self.effect in ['', 'NoSchedule', 'PreferNoSchedule']))",
        "tolerationSeconds is about pods that run: write effect: NoExecute, or remove"
            + " tolerationSeconds");
  }

  static void resources(JSONSchemaProps resources) {
    for (String kind : new String[] {"requests", "limits"}) {
      quantities(Crd.property(resources, kind));
    }
    Bounds.add(
        resources,
        "!has(self.requests) || !has(self.limits) || self.requests.all(k, "
            + IS_WHOLE
            + " || !(k in self.limits) || "
            + compared("<= 0")
            + ")",
        "a request may not be more than the limit of the same resource: raise the limit, or lower the"
            + " request");
    Bounds.add(
        resources,
        "!has(self.requests) || self.requests.all(k, !"
            + IS_WHOLE
            + " || (has(self.limits) && k in self.limits && "
            + compared("== 0")
            + "))",
        "devices and hugepages cannot be overcommitted: write their limit, and no request or the same");
    Bounds.add(
        resources,
        "!has(self.limits) || !self.limits.exists(k, k.startsWith('hugepages-'))"
            + " || 'cpu' in self.limits || 'memory' in self.limits"
            + " || (has(self.requests) && ('cpu' in self.requests || 'memory' in self.requests))",
        "hugepages need cpu or memory beside them: write a request or a limit of either");
  }

  private static void quantities(JSONSchemaProps map) {
    Bounds.add(
        map,
        "self.all(k, k in ['cpu', 'memory', 'ephemeral-storage']"
            + " || k.matches('^hugepages-[1-9][0-9]*[KMGT]i$') || (k.contains('/') && "
            + LabelRules.isKey("k")
            + "))",
        "a resource is cpu, memory, ephemeral-storage, hugepages of a size such as hugepages-2Mi, or"
            + " a device with its domain such as nvidia.com/gpu");
    Bounds.add(
        map,
        "self.all(k, !k.contains('/') || string(self[k]).matches('^[+]?[0-9]+([kMGTPE]|[KMGTPE]i)?$'))",
        "there are no parts of a device: write a whole number");
  }

  /** A quantity that is none has a message of its own. */
  private static String compared(String with) {
    String request = "string(self.requests[k])";
    String limit = "string(self.limits[k])";
    return "(!isQuantity(%1$s) || !isQuantity(%2$s) || quantity(%1$s).compareTo(quantity(%2$s)) %3$s)"
        .formatted(request, limit, with);
  }
}
