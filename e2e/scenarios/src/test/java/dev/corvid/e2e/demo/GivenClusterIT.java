package dev.corvid.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.e2e.cluster.Chart;
import dev.corvid.e2e.cluster.ControlPlane;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code make demo KUBECONFIG=…} leaves alone in a cluster of somebody's. */
class GivenClusterIT {
  private static final String CRD = "swarmreleases.corvid.dev";

  /** Nothing runs there, and so no hook would end. */
  private static final Map<String, Object> NO_HOOK = Map.of("release", false);

  private static final Map<String, Object> VALUES =
      Map.of("images", Chart.LOCAL_IMAGES, "uninstall", NO_HOOK);

  private static ControlPlane control;
  private static KubernetesClient client;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    var binary = ControlPlane.binary();
    assumeThat(binary).as("Kubernetes, built by e2e/kubernetes/build.sh").isPresent();
    control = new ControlPlane(binary.get(), folder);
    client = control.client();
  }

  @AfterAll
  static void stop() {
    if (control != null) {
      control.close();
    }
  }

  @AfterEach
  void clear() {
    new Chart(control.kubeconfig(), "corvid-system").uninstall();
    delete(client.apiextensions().v1().customResourceDefinitions().withName(CRD));
    delete(client.namespaces().withName("demo"));
  }

  private static void delete(Resource<?> resource) {
    resource.delete();
    resource.waitUntilCondition(Objects::isNull, 1, TimeUnit.MINUTES);
  }

  @Test
  void refusesAClusterInWhichCorvidIsInstalled() {
    new Chart(control.kubeconfig(), "corvid-system").apply(VALUES);

    var demo = demo("--images=registry.example.com/corvid");

    assertThat(helmRevisions("corvid-system")).containsExactly("sh.helm.release.v1.corvid.v1");
    assertThat(demo)
        .contains("Corvid is installed in the namespace corvid-system")
        .contains("helm uninstall corvid -n corvid-system");
    assertThat(client.namespaces().withName("demo").get()).isNull();

    demo("--down");

    assertThat(helmRevisions("corvid-system")).containsExactly("sh.helm.release.v1.corvid.v1");
  }

  @Test
  void refusesANamespaceThatItDidNotMake() {
    namespace("demo");

    assertThat(demo("--images=registry.example.com/corvid"))
        .contains("the namespace demo is not the demo's");
    demo("--down");

    var mine = client.namespaces().withName("demo").get();
    assertThat(mine.getMetadata().getDeletionTimestamp()).isNull();
    assertThat(mine.getMetadata().getLabels()).containsOnlyKeys("kubernetes.io/metadata.name");
  }

  @Test
  void keepsPoliciesAndRemovesAllThatIsItsOwn() {
    namespace("mine");
    var objects = new DemoObjects(control.kubeconfig(), client);
    var values = new GivenCluster(control.kubeconfig(), "registry.example.com/corvid").values();
    for (int run = 0; run < 2; run++) {
      objects.create();
      objects.chart().apply(with(values, "uninstall", NO_HOOK));
    }
    client.resource(DemoObjects.namespace("demo", "restricted")).serverSideApply();
    assertThat(client.network().v1().networkPolicies().inNamespace("corvid-demo").list().getItems())
        .extracting(policy -> policy.getMetadata().getName())
        .contains("corvid-peer", "corvid-tracker", "corvid-operator", "demo-metrics");
    var release = client.resource(release("mine"));
    release.create();

    assertThat(objects.remove()).singleElement(STRING).contains("mine/hello", CRD);
    assertThat(client.namespaces().list().getItems())
        .extracting(namespace -> namespace.getMetadata().getName())
        .contains("mine")
        .doesNotContain("demo", "corvid-demo");
    assertThat(release.get()).isNotNull();

    release.delete();
    assertThat(objects.remove()).isEmpty();
    assertThat(client.apiextensions().v1().customResourceDefinitions().withName(CRD).get())
        .isNull();
    new Chart(control.kubeconfig(), "corvid-system").apply(VALUES);
  }

  @Test
  void refusesTheKindThatAnEarlierInstallationLeft() {
    var chart = new Chart(control.kubeconfig(), "corvid-system");
    chart.apply(VALUES);
    chart.uninstall();

    assertThat(demo("--images=registry.example.com/corvid"))
        .contains("has the kind SwarmRelease without the demo", "kubectl delete crd " + CRD);
  }

  private static Map<String, Object> with(Map<String, Object> values, String key, Object value) {
    var more = new HashMap<>(values);
    more.put(key, value);
    return more;
  }

  private static SwarmRelease release(String namespace) {
    var yaml =
        """
        apiVersion: corvid.dev/v1alpha1
        kind: SwarmRelease
        metadata: {name: hello, namespace: %s}
        spec:
          source: {http: {url: "https://downloads.example.com/hello.tar.gz"}}
          nodes: {selector: {}}
        """;
    return Serialization.unmarshal(yaml.formatted(namespace), SwarmRelease.class);
  }

  private void namespace(String name) {
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
  }

  private List<String> helmRevisions(String namespace) {
    return client
        .secrets()
        .inNamespace(namespace)
        .withLabel("owner", "helm")
        .list()
        .getItems()
        .stream()
        .map(secret -> secret.getMetadata().getName())
        .toList();
  }

  /** What it prints on its way to a failure, or all. */
  private String demo(String option) {
    var out = new ByteArrayOutputStream();
    var own = System.err;
    System.setErr(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      Demo.run("--kubeconfig=" + control.kubeconfig(), option);
    } finally {
      System.setErr(own);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
