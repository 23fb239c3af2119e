package dev.corvid.e2e.chart;

import static dev.corvid.e2e.chart.PolicyServer.golden;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.e2e.cluster.ControlPlane;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Namespaces in which something changes every pod as it is created: meshes that add a container,
 * mirrors that rewrite images. A mutating policy stands for their webhooks.
 */
class ChartWebhooksTest {
  /** A policy is in force some time after it was created. */
  private static final Duration IN_FORCE = Duration.ofSeconds(60);

  private static final String MIRROR = "mirror.example.com/corvid/peer";
  private static final String ADD_A_CONTAINER =
      "JSONPatch{op: \"add\", path: \"/spec/containers/-\","
          + " value: Object.spec.containers{name: \"proxy\", image: \"proxy:1\"}}";
  private static final String PULL_FROM_THE_MIRROR =
      "JSONPatch{op: \"replace\", path: \"/spec/containers/0/image\","
          + " value: \"mirror.example.com/\" + object.spec.containers[0].image}";

  /** A seeder that no mesh is asked to leave alone. */
  private static final String WITHOUT_LABEL =
      golden("seeder-custom.yaml").replace("sidecar.istio.io/inject", "other.example.com/inject");

  private static PolicyServer server;

  @BeforeAll
  static void start() throws Exception {
    var binary = ControlPlane.binary();
    assumeThat(binary).as("Kubernetes, built by e2e/kubernetes/build.sh").isPresent();
    server = new PolicyServer(binary.get(), values(List.of()), "search");
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  /** Until the API server has let go of it, the next test would see this one's change. */
  @AfterEach
  void stopChanging() {
    server
        .kubectl()
        .run("delete", "mutatingadmissionpolicy,mutatingadmissionpolicybinding", "--all");
    await()
        .atMost(IN_FORCE)
        .untilAsserted(() -> assertThat(server.toCreation(WITHOUT_LABEL)).contains("created"));
  }

  @Test
  void aMeshThatHeedsTheLabelLeavesSeedersAlone() {
    change(
        ADD_A_CONTAINER,
        "object.metadata.?labels[?\"sidecar.istio.io/inject\"].orValue(\"\") != \"false\"");

    awaitRefusal(WITHOUT_LABEL, "a seeder has exactly one container");
    assertThat(server.toCreation(golden("seeder-custom.yaml"))).contains("created");
  }

  @Test
  void aContainerThatIsAddedAllTheSameIsNamed() {
    change(ADD_A_CONTAINER, "true");

    awaitRefusal(
        golden("seeder-custom.yaml"),
        "a seeder has exactly one container; a webhook that adds others has to leave it out, which"
            + " pods.labels and pods.annotations of the chart can ask for");
  }

  @Test
  void anImageOfAMirrorIsAdmittedWhereItIsListed() {
    change(PULL_FROM_THE_MIRROR, "true");
    awaitRefusal(
        golden("seeder-custom.yaml"),
        "list what it makes of that in the chart's images.peer.alsoFrom");

    server.chart().apply(values(List.of(MIRROR)));

    await()
        .atMost(IN_FORCE)
        .untilAsserted(
            () -> assertThat(server.toCreation(golden("seeder-custom.yaml"))).contains("created"));
    assertThat(server.toCreation(golden("seeder-custom.yaml").replace("peer:1", "peer:2")))
        .contains("a seeder runs corvid/peer:1");
  }

  private static Map<String, Object> values(List<String> alsoFrom) {
    var values = new HashMap<>(ChartAdmissionTest.VALUES);
    values.put(
        "images",
        Map.of(
            "operator", Map.of("repository", "corvid/operator"),
            "peer", Map.of("repository", "corvid/peer", "tag", "1", "alsoFrom", alsoFrom)));
    return values;
  }

  /** Has every new pod changed, if the condition (CEL) holds. */
  private static void change(String patch, String condition) {
    server
        .kubectl()
        .apply(
            """
            apiVersion: admissionregistration.k8s.io/v1beta1
            kind: MutatingAdmissionPolicy
            metadata: {name: change}
            spec:
              failurePolicy: Fail
              reinvocationPolicy: Never
              matchConstraints:
                resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
              matchConditions: [{name: condition, expression: '%s'}]
              mutations:
                - patchType: JSONPatch
                  jsonPatch: {expression: '[%s]'}
            ---
            apiVersion: admissionregistration.k8s.io/v1beta1
            kind: MutatingAdmissionPolicyBinding
            metadata: {name: change}
            spec: {policyName: change}
            """
                .formatted(condition, patch));
  }

  private static void awaitRefusal(String pod, String why) {
    await()
        .atMost(IN_FORCE)
        .untilAsserted(
            () -> assertThat(server.toCreation(pod)).contains("denied request").contains(why));
  }
}
