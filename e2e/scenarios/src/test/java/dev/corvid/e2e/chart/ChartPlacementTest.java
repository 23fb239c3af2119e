package dev.corvid.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** On which nodes Corvid's pods run. */
class ChartPlacementTest {
  private static final KubernetesSerialization JSON = new KubernetesSerialization();
  private static final String LINUX = "kubernetes.io/os In [linux]";

  @Test
  void peersRunEverywhereButOnTheControlPlaneAndWithoutADisk() {
    PodSpec peer = peer(Rendered.withDefaults());

    assertThat(peer.getTolerations()).singleElement().extracting("operator").isEqualTo("Exists");
    assertThat(terms(peer.getAffinity()))
        .containsExactly(
            List.of(
                LINUX,
                "kubernetes.io/arch In [amd64]",
                "type NotIn [virtual-kubelet]",
                "eks.amazonaws.com/compute-type NotIn [fargate]",
                "node-role.kubernetes.io/control-plane DoesNotExist []"));
    assertThat(terms(peer(Rendered.with("peer: {controlPlane: true}")).getAffinity()).getFirst())
        .noneMatch(expression -> expression.contains("control-plane"));
  }

  @Test
  void everyPodRunsWhereItsImageDoes() {
    assertThat(affinities(Rendered.with("images: {architectures: [amd64, arm64]}")))
        .allSatisfy(
            affinity ->
                assertThat(terms(affinity).getFirst())
                    .contains(LINUX, "kubernetes.io/arch In [amd64, arm64]"));
    assertThat(affinities(Rendered.with("images: {architectures: []}")))
        .allSatisfy(
            affinity ->
                assertThat(terms(affinity).getFirst())
                    .contains(LINUX)
                    .noneMatch(expression -> expression.contains("arch")));
  }

  @Test
  void anAffinityOfTheUsersHoldsBeside() {
    String own =
        """
        %s:
          affinity:
            nodeAffinity:
              requiredDuringSchedulingIgnoredDuringExecution:
                nodeSelectorTerms:
                  - matchExpressions: [{key: zone, operator: In, values: [a]}]
                  - matchFields: [{key: metadata.name, operator: In, values: [n1]}]
            podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: []}
        """;
    var rendered =
        Rendered.with(
            Stream.of("operator", "peer", "tracker")
                .map(own::formatted)
                .reduce("", String::concat));

    assertThat(affinities(rendered).subList(0, 3))
        .allSatisfy(
            affinity -> {
              assertThat(terms(affinity)).hasSize(2).allMatch(term -> term.contains(LINUX));
              assertThat(terms(affinity).getFirst()).startsWith("zone In [a]");
              assertThat(affinity.getPodAntiAffinity()).isNotNull();
            });
  }

  @Test
  void theOperatorKnowsWherePeersRun() {
    var rendered = Rendered.with("peer: {nodeSelector: {a: b}, tolerations: [{key: k}]}");

    Map<?, ?> peer = (Map<?, ?>) config(rendered).get("peer");
    assertThat(peer.get("nodeSelector")).isEqualTo(Map.of("a", "b"));
    assertThat(peer.get("tolerations")).isEqualTo(List.of(Map.of("key", "k")));
    assertThat(JSON.convertValue(peer.get("affinity"), Affinity.class))
        .isEqualTo(peer(rendered).getAffinity());
  }

  /** Of operator, peer, tracker and seeder. */
  private static List<Affinity> affinities(Rendered rendered) {
    var operator = rendered.only(Deployment.class).getSpec().getTemplate().getSpec();
    return List.of(
        operator.getAffinity(),
        peer(rendered).getAffinity(),
        configured(rendered, "tracker"),
        configured(rendered, "seeder"));
  }

  private static Affinity configured(Rendered rendered, String component) {
    var section = (Map<?, ?>) config(rendered).get(component);
    return JSON.convertValue(section.get("affinity"), Affinity.class);
  }

  private static Map<?, ?> config(Rendered rendered) {
    var text = rendered.only(ConfigMap.class).getData().get("config.json");
    return JSON.unmarshal(text, Map.class);
  }

  private static PodSpec peer(Rendered rendered) {
    return rendered.only(DaemonSet.class).getSpec().getTemplate().getSpec();
  }

  private static List<List<String>> terms(Affinity affinity) {
    return affinity
        .getNodeAffinity()
        .getRequiredDuringSchedulingIgnoredDuringExecution()
        .getNodeSelectorTerms()
        .stream()
        .map(term -> term.getMatchExpressions().stream().map(ChartPlacementTest::text).toList())
        .toList();
  }

  private static String text(NodeSelectorRequirement e) {
    return e.getKey() + " " + e.getOperator() + " " + e.getValues();
  }
}
