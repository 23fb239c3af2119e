package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The selector is widened while pods use the claim. */
class WideningIT extends Installation {
  /** Not {}: a server-side apply that takes the last label away leaves null, which is refused. */
  private static final String WIDER =
      "{matchExpressions: [{key: kubernetes.io/hostname, operator: Exists}]}";

  private String uid;
  private String before;

  @BeforeEach
  void makeVolumeAndClaim() {
    uid = select("{matchLabels: {role: reader}}").getMetadata().getUid();
    cluster.makeAvailable(uid);
    await().until(() -> claim().get() != null);
    before = volume().getMetadata().getUid();
  }

  @Test
  void thePodsThatKeepTheOldVolumeAreNamedAndTheLastToGoMakesRoom() {
    Pod running = client.resource(reader("running", "node1")).create();
    createPending();

    select(WIDER);
    SwarmRelease outdated = awaitRelease(release -> outdated(release).isPresent());

    assertThat(outdated(outdated).orElseThrow().getMessage())
        .contains("pods keep the volume as it was: running. ");
    assertThat(volume().getMetadata().getUid()).isEqualTo(before);
    assertThat(
            client.events().v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(event -> "InUse".equals(event.getReason())))
        .singleElement()
        .satisfies(event -> assertThat(event.getType()).isEqualTo("Warning"));

    client.resource(running).withGracePeriod(0).delete();

    // By the event: the next look by itself is a minute away.
    await().atMost(Duration.ofSeconds(40)).until(this::isReplaced);
    awaitRelease(release -> outdated(release).isEmpty());
  }

  @Test
  void aPodThatNoNodeWasFoundForKeepsNothing() {
    createPending();

    select(WIDER);

    await().until(this::isReplaced);
  }

  /**
   * The scheduler did not know yet that the claim is being deleted: the kubelet does not start such
   * a pod, and the pod does not let the claim go.
   */
  @Test
  void aPodThatWasScheduledAsTheClaimWentIsNamed() {
    select(WIDER);
    await().until(() -> claim().get().getMetadata().getDeletionTimestamp() != null);
    Pod late = client.resource(reader("late", "node1")).create();

    SwarmRelease held = awaitRelease(release -> outdated(release).isPresent());

    assertThat(outdated(held).orElseThrow().getMessage()).contains("as it was: late. ");
    client.resource(late).withGracePeriod(0).delete();
    await().until(this::isReplaced);
    awaitRelease(release -> outdated(release).isEmpty());
  }

  /** Why the volume is replaced, and not changed. */
  @Test
  void theNodesOfAVolumeCannotBeChanged() {
    PersistentVolume wider = volume();
    wider
        .getSpec()
        .getNodeAffinity()
        .getRequired()
        .getNodeSelectorTerms()
        .getFirst()
        .getMatchExpressions()
        .getFirst()
        .setValues(List.of("writer"));

    assertThatThrownBy(() -> client.resource(wider).update())
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("nodeAffinity")
        .hasMessageContaining("field is immutable");
  }

  private boolean isReplaced() {
    cluster.finishDeletions(namespace);
    PersistentVolume volume = volume();
    return volume != null && !before.equals(volume.getMetadata().getUid());
  }

  private PersistentVolume volume() {
    return client.persistentVolumes().withName("corvid-" + uid).get();
  }

  private Resource<PersistentVolumeClaim> claim() {
    return client.persistentVolumeClaims().inNamespace(namespace).withName("model");
  }

  private SwarmRelease select(String selector) {
    return cluster.apply(
        """
        apiVersion: corvid.dev/v1alpha1
        kind: SwarmRelease
        metadata: {name: model, namespace: %s}
        spec:
          nodes: {selector: %s}
          source: {http: {url: "https://a/a.tar.gz"}}
        """
            .formatted(namespace, selector));
  }

  private static Optional<Condition> outdated(SwarmRelease release) {
    return release.getStatus() == null
        ? Optional.empty()
        : release.getStatus().conditions().stream()
            .filter(condition -> "VolumeOutdated".equals(condition.getType()))
            .findFirst();
  }

  /** As the scheduler leaves it. */
  private void createPending() {
    Pod pending = client.resource(reader("pending", null)).create();
    pending.setStatus(
        new PodStatusBuilder()
            .addNewCondition()
            .withType("PodScheduled")
            .withStatus("False")
            .withReason("Unschedulable")
            .endCondition()
            .build());
    client.resource(pending).updateStatus();
  }

  /**
   * @param node null for a pod that no node was found for
   */
  private Pod reader(String name, String node) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .endMetadata()
        .withNewSpec()
        .withNodeName(node)
        .addNewContainer()
        .withName("reader")
        .withImage("reader")
        .endContainer()
        .addNewVolume()
        .withName("model")
        .withNewPersistentVolumeClaim("model", true)
        .endVolume()
        .endSpec()
        .build();
  }
}
