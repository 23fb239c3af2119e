package dev.corvid.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.List;
import java.util.stream.Stream;

/**
 * What of a pod's metadata and placement a release may choose for its seeder. Of affinity that to
 * nodes alone: a seeder is one pod, and terms about other pods would be four times the schema.
 */
final class SeederRules {
  private static final long ENTRIES = 8;
  private static final long TERMS = 2;
  private static final long EXPRESSIONS = 4;
  private static final long VALUES = 8;
  private static final long ANNOTATION = 256;

  /**
   * Whose annotations and labels runtimes, CNI plugins and webhooks read, with all below these
   * domains.
   */
  private static final String DOMAINS =
      String.join(
              "|",
              // Runtimes and devices.
              "cdi.k8s.io",
              "crio.io",
              "cri-o.io",
              "containerd.io",
              "nri.io",
              // Networks.
              "cni.cncf.io",
              "multus-cni.io",
              "projectcalico.org",
              "cilium.io",
              "antrea.io",
              "ovn.org",
              "ovn.kubernetes.io",
              "spidernet.io",
              "networking.gke.io",
              "k8s.amazonaws.com",
              // Sidecars and credentials.
              "istio.io",
              "linkerd.io",
              "kuma.io",
              "dapr.io",
              "hashicorp.com",
              "opentelemetry.io",
              "admission.datadoghq.com",
              "dynatrace.com",
              "jaegertracing.io",
              "banzaicloud.io",
              "openservicemesh.io",
              "appmesh.k8s.aws",
              "gke-gcsfuse",
              "iam.amazonaws.com",
              "azure.workload.identity")
          .replace(".", "[.]");

  /** Of names without a slash, as OCI runtimes have them. */
  private static final String PREFIXES =
      String.join(
              "|",
              "io.kubernetes.cri-o",
              "io.katacontainers",
              "io.containerd",
              "run.oci",
              "org.systemd.property",
              "org.criu",
              "dev.gvisor",
              "module.wasm")
          .replace(".", "[.]");

  private SeederRules() {}

  static void apply(JSONSchemaProps seeder) {
    JSONSchemaProps labels = Crd.property(seeder, "labels");
    Bounds.map(labels, ENTRIES, "spec.seeder.labels");
    LabelRules.labels(labels);
    notOurs(labels, "label");
    notInjecting(labels, "label", "podLabels");
    JSONSchemaProps annotations = Crd.property(seeder, "annotations");
    Bounds.map(annotations, ENTRIES, "spec.seeder.annotations");
    LabelRules.keys(annotations);
    annotations.getAdditionalProperties().getSchema().setMaxLength(ANNOTATION);
    notOurs(annotations, "annotation");
    Bounds.add(
        annotations,
        "self.all(k, !k.contains('apparmor.security.') && !k.contains('seccomp.security.'))",
        "an annotation may not change how the seeder is confined: remove those of AppArmor and"
            + " seccomp");
    notInjecting(annotations, "annotation", "podAnnotations");
    affinity(Crd.property(seeder, "affinity", "nodeAffinity"));
  }

  private static void notInjecting(JSONSchemaProps map, String what, String value) {
    Bounds.add(
        map,
        "self.all(k, !k.matches('^(([^/]*[.])?(" + DOMAINS + ")(/|$)|(" + PREFIXES + ")[./])'))",
        "no %s may give the seeder devices, networks, sidecars or credentials: remove those of container runtimes, network plugins and webhooks; an admin sets them in the chart's seeder.%s"
            .formatted(what, value));
  }

  private static void notOurs(JSONSchemaProps map, String what) {
    Bounds.add(
        map,
        "self.all(k, !k.matches('^(([^/]*[.])?corvid[.]dev|app[.]kubernetes[.]io)/'))",
        "the %1$ss of corvid.dev and app.kubernetes.io are Corvid's own: write the %1$s under a domain of yours"
            .formatted(what));
  }

  private static void affinity(JSONSchemaProps affinity) {
    JSONSchemaProps terms =
        Crd.property(
            affinity, "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms");
    terms.setMaxItems(TERMS);
    terms.setMinItems(1L);
    term(terms.getItems().getSchema());
    Crd.property(affinity, "requiredDuringSchedulingIgnoredDuringExecution")
        .setRequired(List.of("nodeSelectorTerms"));
    JSONSchemaProps preferred =
        Crd.property(affinity, "preferredDuringSchedulingIgnoredDuringExecution");
    preferred.setMaxItems(TERMS);
    JSONSchemaProps choice = preferred.getItems().getSchema();
    choice.setRequired(List.of("preference", "weight"));
    Crd.property(choice, "weight").setMinimum(1.0);
    Crd.property(choice, "weight").setMaximum(100.0);
    term(Crd.property(choice, "preference"));
  }

  /** By labels; that a node has a certain name is what a label of it says too. */
  private static void term(JSONSchemaProps term) {
    term.getProperties().remove("matchFields");
    term.setRequired(List.of("matchExpressions"));
    JSONSchemaProps list = Crd.property(term, "matchExpressions");
    list.setMinItems(1L);
    list.setMaxItems(EXPRESSIONS);
    Bounds.together(list, VALUES);
    JSONSchemaProps expression = list.getItems().getSchema();
    expression.setRequired(List.of("key", "operator"));
    Crd.property(expression, "key").setMaxLength(Bounds.KEY);
    Crd.property(expression, "values").setMaxItems(VALUES);
    Crd.property(expression, "values").getItems().getSchema().setMaxLength(Bounds.VALUE);
    Crd.property(expression, "operator")
        .setEnum(
            Stream.of("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt")
                .<JsonNode>map(TextNode::valueOf)
                .toList());
    Crd.property(expression, "operator")
        .setDescription(
            "In and NotIn compare the label's value with values; Exists and DoesNotExist ask for the"
                + " key alone; Gt and Lt compare integers.");
    Crd.property(expression, "values")
        .setDescription(
            "Values of the label: at least one with In and NotIn, one integer with Gt and Lt, none with"
                + " Exists and DoesNotExist.");
    Bounds.add(
        expression,
        "self.operator in ['In', 'NotIn'] ? has(self.values) && size(self.values) > 0"
            + " : self.operator in ['Gt', 'Lt'] ? has(self.values) && size(self.values) == 1"
            + " && self.values[0].matches('^-?[0-9]{1,18}$')"
            + " : !has(self.values) || size(self.values) == 0",
        "the operators In and NotIn need at least one value, Gt and Lt one integer, Exists and"
            + " DoesNotExist take none");
    LabelRules.key(Crd.property(expression, "key"));
    // Of Gt and Lt too: Kubernetes refuses the sign of -1 as any other.
    LabelRules.value(Crd.property(expression, "values").getItems().getSchema());
  }
}
