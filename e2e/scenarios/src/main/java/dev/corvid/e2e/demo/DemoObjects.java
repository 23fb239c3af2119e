package dev.corvid.e2e.demo;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.e2e.cluster.Chart;
import dev.corvid.e2e.cluster.Cluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * What the demo makes in a cluster of somebody's: two namespaces, which it labels as its own, an
 * installation in one of them under a name of its own, and with it the kind SwarmRelease. It
 * changes and removes nothing else.
 */
record DemoObjects(Path kubeconfig, KubernetesClient client) {
  static final String SYSTEM_NAMESPACE = "corvid-demo";

  private static final String RELEASE = "corvid-demo";
  private static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  private static final String CRD = "swarmreleases.corvid.dev";
  private static final String HELM_RELEASE = "meta.helm.sh/release-name";
  private static final String HELM_NAMESPACE = "meta.helm.sh/release-namespace";
  private static final int METRICS = 9090;
  private static final int MINUTES = 3;

  static DemoObjects in(Path kubeconfig) {
    return new DemoObjects(kubeconfig, Cluster.client(kubeconfig));
  }

  Chart chart() {
    return new Chart(kubeconfig, RELEASE, SYSTEM_NAMESPACE);
  }

  /** With the mark by which {@link #remove} knows it. */
  static Namespace namespace(String name, String podSecurity) {
    return new NamespaceBuilder()
        .withNewMetadata()
        .withName(name)
        .addToLabels(MANAGED_BY, RELEASE)
        .addToLabels("pod-security.kubernetes.io/enforce", podSecurity)
        .endMetadata()
        .build();
  }

  /**
   * Makes what the chart is installed into.
   *
   * @throws IllegalStateException before anything is changed, when the demo would change what is
   *     not its own
   */
  void create() {
    requireNoOtherInstallation();
    requireOwnOrNone(Demo.NAMESPACE);
    requireOwnOrNone(SYSTEM_NAMESPACE);
    client.resource(namespace(SYSTEM_NAMESPACE, "privileged")).serverSideApply();
    client.resource(metricsPolicy()).serverSideApply();
  }

  /** Objects of the whole cluster have fixed names: there is room for one installation. */
  private void requireNoOtherInstallation() {
    client
        .apps()
        .deployments()
        .inAnyNamespace()
        .withLabels(
            Map.of("app.kubernetes.io/name", "corvid", "app.kubernetes.io/component", "operator"))
        .list()
        .getItems()
        .stream()
        .filter(operator -> !operator.getMetadata().getNamespace().equals(SYSTEM_NAMESPACE))
        .findFirst()
        .ifPresent(DemoObjects::refuseBeside);
    var crd = crd().get();
    if (crd != null && !isInstalledByDemo(crd)) {
      throw new IllegalStateException(
          ("the cluster has the kind SwarmRelease without the demo: an earlier installation left it,"
                  + " or it was installed apart. If no SwarmRelease is needed any more, delete it"
                  + " and them: kubectl delete crd %s")
              .formatted(CRD));
    }
  }

  private static void refuseBeside(Deployment operator) {
    var namespace = operator.getMetadata().getNamespace();
    var release = annotation(operator, HELM_RELEASE); // none when by Argo CD, or as manifests
    var command =
        release.isEmpty() ? "" : ": helm uninstall %s -n %s".formatted(release, namespace);
    throw new IllegalStateException(
        ("Corvid is installed in the namespace %s, a cluster has room for one installation, and the"
                + " demo changes none but its own. Apply a SwarmRelease to that one"
                + " (crds/examples/minimal.yaml), or use another cluster, or uninstall it first%s")
            .formatted(namespace, command));
  }

  private void requireOwnOrNone(String name) {
    var namespace = client.namespaces().withName(name).get();
    if (namespace != null && !isOwn(namespace)) {
      throw new IllegalStateException(
          ("the namespace %s is not the demo's, which would change it, and delete it in the end."
                  + " Use a cluster without it, or delete it: kubectl delete namespace %s")
              .formatted(name, name));
    }
  }

  private static boolean isOwn(Namespace namespace) {
    var labels = namespace.getMetadata().getLabels();
    return labels != null && RELEASE.equals(labels.get(MANAGED_BY));
  }

  private static boolean isInstalledByDemo(HasMetadata object) {
    return annotation(object, HELM_NAMESPACE).equals(SYSTEM_NAMESPACE);
  }

  private static String annotation(HasMetadata object, String key) {
    var annotations = object.getMetadata().getAnnotations();
    return annotations == null ? "" : annotations.getOrDefault(key, "");
  }

  /** The progress that is shown comes through the API server's proxy, from no address to name. */
  private static NetworkPolicy metricsPolicy() {
    return new NetworkPolicyBuilder()
        .withNewMetadata()
        .withNamespace(SYSTEM_NAMESPACE)
        .withName("demo-metrics")
        .endMetadata()
        .withNewSpec()
        .withNewPodSelector()
        .addToMatchLabels("app.kubernetes.io/name", "corvid")
        .addToMatchLabels("app.kubernetes.io/component", "peer")
        .endPodSelector()
        .withPolicyTypes("Ingress")
        .addNewIngress()
        .addNewPort()
        .withProtocol("TCP")
        .withNewPort(METRICS)
        .endPort()
        .endIngress()
        .endSpec()
        .build();
  }

  /**
   * Removes what the demo made.
   *
   * @return what stays all the same, a line each
   */
  List<String> remove() {
    deleteOwn(Demo.NAMESPACE); // while the operator runs, which takes the content off the nodes
    chart().uninstall();
    var staying = deleteKind();
    deleteOwn(SYSTEM_NAMESPACE);
    return staying;
  }

  private void deleteOwn(String name) {
    var resource = client.namespaces().withName(name);
    var namespace = resource.get();
    if (namespace != null && isOwn(namespace)) {
      delete(resource);
    }
  }

  /** The chart keeps it, and the next installation of another name could not take it over. */
  private List<String> deleteKind() {
    var crd = crd().get();
    if (crd == null || !isInstalledByDemo(crd)) {
      return List.of();
    }
    var releases = client.resources(SwarmRelease.class).inAnyNamespace().list().getItems();
    if (releases.isEmpty()) {
      delete(crd());
      return List.of();
    }
    var first = releases.getFirst().getMetadata();
    return List.of(
        ("the kind SwarmRelease stays, because %s/%s exists, which the demo did not make; kubectl"
                + " delete crd %s removes both")
            .formatted(first.getNamespace(), first.getName(), CRD));
  }

  private Resource<CustomResourceDefinition> crd() {
    return client.apiextensions().v1().customResourceDefinitions().withName(CRD);
  }

  private static <T> void delete(Resource<T> resource) {
    resource.delete();
    resource.waitUntilCondition(Objects::isNull, MINUTES, TimeUnit.MINUTES);
  }
}
