package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.metadata.Ownership;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.operator.testing.TestTracker;
import dev.corvid.wire.grant.Content;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that the operator did write, changed or copied by somebody else. */
class ReplayedRecordsIT extends Installation {
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  @BeforeEach
  void nodesRemember() {
    tracker.nodes(TestTracker.remembering());
  }

  /** By its name and its seal, although no label leads to it any more. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"labels\": null, \"ownerReferences\": null",
        "\"labels\": null",
        "\"labels\": {\"app.kubernetes.io/managed-by\": \"somebody\"}",
        "\"labels\": {\"corvid.dev/release\": \"other\"}"
      })
  void aRecordWithoutItsLabelsIsFoundByItsName(String changed) throws Exception {
    rollOut("a");
    GenericKubernetesResource record = awaitRecord("model");

    client.resource(record).patch(MERGE, "{\"metadata\": {%s}}".formatted(changed));
    await()
        .untilAsserted(
            () -> {
              GenericKubernetesResource found = client.resource(record).get();
              assertThat(found.getMetadata().getLabels())
                  .isEqualTo(record.getMetadata().getLabels());
              assertThat(found.getMetadata().getOwnerReferences())
                  .isEqualTo(record.getMetadata().getOwnerReferences());
            });
    assertThat(records("model")).hasSize(1);
  }

  /** The chart's admission policy lets the operator change none of that name. */
  @Test
  void aCopyOfAnotherNameIsBelievedAndLeftAsItIs() throws Exception {
    Content content = rollOut("a");
    await().until(() -> cluster.seeders(namespace, "model").isEmpty());
    GenericKubernetesResource own = awaitRecord("model");
    operator.close();
    client.resource(own).delete();
    var copy = client.resource(copy(own, "another-name", "model")).create();
    status("{\"status\": null}");

    startOperator();

    awaitRelease(found -> serves(found, content));
    assertThat(cluster.seeders(namespace, "model")).isEmpty();
    assertThat(client.resource(copy).get()).isEqualTo(copy);
  }

  /** Its seal is right, and of the other release. */
  @Test
  void theRecordOfAnotherReleaseIsNoneOfThisOne() throws Exception {
    rollOut("a");
    GenericKubernetesResource record = awaitRecord("model");
    var replayed = client.resource(copy(record, "other-" + "a".repeat(12), "other")).create();

    cluster.apply(
        """
        apiVersion: corvid.dev/v1alpha1
        kind: SwarmRelease
        metadata: {name: other, namespace: %s}
        spec: {nodes: {selector: {}}, source: {http: {url: "https://a/a.tar.gz"}}}
        """
            .formatted(namespace));

    cluster.awaitSeeder(namespace, "other");
    var other = cluster.release(namespace, "other").get();
    assertThat(tracker.grant(other.getMetadata().getUid(), "node1")).isEmpty();
    assertThat(client.resource(replayed).get()).isEqualTo(replayed);
  }

  /** Who deletes a release and makes it again wants the source fetched again. */
  @Test
  void aReleaseTakesItsRecordsAlong() throws Exception {
    rollOut("a");
    Content before = rollOut("b");
    await().until(() -> records("model").size() == 2);
    var release = cluster.release(namespace, "model");

    release.delete();
    await().until(() -> release.get() == null);
    assertThat(records("model")).isEmpty();

    var pod = awaitSeederOf(apply("b"));
    assertThat(TestCluster.task(pod).pinned()).isNull();
    cluster.run(pod, ADDRESS);
    Content content = TestCluster.content("b, changed");
    tracker.seeder(
        release.get().getMetadata().getUid(), TestCluster.seeding(pod, ADDRESS, content));
    awaitRelease(found -> serves(found, content));
    assertThat(content).isNotEqualTo(before);
  }

  private Pod awaitSeederOf(SwarmRelease release) {
    return await()
        .until(
            () ->
                cluster.seeders(namespace, "model").stream()
                    .filter(pod -> Ownership.isControlledBy(pod, release))
                    .findFirst()
                    .orElse(null),
            Objects::nonNull);
  }

  private void status(String patch) {
    cluster.release(namespace, "model").subresource("status").patch(MERGE, patch);
  }

  private List<GenericKubernetesResource> records(String release) {
    return client
        .genericKubernetesResources("apps/v1", "ControllerRevision")
        .inNamespace(namespace)
        .withLabel("corvid.dev/release", release)
        .list()
        .getItems();
  }

  private GenericKubernetesResource awaitRecord(String release) {
    return await().until(() -> records(release), found -> found.size() == 1).getFirst();
  }

  private static GenericKubernetesResource copy(
      GenericKubernetesResource record, String name, String release) {
    var copy = Serialization.clone(record);
    copy.getMetadata().setName(name);
    copy.getMetadata().setUid(null);
    copy.getMetadata().setResourceVersion(null);
    copy.getMetadata().setCreationTimestamp(null);
    copy.getMetadata().setManagedFields(List.of());
    copy.getMetadata().setOwnerReferences(List.of());
    copy.getMetadata().getLabels().putAll(Map.of("corvid.dev/release", release));
    return copy;
  }
}
