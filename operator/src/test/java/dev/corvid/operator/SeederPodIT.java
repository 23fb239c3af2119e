package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClassBuilder;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a release may choose of its seeder's pod, in a namespace of Pod Security restricted. */
class SeederPodIT extends Installation {
  private static final String CLAIM =
      "volumeClaimTemplate: {spec: {storageClassName: fast, resources: {requests: {storage: 300Gi}}}}";

  @BeforeEach
  void restrict() {
    client
        .namespaces()
        .withName(namespace)
        .edit(
            found -> {
              found
                  .getMetadata()
                  .setLabels(Map.of("pod-security.kubernetes.io/enforce", "restricted"));
              return found;
            });
    var batch = new PriorityClassBuilder().withNewMetadata().withName("batch").endMetadata();
    client.resource(batch.withValue(10).build()).serverSideApply();
  }

  @Test
  void runsWhereAndAsItsReleaseSays() {
    seeder(
        """
        {scratch: {%s}, priorityClassName: batch,
         labels: {team: search}, annotations: {cluster-autoscaler.kubernetes.io/safe-to-evict: "false"},
         affinity: {nodeAffinity: {
           requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [
             {matchExpressions: [{key: cores, operator: Gt, values: ["8"]}]}]},
           preferredDuringSchedulingIgnoredDuringExecution: [
             {weight: 5, preference: {matchExpressions: [{key: disk, operator: Exists}]}}]}}}
        """
            .formatted(CLAIM));

    Pod pod = cluster.awaitSeeder(namespace, "model");

    var claim = scratch(pod).getEphemeral().getVolumeClaimTemplate().getSpec();
    assertThat(claim.getStorageClassName()).isEqualTo("fast");
    assertThat(claim.getAccessModes()).containsExactly("ReadWriteOnce");
    assertThat(claim.getResources().getRequests())
        .isEqualTo(Map.of("storage", new Quantity("300Gi")));
    assertThat(pod.getSpec().getPriority()).isEqualTo(10);
    assertThat(pod.getSpec().getAffinity().getNodeAffinity().toString()).contains("cores", "disk");
    assertThat(pod.getMetadata().getLabels()).containsEntry("team", "search");
    assertThat(pod.getMetadata().getAnnotations())
        .containsEntry("cluster-autoscaler.kubernetes.io/safe-to-evict", "false");
  }

  /** Its scratch space is not on a node, of which a namespace has 200Gi. */
  @Test
  void isReplacedByOneWithAVolumeOfItsOwn() {
    seeder("{scratch: {sizeLimit: 300Gi}}");
    var held = awaitRelease(found -> is(found, "False", "LimitExceeded"));
    assertThat(ready(held).getMessage()).contains("use spec.seeder.scratch.volumeClaimTemplate");

    seeder("{scratch: {sizeLimit: 10Gi}}");
    Pod first = cluster.awaitSeeder(namespace, "model");
    assertThat(scratch(first).getEmptyDir()).isNotNull();
    seeder("{scratch: {" + CLAIM + "}}");

    await()
        .until(
            () ->
                cluster.seeders(namespace, "model").stream()
                    .anyMatch(pod -> scratch(pod).getEphemeral() != null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "scratch: {sizeLimit: 1Gi, CLAIM} | write either sizeLimit, for space on the node, or volumeClaimTemplate",
        "scratch: {volumeClaimTemplate: {spec: {}}} | spec.seeder.scratch.volumeClaimTemplate.spec.resources",
        "scratch: {volumeClaimTemplate: {spec: {storageClassName: A_b, resources: {requests: {storage: 1Gi}}}}} | storageClassName must be the name of a StorageClass",
        "scratch: {volumeClaimTemplate: {spec: {resources: {requests: {storage: 0Gi}}}}} | requests.storage",
        "labels: {corvid.dev/release: other} | Corvid's own: write the label under a domain of yours",
        "labels: {app.kubernetes.io/component: peer} | Corvid's own: write the label under a domain of yours",
        "annotations: {corvid.dev/source-hash: a} | Corvid's own: write the annotation under a domain of yours",
        "annotations: {container.apparmor.security.beta.kubernetes.io/seeder: unconfined} | may not change how the seeder is confined",
        "labels: {team: 'a b'} | a label's value is empty",
        "annotations: {'a b': c} | a label's key is a name",
        "priorityClassName: system-node-critical | none of the cluster's own",
        "priorityClassName: High | must be the name of a PriorityClass",
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Gt, values: [b]}]}]}}} | Gt and Lt one integer",
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: []}}} | nodeSelectorTerms: Required value",
        "affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 0, preference: {matchExpressions: [{key: a, operator: Exists}]}}]}} | greater than or equal to 1",
      })
  void isNotWhatItMayNotBe(String seeder, String message) {
    assertThatThrownBy(() -> seeder("{" + seeder.replace("CLAIM", CLAIM) + "}"))
        .hasMessageContaining(message);
  }

  private void seeder(String spec) {
    applySpec("source: {http: {url: \"https://a/a.tar.gz\"}}, seeder: " + spec.replace("\n", " "));
  }

  private static Volume scratch(Pod pod) {
    return pod.getSpec().getVolumes().stream()
        .filter(volume -> volume.getName().equals("scratch"))
        .findFirst()
        .orElseThrow();
  }
}
