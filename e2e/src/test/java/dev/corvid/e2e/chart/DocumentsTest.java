package dev.corvid.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.e2e.fleet.ControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user copies works: every example and all YAML of the documents, on a real API server. */
class DocumentsTest {
  private static final Duration CONTROLLED = Duration.ofSeconds(60);

  /** Flux's, whose CRDs are not here. */
  private static final Set<String> ELSEWHERE = Set.of("OCIRepository", "Kustomization");

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

  @Test
  void aBlockSaysWhatItIs() {
    List<DocumentedYaml> found =
        DocumentedYaml.of(
            "a.md",
            List.of(
                "text",
                "```yaml release refused",
                "spec: {suspend: 5}",
                "```",
                "```",
                "no",
                "```"));

    assertThat(found).hasSize(1);
    assertThat(found.getFirst().at()).isEqualTo("a.md:2");
    assertThat(found.getFirst().isRefused()).isTrue();
    assertThat(found.getFirst().answer()).isEqualTo("no\n");
    assertThat(found.getFirst().objects().getFirst())
        .contains("\"suspend\":5", "\"nodes\":{", "\"kind\":\"SwarmRelease\"");
    assertThatThrownBy(() -> DocumentedYaml.of("a.md", List.of("```", "apiVersion: v1", "```")))
        .hasMessage("a.md:1 is YAML: write ```yaml");
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
}
