package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.wire.grant.Content;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An object that only carries the labels of a release is nothing of that release. */
class ForeignObjectsTest extends Installation {
  private static final String FINALIZER = "attacker.example.com/stays";

  @AfterEach
  void letGo() {
    client.persistentVolumeClaims().inAnyNamespace().list().getItems().stream()
        .filter(claim -> claim.getMetadata().getFinalizers().contains(FINALIZER))
        .forEach(
            claim ->
                client
                    .resource(claim)
                    .edit(
                        found -> {
                          found.getMetadata().setFinalizers(List.of());
                          return found;
                        }));
  }

  @Test
  void aClaimOfAnotherNamespaceIsNobodys() throws Exception {
    String attacker = namespace + "-x";
    cluster.namespace(attacker);
    PersistentVolumeClaim planted = client.resource(claim(attacker, "bait")).create();
    rollOut("a");
    String uid = awaitRelease(found -> true).getMetadata().getUid();

    cluster.makeAvailable(uid);
    await().until(() -> owners(find(namespace, "model")).contains(uid));
    cluster.release(namespace, "model").delete();

    await()
        .until(
            () -> {
              cluster.finishDeletions(namespace);
              return cluster.release(namespace, "model").get() == null;
            });
    assertThat(find(attacker, "bait")).isEqualTo(planted);
  }

  @Test
  void aClaimWithoutOurOwnerIsNotDeleted() throws Exception {
    PersistentVolumeClaim own = client.resource(claim(namespace, "model")).create();
    SwarmRelease applied = apply("a");
    String uid = applied.getMetadata().getUid();
    cluster.makeAvailable(uid);

    var told = awaitRelease(found -> is(found, "False", "ClaimConflict"));
    assertThat(ready(told).getMessage()).contains("model").contains("delete");
    // All nodes get the content although no pod can mount it.
    Content content = rollOutDespite("a");
    awaitRelease(found -> content.revision().equals(found.getStatus().currentRevision()));
    assertThat(find(namespace, "model").getMetadata().getOwnerReferences()).isEmpty();
    assertThat(find(namespace, "model").getSpec()).isEqualTo(own.getSpec());
    assertThat(find(namespace, "model").getMetadata().getDeletionTimestamp()).isNull();

    letGo();
    client.resource(own).delete();
    await()
        .until(
            () -> {
              cluster.finishDeletions(namespace);
              return owners(find(namespace, "model")).contains(uid);
            });
    awaitRelease(found -> serves(found, content));
  }

  @Test
  void aReleaseWithAForeignClaimCanBeDeleted() throws Exception {
    PersistentVolumeClaim own = client.resource(claim(namespace, "model")).create();
    rollOut("a");

    cluster.release(namespace, "model").delete();

    await()
        .until(
            () -> {
              cluster.finishDeletions(namespace);
              return cluster.release(namespace, "model").get() == null;
            });
    assertThat(find(namespace, "model")).isEqualTo(own);
  }

  /** What a tenant does to pods of a namespace of his own harms nobody else, and is undone. */
  @Test
  void aPodThatOnlyLooksLikeASeederIsNone() throws Exception {
    Pod labelled = client.resource(seeder("plain", List.of())).create();
    SwarmRelease release = apply("a");
    Pod named = cluster.awaitSeeder(namespace, "model", "model-seeder-");

    var owner =
        new OwnerReferenceBuilder()
            .withApiVersion(release.getApiVersion())
            .withKind(release.getKind())
            .withName("model")
            .withUid(release.getMetadata().getUid())
            .withController(true)
            .build();
    Pod forged = client.resource(seeder("model-seeder-00f0f0", List.of(owner))).create();
    cluster.run(named, ADDRESS);
    Content content = TestCluster.content("a");
    tracker.seeder(release.getMetadata().getUid(), TestCluster.seeding(named, ADDRESS, content));

    awaitRelease(found -> serves(found, content));
    await().until(() -> isGone(forged));
    assertThat(client.resource(labelled).get().getMetadata().getDeletionTimestamp()).isNull();
  }

  private boolean isGone(Pod pod) {
    Pod found = client.resource(pod).get();
    return found == null || found.getMetadata().getDeletionTimestamp() != null;
  }

  private Content rollOutDespite(String source) throws Exception {
    var pod = cluster.awaitSeeder(namespace, "model");
    cluster.run(pod, ADDRESS);
    Content content = TestCluster.content(source);
    tracker.seeder(
        awaitRelease(found -> true).getMetadata().getUid(),
        TestCluster.seeding(pod, ADDRESS, content));
    return content;
  }

  private PersistentVolumeClaim find(String in, String name) {
    return client.persistentVolumeClaims().inNamespace(in).withName(name).get();
  }

  private static List<String> owners(PersistentVolumeClaim claim) {
    return claim == null
        ? List.of()
        : claim.getMetadata().getOwnerReferences().stream().map(OwnerReference::getUid).toList();
  }

  /** With the labels that the operator's own claims have. */
  private PersistentVolumeClaim claim(String in, String name) {
    Map<String, String> labels = ResourceNames.labels("volume");
    labels.put(ResourceNames.RELEASE, "model");
    labels.put(ResourceNames.RELEASE_NAMESPACE, namespace);
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(in)
        .withLabels(labels)
        .withFinalizers(FINALIZER)
        .endMetadata()
        .withNewSpec()
        .withAccessModes("ReadWriteOnce")
        .withNewResources()
        .addToRequests("storage", new Quantity("1Mi"))
        .endResources()
        .endSpec()
        .build();
  }

  private Pod seeder(String name, List<OwnerReference> owners) {
    Map<String, String> labels = ResourceNames.labels("seeder");
    labels.put(ResourceNames.RELEASE, "model");
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .withLabels(labels)
        .withOwnerReferences(owners)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("seeder")
        .withImage("attacker")
        .endContainer()
        .endSpec()
        .build();
  }
}
