package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What cannot be meant of approvals and pauses is refused at apply, with what to write instead. */
class ApprovalRulesTest extends Installation {
  private static final String HEX = "0123456789abcdef".repeat(4);
  private static final String REVISION =
      "approvedRevision must be 12 to 64 lower-case hex digits: the revision's name, or more of the"
          + " manifest's digest";
  private static final String REQUIRED =
      "approvedRevision is only read with approval: Required; write that, or remove";
  private static final String PAUSE =
      "a pause needs exactly one of duration, such as 10m, and untilApproved: true";
  private static final String NAMES = "wave-1, wave-2 and so on are what waves without a name";

  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("approval: Manual", "supported values: \"Automatic\", \"Required\""),
          Map.entry("approvedRevision: '012345678901'", REQUIRED),
          Map.entry("approval: Automatic, approvedRevision: '012345678901'", REQUIRED),
          Map.entry("approval: Required, approvedRevision: 0123456789a", REVISION),
          Map.entry("approval: Required, approvedRevision: 0123456789AB", REVISION),
          Map.entry("approval: Required, approvedRevision: ''", REVISION),
          Map.entry("approval: Required, approvedRevision: 'sha256:" + HEX + "'", REVISION),
          Map.entry("approval: Required, approvedRevision: " + HEX + "a", REVISION),
          Map.entry("waves: [{upTo: 1, pause: {}}, {upTo: 100%}]", PAUSE),
          Map.entry("waves: [{upTo: 1, pause: {untilApproved: false}}, {upTo: 100%}]", PAUSE),
          Map.entry(
              "waves: [{upTo: 1, pause: {duration: 1m, untilApproved: true}}, {upTo: 100%}]",
              PAUSE),
          Map.entry("waves: [{name: wave-2, upTo: 1}, {upTo: 100%}]", NAMES),
          Map.entry("waves: [{upTo: 1}, {name: wave-1, upTo: 100%}]", NAMES));

  private static final List<String> TAKEN =
      List.of(
          "approval: Required",
          "approval: Required, approvedRevision: '012345678901'",
          "approval: Required, approvedRevision: " + HEX,
          "waves: [{upTo: 1, pause: {untilApproved: true}}, {upTo: 100%}]",
          "waves: [{upTo: 1, pause: {duration: 1m, untilApproved: false}}, {upTo: 100%}]",
          "waves: [{name: wave-1, upTo: 1}, {upTo: 2}, {name: wave-3, upTo: 100%}]",
          "waves: [{name: wave-a, upTo: 1}, {name: second-wave-1, upTo: 100%}]");

  @Test
  void theApiServerSaysWhatToWriteInstead() {
    REFUSED.forEach(
        (rollout, message) ->
            assertThatThrownBy(() -> create(rollout))
                .as(rollout)
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("spec.rollout.")
                .hasMessageContaining(message));
    TAKEN.forEach(this::create);
  }

  private void create(String rollout) {
    client
        .resource(
            client
                .getKubernetesSerialization()
                .unmarshal(
                    """
                    apiVersion: corvid.dev/v1alpha1
                    kind: SwarmRelease
                    metadata: {name: dry, namespace: %s}
                    spec:
                      source: {http: {url: "https://a/a.tar"}}
                      nodes: {selector: {}}
                      rollout: {%s}
                    """
                        .formatted(namespace, rollout),
                    GenericKubernetesResource.class))
        .dryRun()
        .create();
  }
}
