package dev.corvid.operator.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.config.OperatorConfig;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The DaemonSet controller's rules, kubernetes 1.34 {@code NodeShouldRunDaemonPod}. */
class PeerPlacementTest {
  private static final String LINUX =
      "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution:"
          + " {nodeSelectorTerms: [{matchExpressions: [%s]}]}}}";

  @Test
  void everyNodeUnlessToldOtherwise() {
    assertThat(wants("{}", "spec: {taints: [{key: a, effect: NoSchedule}]}")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {key: os, operator: In, values: [linux]}           | os: linux   | true
          {key: os, operator: In, values: [linux]}           | os: windows | false
          {key: os, operator: In, values: [linux]}           | a: b        | false
          {key: type, operator: NotIn, values: [virtual]}    | a: b        | true
          {key: type, operator: NotIn, values: [virtual]}    | type: virtual | false
          {key: master, operator: DoesNotExist}              | master: ''  | false
          {key: master, operator: Exists}                    | master: ''  | true
          {key: disks, operator: Gt, values: ["2"]}          | disks: "3"  | true
          {key: disks, operator: Lt, values: ["2"]}          | disks: "3"  | false
          {key: disks, operator: Lt, values: ["2"]}          | disks: many | false
          """)
  void followsTheAffinity(String expression, String label, boolean wanted) {
    assertThat(wants(LINUX.formatted(expression), "metadata: {name: a, labels: {%s}}", label))
        .isEqualTo(wanted);
  }

  @Test
  void aTermThatDemandsNothingMatchesNothing() {
    assertThat(wants(LINUX.formatted(""), "spec: {}")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          []                                        | {key: a, effect: NoSchedule}            | false
          []                                        | {key: a, effect: NoExecute}             | false
          []                                        | {key: a, effect: PreferNoSchedule}      | true
          []                                        | {key: node.kubernetes.io/unschedulable, effect: NoSchedule} | true
          [{operator: Exists}]                      | {key: a, value: b, effect: NoSchedule}  | true
          [{key: a, operator: Exists}]              | {key: b, effect: NoSchedule}            | false
          [{key: a, value: b}]                      | {key: a, value: b, effect: NoExecute}   | true
          [{key: a, value: b, operator: Equal}]     | {key: a, value: c, effect: NoExecute}   | false
          [{key: a, operator: Exists, effect: NoSchedule}] | {key: a, effect: NoExecute}      | false
          """)
  void followsTheTolerations(String tolerations, String taint, boolean wanted) {
    assertThat(wants("tolerations: " + tolerations, "spec: {taints: [%s]}", taint))
        .isEqualTo(wanted);
  }

  @Test
  void followsTheNodeSelector() {
    String selector = "nodeSelector: {disk: fast}";

    assertThat(wants(selector, "metadata: {name: a, labels: {disk: fast}}")).isTrue();
    assertThat(wants(selector, "metadata: {name: a, labels: {disk: slow}}")).isFalse();
    assertThat(wants(selector, "metadata: {name: a}")).isFalse();
  }

  private static boolean wants(String peer, String node, Object... more) {
    var config = Serialization.unmarshal(peer, OperatorConfig.Peer.class);
    var made = Serialization.unmarshal("kind: Node\n" + node.formatted(more), Node.class);
    if (made.getMetadata() == null || made.getMetadata().getName() == null) {
      made.setMetadata(new ObjectMetaBuilder().withName("a").build());
    }
    return new PeerPlacement(config).wants(made);
  }
}
