package dev.corvid.operator.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InformerTransformsTest {
  @Test
  void keepsWhatAReleaseSeesOfANode() {
    Node node =
        new NodeBuilder()
            .withNewMetadata()
            .withName("a")
            .withUid("1-2")
            .withResourceVersion("7")
            .addToLabels("gpu", "yes")
            .addToAnnotations("note", "long")
            .endMetadata()
            .withNewSpec()
            .withProviderID("cloud://a")
            .addNewTaint()
            .withKey("gpu")
            .withEffect("NoSchedule")
            .endTaint()
            .endSpec()
            .withNewStatus()
            .addNewCondition()
            .withType("DiskPressure")
            .withStatus("False")
            .endCondition()
            .addNewCondition()
            .withType("Ready")
            .withStatus("True")
            .endCondition()
            .addNewImage()
            .addToNames("registry.example.com/model-server:v1")
            .endImage()
            .endStatus()
            .build();

    Node trimmed = InformerTransforms.node(node);

    assertThat(trimmed.getMetadata().getLabels()).containsEntry("gpu", "yes");
    assertThat(trimmed.getMetadata().getUid()).isEqualTo("1-2");
    assertThat(trimmed.getMetadata().getResourceVersion()).isEqualTo("7");
    assertThat(trimmed.getSpec().getTaints()).extracting("key").containsExactly("gpu");
    assertThat(trimmed.getSpec().getProviderID()).isNull();
    assertThat(NodeSelection.isReady(trimmed)).isTrue();
    assertThat(trimmed.getStatus().getConditions()).hasSize(1);
    assertThat(trimmed.getMetadata().getAnnotations()).isEmpty();
    assertThat(trimmed.getStatus().getImages()).isEmpty();
  }

  @Test
  void keepsOfAReleaseWhatItsSchemaBounds() {
    var release = new SwarmRelease();
    release.setMetadata(
        new ObjectMetaBuilder()
            .withName("model")
            .withNamespace("search")
            .withUid("1-2")
            .withGeneration(3L)
            .withFinalizers(SwarmRelease.FINALIZER)
            .addToLabels("large", "x")
            .addToAnnotations("kubectl.kubernetes.io/last-applied-configuration", "{…}")
            .addToAnnotations("corvid.dev/approve", "x".repeat(257))
            .addToAnnotations("corvid.dev/hold", "true")
            .addToAnnotations("corvid.dev/other", "x")
            .addNewManagedField()
            .withManager("kubectl")
            .endManagedField()
            .build());

    var metadata = InformerTransforms.release(release).getMetadata();

    assertThat(metadata.getFinalizers()).containsExactly(SwarmRelease.FINALIZER);
    assertThat(metadata.getGeneration()).isEqualTo(3);
    assertThat(metadata.getAnnotations())
        .containsOnly(
            Map.entry("corvid.dev/approve", "x".repeat(256)), Map.entry("corvid.dev/hold", "true"));
    assertThat(metadata.getLabels()).isNullOrEmpty();
    assertThat(metadata.getManagedFields()).isEmpty();
  }

  @Test
  void keepsOfAForeignPodItsNameOnly() {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("x")
            .withNamespace("search")
            .addToLabels("large", "x")
            .addToAnnotations("corvid.dev/source-hash", "sha256:x")
            .endMetadata()
            .withNewStatus()
            .withPhase("Running")
            .endStatus()
            .build();

    Pod trimmed = InformerTransforms.seeder(pod);

    assertThat(trimmed.getStatus()).isNull();
    assertThat(trimmed.getMetadata().getLabels()).isNullOrEmpty();
    assertThat(trimmed.getMetadata().getAnnotations()).isNullOrEmpty();
  }

  @Test
  void keepsWhereAPeerIsAndSinceWhen() {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("corvid-peer-x")
            .withNamespace("corvid-system")
            .withCreationTimestamp("2026-01-02T03:04:05Z")
            .endMetadata()
            .withNewSpec()
            .withNodeName("a")
            .addNewContainer()
            .withName("peer")
            .endContainer()
            .endSpec()
            .withNewStatus()
            .withPodIP("10.1.2.3")
            .endStatus()
            .build();

    Pod trimmed = InformerTransforms.peer(pod);

    assertThat(trimmed.getSpec().getNodeName()).isEqualTo("a");
    assertThat(trimmed.getStatus().getPodIP()).isEqualTo("10.1.2.3");
    assertThat(trimmed.getMetadata().getCreationTimestamp()).isEqualTo("2026-01-02T03:04:05Z");
    assertThat(trimmed.getSpec().getContainers()).isEmpty();
  }
}
