package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.testing.ApiServer;
import dev.corvid.operator.testing.RealApi;
import dev.corvid.operator.testing.TestCluster;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/** What a spec may say, and what the API server answers to the rest, on a real one. */
@ExtendWith(RealApi.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiTableTest {
  private KubernetesClient client;

  @BeforeAll
  void install(ApiServer server) {
    client = server.client();
    var cluster = new TestCluster(client);
    cluster.install(Installation.CRD);
    cluster.namespace("api-table");
  }

  @AfterAll
  void close() {
    client.resources(SwarmRelease.class).inNamespace("api-table").delete();
    client.close();
  }

  /** Lines of the file: a part of a spec, and the answer; none where it is accepted. */
  @ParameterizedTest
  @CsvFileSource(
      resources = "/api-table.txt",
      delimiterString = " -> ",
      quoteCharacter = '`',
      maxCharsPerColumn = 8192,
      emptyValue = "")
  void theApiServerAnswers(String spec, String answer) {
    assertThat(new AppliedSpec(client, "api-table").refusal(spec))
        .as(spec)
        .isEqualTo(answer == null ? "" : answer);
  }

  /** Else kstatus, and all that wait by it, take a release for done that nothing has looked at. */
  @Test
  void aNewReleaseIsNotObserved() {
    SwarmRelease created = create("new");

    assertThat(created.getStatus().observedGeneration()).isEqualTo(-1);
  }

  /** As metav1.Condition has it; whoever may write a status cannot make it unreadable. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          type: 'Is Ready'                       | type in body should match
          status: Maybe                          | Unsupported value: "Maybe": supported values: "True", "False", "Unknown"
          reason: 'in words'                     | reason in body should match
          reason: ''                             | reason in body should be at least 1 chars long
          lastTransitionTime: yesterday          | must be of type date-time
          lastTransitionTime:                    | lastTransitionTime: Required value
          message:                               | message: Required value
          observedGeneration: -1                 | should be greater than or equal to 0
          observedGeneration: 9007199254740993   | should be less than or equal to 9007199254740992
          """)
  void aConditionIsOneOfKubernetes(String part, String answer) throws Exception {
    SwarmRelease release = create("conditions");
    var condition =
        (ObjectNode)
            Serialization.yamlMapper()
                .readTree(
                    "{type: Ready, status: 'True', reason: Succeeded, message: '',"
                        + " lastTransitionTime: '2026-11-20T10:00:00Z'}");
    patch(release, condition);

    Serialization.yamlMapper().readerForUpdating(condition).readValue(part);

    assertThatThrownBy(() -> patch(release, condition)).hasMessageContaining(answer);
  }

  private void patch(SwarmRelease release, ObjectNode condition) {
    client
        .resource(release)
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"status\":{\"conditions\":[" + condition + "]}}");
  }

  private SwarmRelease create(String name) {
    return client
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: corvid.dev/v1alpha1
                kind: SwarmRelease
                metadata: {name: %s, namespace: api-table}
                spec: {source: {http: {url: "https://a/a.tar"}}, nodes: {selector: {}}}
                """
                    .formatted(name),
                SwarmRelease.class))
        .serverSideApply();
  }

  /** What {@code kubectl get} prints, and with {@code -o wide}. */
  @Test
  void columnsAreWhatPeopleLookFor() {
    var definition =
        client
            .apiextensions()
            .v1()
            .customResourceDefinitions()
            .withName("swarmreleases.corvid.dev")
            .get();

    assertThat(definition.getSpec().getNames().getCategories()).containsExactly("corvid");
    assertThat(definition.getSpec().getVersions().getFirst().getAdditionalPrinterColumns())
        .extracting(column -> column.getName() + (column.getPriority() == null ? "" : " (wide)"))
        .containsExactly(
            "Version",
            "Active",
            "Ready",
            "Reason",
            "Nodes",
            "Progress",
            "Age",
            "Target (wide)",
            "Size (wide)",
            "Wave (wide)",
            "Message (wide)");
  }
}
