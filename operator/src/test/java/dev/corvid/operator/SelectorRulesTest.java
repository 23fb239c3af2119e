package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.testing.TestNodes;
import dev.corvid.wire.grant.Content;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is no label selector to Kubernetes is refused at apply, or is told and changes nothing. */
class SelectorRulesTest extends Installation {
  private static final String LONG = "n".repeat(64);

  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry(
              "{matchExpressions: [{key: k, operator: In, values: []}]}", "In and NotIn need"),
          Map.entry("{matchExpressions: [{key: k, operator: In}]}", "In and NotIn need"),
          Map.entry("{matchExpressions: [{key: k, operator: NotIn}]}", "In and NotIn need"),
          Map.entry("{matchExpressions: [{key: k, operator: Exists, values: [v]}]}", "take none"),
          Map.entry(
              "{matchExpressions: [{key: k, operator: DoesNotExist, values: [v]}]}", "take none"),
          Map.entry("{matchExpressions: [{key: bad key!, operator: Exists}]}", "label's key"),
          Map.entry("{matchExpressions: [{key: '', operator: Exists}]}", "label's key"),
          Map.entry("{matchExpressions: [{key: %s, operator: Exists}]}".formatted(LONG), "key"),
          Map.entry("{matchExpressions: [{key: k, operator: In, values: [a b]}]}", "label's value"),
          Map.entry("{matchLabels: {Example.com/k: v}}", "label's key"),
          Map.entry("{matchLabels: {%s/k: v}}".formatted("p".repeat(254)), "label's key"),
          Map.entry("{matchLabels: {k: -v}}", "label's value"),
          Map.entry("{matchLabels: {k: %s}}".formatted(LONG), "matchLabels.k: Too long"),
          Map.entry("{matchLabels: {'': v}}", "label's key"),
          Map.entry("{matchLabels: {/k: v}}", "label's key"),
          Map.entry("{matchLabels: {a..b/k: v}}", "label's key"),
          Map.entry("{matchLabels: {a/b/k: v}}", "label's key"),
          Map.entry("{matchLabels: {a/: v}}", "label's key"),
          Map.entry("{matchExpressions: [{key: a/b/c, operator: Exists}]}", "label's key"),
          Map.entry("{matchExpressions: [{operator: Exists}]}", "key: Required value"),
          Map.entry("{matchExpressions: [{key: k}]}", "operator: Required value"),
          Map.entry(
              "{matchExpressions: [{key: k, operator: Equals, values: [v]}]}",
              "supported values: \"In\", \"NotIn\", \"Exists\", \"DoesNotExist\""),
          Map.entry(
              "{matchExpressions: [{key: k, operator: ''}]}",
              "supported values: \"In\", \"NotIn\", \"Exists\", \"DoesNotExist\""));

  private static final List<String> TAKEN =
      List.of(
          "{}",
          "{matchLabels: {example.com/a.b_c-D: v.1_2-X, %s/%s: %s}}"
              .formatted("p".repeat(253), "n".repeat(63), "v".repeat(63)),
          "{matchExpressions: [{key: a/Z, operator: In, values: ['', x]}]}",
          "{matchExpressions: [{key: z, operator: Exists, values: []}]}",
          "{matchExpressions: [{key: z, operator: DoesNotExist}]}");

  private boolean rulesAreGone;

  @AfterEach
  void restoreTheRules() throws Exception {
    if (rulesAreGone) {
      try (var crd = Files.newInputStream(CRD)) {
        client.load(crd).forceConflicts().serverSideApply();
      }
      await().until(() -> !takesAnyLabel());
    }
  }

  @Test
  void theApiServerRefusesThemWithWords() {
    REFUSED.forEach(
        (selector, words) -> {
          assertThatThrownBy(() -> create(inNodes(selector)))
              .as("nodes: %s", selector)
              .isInstanceOf(KubernetesClientException.class)
              .hasMessageContaining("spec.nodes.selector")
              .hasMessageContaining(words);
          assertThatThrownBy(() -> create(inAWave(selector)))
              .as("wave: %s", selector)
              .isInstanceOf(KubernetesClientException.class)
              .hasMessageContaining("spec.rollout.waves[0].selector")
              .hasMessageContaining(words);
        });
    for (String selector : TAKEN) {
      create(inNodes(selector));
      create(inAWave(selector));
    }
  }

  /** An object from before the rules, or from before the CRD had them. */
  @Test
  void oneThatIsThereAllTheSameIsToldAndChangesNothing() throws Exception {
    var nodes = new TestNodes();
    tracker.nodes(nodes);
    Content content = rollOut("a");
    withoutRules();

    edit(
        "{\"nodes\": {\"selector\": {\"matchExpressions\": [{\"key\": \"k\", \"operator\": \"In\"}]}}}");

    SwarmRelease told = awaitRelease(found -> is(found, "False", "InvalidSpec"));
    assertThat(ready(told).getMessage())
        .startsWith("spec.nodes.selector: the operator In needs at least one value")
        .endsWith("nothing changes on any node");
    assertThat(told.getStatus().nodes().summary()).isEqualTo("3/3");
    assertThat(nodes.removed()).isEmpty();

    edit(
        "{\"nodes\": {\"selector\": {\"matchExpressions\": null}}, \"rollout\": {\"waves\": ["
            + "{\"selector\": {\"matchLabels\": {\"bad key!\": \"v\"}}}, {\"upTo\": \"100%\"}]}}");
    SwarmRelease wave =
        awaitRelease(
            found ->
                is(found, "False", "InvalidSpec")
                    && ready(found).getMessage().startsWith("spec.rollout.waves[0].selector"));
    assertThat(wave.getStatus().nodes().summary()).isEqualTo("3/3");

    edit("{\"rollout\": {\"waves\": null}}");
    awaitRelease(found -> serves(found, content));
    assertThat(nodes.removed()).isEmpty();
    assertThat(nodes.serving(content)).hasSize(3);
  }

  private void edit(String spec) {
    cluster
        .release(namespace, "model")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": " + spec + "}");
  }

  /** As an earlier CRD. */
  private void withoutRules() {
    rulesAreGone = true;
    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("swarmreleases.corvid.dev")
        .edit(
            crd -> {
              crd.getSpec()
                  .getVersions()
                  .forEach(version -> dropRules(version.getSchema().getOpenAPIV3Schema()));
              return crd;
            });
    await().until(this::takesAnyLabel);
  }

  private boolean takesAnyLabel() {
    try {
      create(inNodes("{matchLabels: {k: -v}}"));
      return true;
    } catch (KubernetesClientException e) {
      return false;
    }
  }

  private static void dropRules(JSONSchemaProps schema) {
    schema.setXKubernetesValidations(List.of());
    if (schema.getProperties() != null) {
      schema.getProperties().values().forEach(SelectorRulesTest::dropRules);
    }
    if (schema.getItems() != null && schema.getItems().getSchema() != null) {
      dropRules(schema.getItems().getSchema());
    }
    if (schema.getAdditionalProperties() != null
        && schema.getAdditionalProperties().getSchema() != null) {
      dropRules(schema.getAdditionalProperties().getSchema());
    }
  }

  private void create(String spec) {
    client.resource(release(spec)).dryRun().create();
  }

  private SwarmRelease release(String spec) {
    return client
        .getKubernetesSerialization()
        .unmarshal(
            """
            apiVersion: corvid.dev/v1alpha1
            kind: SwarmRelease
            metadata: {name: dry, namespace: %s}
            spec: {source: {http: {url: "https://a/a.tar"}}, %s}
            """
                .formatted(namespace, spec),
            SwarmRelease.class);
  }

  private static String inNodes(String selector) {
    return "nodes: {selector: " + selector + "}";
  }

  private static String inAWave(String selector) {
    return "nodes: {selector: {}}, rollout: {waves: [{selector: %s}, {upTo: 100%%}]}"
        .formatted(selector);
  }
}
