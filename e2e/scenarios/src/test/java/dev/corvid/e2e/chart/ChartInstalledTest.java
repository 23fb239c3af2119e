package dev.corvid.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.e2e.cluster.ControlPlane;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What users of a cluster have of the installed chart: their rights, what Helm tells them, and that
 * all they copy from examples and documents works.
 */
class ChartInstalledTest {
  /** A controller adds the rules of a ClusterRole to those that aggregate it, or an account. */
  private static final Duration CONTROLLED = Duration.ofSeconds(60);

  /** Flux's, whose CRDs are not here. */
  private static final Set<String> ELSEWHERE =
      Set.of("OCIRepository", "Kustomization", "HelmRelease");

  private static final Pattern KIND = Pattern.compile("(?m)^kind: (\\w+)$");

  private static PolicyServer server;

  @BeforeAll
  static void start() throws Exception {
    var binary = ControlPlane.binary();
    assumeThat(binary).as("Kubernetes, built by e2e/kubernetes/build.sh").isPresent();
    server = new PolicyServer(binary.get(), ChartAdmissionTest.VALUES, "search");
    await("a service account for pods")
        .atMost(CONTROLLED)
        .until(
            () ->
                server.client().serviceAccounts().inNamespace("search").withName("default").get()
                    != null);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void viewersReadReleasesAndEditorsWriteThem() {
    for (var role : List.of("view", "edit", "admin")) {
      server
          .kubectl()
          .run(
              "create",
              "rolebinding",
              role,
              "--clusterrole=" + role,
              "--user=" + role,
              "-n",
              "search");
    }

    await()
        .atMost(CONTROLLED)
        .until(() -> may("view", "get") && may("edit", "create") && may("admin", "delete"));
    for (var verb : List.of("get", "list", "watch")) {
      assertThat(List.of("view", "edit", "admin")).allMatch(user -> may(user, verb));
    }
    for (var verb : List.of("create", "update", "patch", "delete")) {
      assertThat(List.of("edit", "admin")).as(verb).allMatch(user -> may(user, verb));
      assertThat(may("view", verb)).as(verb).isFalse();
    }
    assertThat(List.of("view", "edit", "admin", "nobody"))
        .noneMatch(user -> may(user, "patch", "--subresource=status"));
    assertThat(may("nobody", "get")).isFalse();
  }

  private static boolean may(String user, String verb, String... more) {
    var words = new ArrayList<>(List.of("auth", "can-i", verb, "swarmreleases.corvid.dev"));
    words.addAll(List.of("-n", "search"));
    words.addAll(List.of(more));
    return server.as(user, "", words.toArray(String[]::new)).startsWith("yes");
  }

  /** Prose is commented with a blank after the #, settings without one. */
  @Test
  void examplesAreAcceptedAndSoAreSettingsThatAreCommentedOut() throws IOException {
    try (var examples = Files.list(Rendered.REPOSITORY.resolve("crds/examples"))) {
      for (var example : examples.sorted().toList()) {
        var text = Files.readString(example);
        var full = text.replaceAll("(?m)^( *)#(?=\\S)", "$1");
        for (var manifest : new LinkedHashSet<>(List.of(text, full))) {
          accepts(example.toString(), manifest);
        }
      }
    }
  }

  @Test
  void yamlOfTheDocumentsDoesWhatTheySay() throws IOException {
    List<DocumentedYaml> all = DocumentedYaml.all();

    assertThat(all).hasSizeGreaterThan(5);
    for (var yaml : all) {
      if (yaml.isValues()) {
        assertThat(Rendered.with(yaml.text()).objects()).as(yaml.at()).isNotEmpty();
      } else if (yaml.isRefused()) {
        assertThat(yaml.objects()).as(yaml.at()).hasSize(1);
        assertThat(words(dryRun(yaml.objects().getFirst())))
            .as(yaml.at())
            .contains(words(yaml.answer()));
      } else {
        yaml.objects().stream()
            .filter(object -> !isElsewhere(object))
            .forEach(object -> accepts(yaml.at(), object));
      }
    }
  }

  private static boolean isElsewhere(String object) {
    var kind = KIND.matcher(object);
    return kind.find() && ELSEWHERE.contains(kind.group(1));
  }

  private static String words(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }

  /** The whole schema is walked in the CRD's own tests; this is what a reader sees of it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".spec.source.http",
        ".spec.nodes.selector.matchExpressions",
        ".spec.rollout.waves.pause",
        ".spec.seeder.tolerations",
        ".status.conditions",
        ".status.failures",
      })
  void explainIsAReference(String path) {
    var explain = server.kubectl().with("explain", "swarmrelease" + path);
    // The API server publishes the schema some time after it accepts objects.
    await().atMost(CONTROLLED).until(() -> explain.outcome("").exitCode() == 0);

    assertThat(explain.run())
        .contains("DESCRIPTION:", "FIELDS:")
        .doesNotContain("<empty>", "<no description>");
  }

  private static void accepts(String what, String manifest) {
    assertThat(dryRun(manifest))
        .as(what)
        .contains("(server dry run)")
        .doesNotContainIgnoringCase("warning")
        .doesNotContain("rror");
  }

  private static String dryRun(String manifest) {
    var words = new String[] {"apply", "-n", "search", "--dry-run=server", "-f", "-"};
    var outcome = server.kubectl().with(words).outcome(manifest);
    return outcome.out() + outcome.err();
  }

  @Test
  void helmSaysThatNoNodeRunsAPeer() {
    node("one", Map.of("kubernetes.io/os", "windows", "kubernetes.io/arch", "amd64"));
    assertThat(notes(Map.of()))
        .contains("NO NODE OF THIS CLUSTER RUNS A PEER", "none of its 1 nodes runs Linux on amd64");

    node(
        "two",
        Map.of(
            "kubernetes.io/os", "linux",
            "kubernetes.io/arch", "amd64",
            "node-role.kubernetes.io/control-plane", ""));
    assertThat(notes(Map.of()))
        .contains("1 of its 2 nodes would, but belong to the control plane")
        .contains("--set peer.controlPlane=true");
    assertThat(notes(Map.of("peer", Map.of("controlPlane", true)))).doesNotContain("NO NODE");

    node("three", Map.of("kubernetes.io/os", "linux", "kubernetes.io/arch", "amd64"));
    assertThat(notes(Map.of()))
        .doesNotContain("NO NODE")
        .contains("kubectl apply", "kubectl wait -n default", "--timeout=10m");
  }

  @Test
  void helmSaysWhichReleasesHaveNoScratchSpace() {
    assertThat(notes(Map.of("limits", Map.of("scratch", "40Gi")))).doesNotContain("SCRATCH");
    assertThat(notes(Map.of("limits", Map.of("scratch", "39.5Gi"))))
        .contains(
            "NO SCRATCH SPACE FOR A RELEASE WITHOUT spec.seeder.scratch.sizeLimit",
            "limits.scratch is 39.5Gi",
            "seeder.scratchSizeLimit is 20Gi");
  }

  private static void node(String name, Map<String, String> labels) {
    server
        .client()
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .build())
        .create();
  }

  /** As Helm keeps them in its Secret of the last revision. */
  private static String notes(Map<String, Object> more) {
    var values = new HashMap<>(ChartAdmissionTest.VALUES);
    values.putAll(more);
    server.chart().apply(values);
    var last =
        server
            .client()
            .secrets()
            .inNamespace(Rendered.NAMESPACE)
            .withLabel("owner", "helm")
            .list()
            .getItems()
            .stream()
            .max(
                Comparator.comparingInt(
                    secret -> Integer.parseInt(secret.getMetadata().getLabels().get("version"))))
            .orElseThrow();
    var packed =
        Base64.getDecoder().decode(Base64.getDecoder().decode(last.getData().get("release")));
    try (var json = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      var release = new KubernetesSerialization().unmarshal(json, Map.class);
      return ((Map<?, ?>) release.get("info")).get("notes").toString();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
