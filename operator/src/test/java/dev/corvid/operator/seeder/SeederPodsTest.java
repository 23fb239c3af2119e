package dev.corvid.operator.seeder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.config.OperatorConfig;
import dev.corvid.operator.fleet.InformerTransforms;
import dev.corvid.operator.testing.Golden;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.wire.grant.SwarmKey;
import dev.corvid.wire.seeder.SeederTask;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SeederPodsTest {
  private static final SwarmKey SWARM_KEY = SwarmKey.of(new byte[32]);
  private static final String SOURCE_HASH = TestCluster.digest("source");

  private final SeederPods pods = pods("peerImage: corvid/peer:1");

  @Test
  void makesARestrictedPod() throws Exception {
    var release = release("");

    Golden.assertEqual(
        pods.pod(release, task(release), new byte[32], "0a1b2c"), "seeder-minimal.yaml");
  }

  @Test
  void followsTheReleasesWishes() throws Exception {
    var release =
        release(
            """
            , version: 2026.11.20, seeder: {scratch: {sizeLimit: 2Gi}, nodeSelector: {disk: fast},
                resources: {limits: {memory: 1Gi}}, tolerations: [{key: batch, operator: Exists}]}
            """);
    release =
        Serialization.unmarshal(
            Serialization.asYaml(release).replace("http:", "secretRef: {name: reader}\n    http:"),
            SwarmRelease.class);
    var customized =
        pods(
            """
            peerImage: corvid/peer:1
            security: {seLinuxOptions: {level: "s0:c1,c2"}}
            seeder:
              proxy: {url: "http://proxy:3128", exceptions: [.svc], secretName: proxy-login}
              caFile: /etc/corvid/ca/ca.crt
              pod:
                labels: {sidecar.istio.io/inject: "false", app.kubernetes.io/component: mine}
                annotations: {linkerd.io/inject: disabled}
                env: [{name: TZ, value: Europe/Berlin}]
                javaOptions: [-Xss300k]
            """);

    Golden.assertEqual(
        customized.pod(release, task(customized, release), new byte[32], "0a1b2c"),
        "seeder-custom.yaml");
  }

  @Test
  void mayHaveAVolumeOfItsOwnAndAPlace() throws Exception {
    var release =
        release(
            """
            , seeder: {
                scratch: {volumeClaimTemplate: {spec: {storageClassName: fast, resources: {requests: {storage: 300Gi}}}}},
                affinity: {nodeAffinity: {
                  requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [
                    {matchExpressions: [{key: zone, operator: In, values: [a]}]},
                    {matchExpressions: [{key: cores, operator: Gt, values: ["8"]}]}]},
                  preferredDuringSchedulingIgnoredDuringExecution: [
                    {weight: 5, preference: {matchExpressions: [{key: disk, operator: Exists}]}}]}},
                priorityClassName: batch,
                labels: {team: search, sidecar.istio.io/inject: "true"},
                annotations: {cluster-autoscaler.kubernetes.io/safe-to-evict: "false"}}
            """);
    var charted =
        pods(
            """
            peerImage: corvid/peer:1
            seeder:
              affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [
                {matchExpressions: [{key: kubernetes.io/arch, operator: In, values: [amd64]}]}]}}}
              pod: {labels: {sidecar.istio.io/inject: "false"}}
            """);

    var pod = charted.pod(release, task(charted, release), new byte[32], "0a1b2c");

    Golden.assertEqual(pod, "seeder-placed.yaml");
    assertThat(task(charted, release).scratchBytes()).isEqualTo(300L << 30);
    assertThat(charted.scratchBytes(release)).isZero();
    assertThat(SeederPods.scratchBytes(pod)).isZero();
  }

  @Test
  void leavesTheUserToTheClusterIfTold() {
    var release = release("");
    var context =
        pods("peerImage: corvid/peer:1\nsecurity: {fixedUser: false}")
            .pod(release, task(release), new byte[32], "0a1b2c")
            .getSpec()
            .getSecurityContext();

    assertThat(context.getRunAsUser()).isNull();
    assertThat(context.getRunAsGroup()).isNull();
    assertThat(context.getFsGroup()).isNull();
    assertThat(context.getRunAsNonRoot()).isTrue();
  }

  /** After an edit the spec says something else than the pod that runs. */
  @Test
  void aPodItselfSaysHowMuchScratchSpaceItMayTake() {
    var release = release(", seeder: {scratch: {sizeLimit: 2Gi}}");
    var pod = pods.pod(release, task(release), new byte[32], "0a1b2c");

    assertThat(SeederPods.scratchBytes(pod)).isEqualTo(2L << 30);
    assertThat(SeederPods.scratchBytes(InformerTransforms.seeder(pod))).isEqualTo(2L << 30);
    assertThat(SeederPods.scratchBytes(new Pod())).isZero();
  }

  @Test
  void pinsAReplacementToWhatIsRecorded() {
    var content = TestCluster.content("a");
    var pinned = new SeederTask.Pinned(TestCluster.digest("bytes"), content);

    SeederTask task =
        pods.task(release(""), SOURCE_HASH, SWARM_KEY, Optional.of(pinned), content.pieceLength());

    assertThat(task.pinned()).isEqualTo(pinned);
    assertThat(task.pieceLength()).isEqualTo(content.pieceLength());
  }

  @Test
  void changesItsFingerprintWithMirrorsAndPlacementButNotWithNodes() {
    String fingerprint = SeederPods.fingerprint(release(""));

    assertThat(SeederPods.fingerprint(release(", revisionHistoryLimit: 5"))).isEqualTo(fingerprint);
    assertThat(SeederPods.fingerprint(release(", seeder: {nodeSelector: {a: b}}")))
        .isNotEqualTo(fingerprint);
  }

  private static SeederPods pods(String config) {
    return new SeederPods(
        Serialization.unmarshal(config, OperatorConfig.class),
        "http://corvid-tracker.corvid-system.svc.cluster.local:7070");
  }

  /** Else the pod that refused the spec would refuse the corrected one as well, for ever. */
  @Test
  void changesItsFingerprintWithWhatIsWrittenOfUnpacking() {
    String fingerprint = SeederPods.fingerprint(unpacked("{}"));

    assertThat(SeederPods.fingerprint(unpacked("{format: None}"))).isNotEqualTo(fingerprint);
    assertThat(SeederPods.fingerprint(unpacked("{stripComponents: 1}"))).isNotEqualTo(fingerprint);
    assertThat(SeederPods.fingerprint(unpacked("{format: Auto}"))).isEqualTo(fingerprint);
  }

  private static SwarmRelease unpacked(String unpack) {
    return release(
        "source: {http: {url: \"https://a/m.tar.gz\"}, unpack: %s}".formatted(unpack), "");
  }

  private SeederTask task(SwarmRelease release) {
    return task(pods, release);
  }

  private static SeederTask task(SeederPods pods, SwarmRelease release) {
    return pods.task(release, SOURCE_HASH, SWARM_KEY, Optional.empty(), 0);
  }

  private static SwarmRelease release(String more) {
    return release("source: {http: {url: \"https://a/m.tar.gz?t=$(X)\"}}", more);
  }

  private static SwarmRelease release(String source, String more) {
    return Serialization.unmarshal(
        """
        apiVersion: corvid.dev/v1alpha1
        kind: SwarmRelease
        metadata: {name: model, namespace: search, uid: 11-22, generation: 4}
        spec: {%s, nodes: {selector: {}} %s}
        """
            .formatted(source, more),
        SwarmRelease.class);
  }
}
