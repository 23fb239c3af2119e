package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.operator.testing.TestTracker;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.Grant;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What was recorded of a release is lost, restored or forged, in part or all: what is active stays
 * active, and nothing that somebody else wrote is signed.
 */
class LostHistoryIT extends Installation {
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  /** What any node was ever told to hold, remove or activate. */
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  @BeforeEach
  void nodesRemember() {
    var nodes = TestTracker.remembering();
    tracker.nodes(
        (node, grant) -> {
          told.add(grant.content() == null ? "nothing" : grant.content().revision());
          return nodes.apply(node, grant);
        });
  }

  @Test
  void aRevisionIsRecordedOnceAndDeletedWhenItIsNoLongerKept() throws Exception {
    Content first = rollOut("a");
    GenericKubernetesResource record = awaitRecords(1).getFirst();
    SwarmRelease release = awaitRelease(found -> true);

    assertThat(record.getMetadata().getName()).isEqualTo("model-" + first.revision());
    assertThat(record.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(
            owner -> {
              assertThat(owner.getUid()).isEqualTo(release.getMetadata().getUid());
              assertThat(owner.getController()).isTrue();
            });
    assertThat((String) record.get("data", "infoHash")).isEqualTo(first.infoHash());

    rollOut("b");
    assertThat(client.resource(record).get()).as("written once").isEqualTo(record);
    rollOut("c");
    rollOut("d");
    awaitRecords(3);
    assertThat(records()).doesNotContain(record);
    await().until(() -> awaitRelease(found -> true).getStatus().history().size() == 3);
  }

  @Test
  void recordsThatAreDeletedAreWrittenAgain() throws Exception {
    rollOut("a");
    rollOut("b");
    Content content = rollOut("c");
    List<Object> data = awaitRecords(3).stream().<Object>map(each -> each.get("data")).toList();

    records().forEach(record -> client.resource(record).delete());

    assertThat(awaitRecords(3).stream().<Object>map(each -> each.get("data")))
        .containsExactlyInAnyOrderElementsOf(data);
    awaitRelease(found -> serves(found, content));
  }

  /** With the operator gone, too: the source is fetched once more, by the seeder alone. */
  @Test
  void recordsThatAreLostWithTheOperatorCostOneFetchAndNoNodeAnything() throws Exception {
    Content content = rollOut("a");
    awaitNoSeeder();
    operator.close();
    records().forEach(record -> client.resource(record).delete());
    told.clear();

    startOperator();
    var pod = cluster.awaitSeeder(namespace, "model");
    assertThat(TestCluster.task(pod).pinned()).isNull();
    assertThat(told).isEmpty();
    cluster.run(pod, ADDRESS);
    tracker.seeder(uid(), TestCluster.seeding(pod, ADDRESS, content));

    awaitServing(content);
    assertThat(told).containsExactly(content.revision());
    awaitRecords(1);
  }

  @Test
  void aReleaseThatComesBackWithItsRecordsAloneIsNotFetchedAgain() throws Exception {
    rollOut("a");
    Content content = rollOut("b");
    awaitNoSeeder();
    List<GenericKubernetesResource> records = awaitRecords(2);
    comeBack("b");
    for (GenericKubernetesResource record : records) {
      restore(record, orphaned(record));
    }
    told.clear();

    startOperator();

    awaitServing(content);
    assertThat(told).containsExactly(content.revision());
    assertThat(cluster.seeders(namespace, "model")).isEmpty();
    await()
        .untilAsserted(
            () ->
                assertThat(records())
                    .hasSize(2)
                    .allSatisfy(
                        record ->
                            assertThat(record.getMetadata().getOwnerReferences())
                                .extracting(owner -> owner.getUid())
                                .containsExactly(uid())));
    apply("a");
    awaitRelease(found -> is(found, "True", "Succeeded"));
    assertThat(cluster.seeders(namespace, "model")).isEmpty();
  }

  @Test
  void aReleaseThatComesBackWithNothingIsFetchedOnceAndNoNodeLosesAnything() throws Exception {
    Content content = rollOut("a");
    awaitNoSeeder();
    comeBack("a");
    records().forEach(record -> client.resource(record).delete());
    told.clear();

    startOperator();
    var pod = cluster.awaitSeeder(namespace, "model");
    assertThat(told).isEmpty();
    cluster.run(pod, ADDRESS);
    tracker.seeder(uid(), TestCluster.seeding(pod, ADDRESS, content));

    awaitServing(content);
    assertThat(told).containsExactly(content.revision());
  }

  /** The one that the spec names, not the newest: nothing but the status had that order. */
  @Test
  void aLostStatusDoesNotMakeTheNewestRevisionTheWantedOne() throws Exception {
    Content first = rollOut("a");
    rollOut("b");
    apply("a");
    awaitRelease(found -> serves(found, first));
    awaitNoSeeder();
    operator.close();
    status("{\"status\": null}");
    told.clear();

    startOperator();

    awaitServing(first);
    assertThat(told).containsExactly(first.revision());
  }

  /** A pin renamed the revision: without the pin it is found by its last name alone. */
  @Test
  void aNameIsNotLostWithTheStatus() throws Exception {
    String source = "source: {http: {url: \"https://a/a.tar.gz\"}%s}, version: \"%s\"";
    Content content = rollOut(applySpec(source.formatted("", "1")), "a");
    applySpec(source.formatted(", manifestDigest: \"" + content.manifestDigest() + "\"", "2"));
    awaitRelease(found -> serves(found, content) && "2".equals(found.getStatus().currentVersion()));
    awaitNoSeeder();
    await().untilAsserted(() -> assertThat(records()).hasSize(1));
    operator.close();
    status("{\"status\": null}");
    applySpec(source.formatted("", "2"));

    startOperator();

    awaitServing(content);
    assertThat(cluster.seeders(namespace, "model")).isEmpty();
    assertThat(awaitRelease(found -> true).getStatus().currentVersion()).isEqualTo("2");
  }

  /** While it is unknown which revision was the last, nodes are told nothing. */
  @Test
  void aLostStatusAndANewSourceLeaveTheNodesAsTheyAre() throws Exception {
    rollOut("a");
    Content second = rollOut("b");
    awaitNoSeeder();
    operator.close();
    status("{\"status\": null}");
    apply("c");
    told.clear();

    startOperator();
    var pod = cluster.awaitSeeder(namespace, "model");
    awaitRelease(found -> is(found, "False", "Progressing"));
    assertThat(told).isEmpty();

    cluster.run(pod, ADDRESS);
    Content third = TestCluster.content("c");
    tracker.seeder(uid(), TestCluster.seeding(pod, ADDRESS, third));
    awaitServing(third);
    assertThat(told).doesNotContain(second.revision(), "nothing");
  }

  @Test
  void noRecordOfSomebodyElseIsSigned() throws Exception {
    Content content = rollOut("a");
    GenericKubernetesResource own = awaitRecords(1).getFirst();
    operator.close();
    client.resource(own).delete();
    for (Map<String, Object> forged :
        List.<Map<String, Object>>of(
            Map.of("digest", "sha256:" + "e".repeat(64)),
            Map.of("infoHash", "f".repeat(40)),
            Map.of("pieceLength", 1 << 19),
            Map.of("sizeBytes", 1),
            Map.of("fileCount", 1),
            Map.of("sourceHash", "sha256:" + "c".repeat(64)),
            Map.of("sourceDigest", "sha256:" + "d".repeat(64)),
            Map.of("number", 9),
            Map.of("seal", "0".repeat(64)))) {
      var copy =
          copy(
              own,
              own.getMetadata().getName()
                  + "-"
                  + forged.keySet().iterator().next().toLowerCase(Locale.ROOT));
      data(copy).putAll(forged);
      client.resource(copy).create();
    }
    List<GenericKubernetesResource> foreign = records();
    told.clear();

    startOperator();
    var pod = cluster.awaitSeeder(namespace, "model");
    cluster.run(pod, ADDRESS);
    tracker.seeder(uid(), TestCluster.seeding(pod, ADDRESS, content));

    awaitServing(content);
    assertThat(told).containsExactly(content.revision());
    await().until(() -> records().size() == foreign.size() + 1);
    assertThat(records()).as("left alone").containsAll(foreign);
  }

  @Test
  void aNameThatIsTakenHoldsNothingUp() throws Exception {
    Content content = TestCluster.content("a");
    var squatter = new GenericKubernetesResource();
    squatter.setApiVersion("apps/v1");
    squatter.setKind("ControllerRevision");
    squatter.setMetadata(new ObjectMeta());
    squatter.getMetadata().setName("model-" + content.revision());
    squatter.getMetadata().setNamespace(namespace);
    squatter.setAdditionalProperty("revision", 1);
    squatter.setAdditionalProperty("data", Map.of("mine", true));
    var taken = client.resource(squatter).create();

    rollOut("a");

    GenericKubernetesResource record = awaitRecords(1).getFirst();
    assertThat(record.getMetadata().getName()).startsWith("model-" + content.revision() + "-");
    assertThat(client.resource(taken).get()).isEqualTo(taken);
  }

  /** The operator ended after it had written the record, and before it wrote the status. */
  @Test
  void whatWasRecordedJustBeforeTheEndIsNotFetchedAgain() throws Exception {
    Content first = rollOut("a");
    GenericKubernetesResource record = awaitRecords(1).getFirst();
    String status =
        client
            .getKubernetesSerialization()
            .asJson(Map.of("status", awaitRelease(found -> true).getStatus()));
    Content second = rollOut("b");
    awaitNoSeeder();
    operator.close();
    status(status);
    told.clear();

    startOperator();

    awaitServing(second);
    assertThat(cluster.seeders(namespace, "model")).isEmpty();
    assertThat(told).containsExactly(second.revision());
    assertThat(records()).contains(record);
    assertThat(awaitRelease(found -> true).getStatus().history())
        .extracting(revision -> revision.revision())
        .containsExactly(second.revision(), first.revision());
  }

  /** Whatever a tenant writes there, the operator starts, and reads the others. */
  @Test
  void dataOfAnyShapeDoesNotStopTheOperator() throws Exception {
    Content content = rollOut("a");
    GenericKubernetesResource own = awaitRecords(1).getFirst();
    int shape = 0;
    for (Object data :
        List.of(
            Map.of(),
            Map.of("apiVersion", "v1", "kind", "Pod", "spec", 7, "metadata", "x"),
            Map.of("apiVersion", "v1", "kind", "List", "items", List.of("x")),
            Map.of("kind", "SwarmRelease", "apiVersion", "corvid.dev/v1alpha1", "spec", "x"),
            Map.of("format", List.of(1), "seal", Map.of("a", "b")))) {
      var copy = copy(own, "model-shape" + shape++);
      copy.setAdditionalProperty("data", data);
      client.resource(copy).create();
      awaitServing(content);
    }
    // What no client of Kubernetes would write.
    for (String data :
        List.of(
            "{\"a\": %s%s}".formatted("[".repeat(5_000), "]".repeat(5_000)),
            "%s1%s".formatted("{\"a\":".repeat(5_000), "}".repeat(5_000)),
            "{\"%s\": 1}".formatted("a".repeat(60_000)))) {
      String name = "model-shape" + shape++;
      client.raw(
          "/apis/apps/v1/namespaces/%s/controllerrevisions".formatted(namespace),
          "POST",
          """
          {"apiVersion": "apps/v1", "kind": "ControllerRevision", "revision": 1, "data": %s,
           "metadata": {"name": "%s", "labels": %s}}
          """
              .formatted(
                  data,
                  name,
                  client.getKubernetesSerialization().asJson(own.getMetadata().getLabels())));
      awaitServing(content);
    }
    postBytes(
        """
        {"apiVersion": "apps/v1", "kind": "ControllerRevision", "revision": 1,
         "data": {"a": "\u00ff\u00c3", "\u00ed\u00a0\u0080": 1},
         "metadata": {"name": "model-shape%d", "labels": %s}}
        """
            .formatted(
                shape++, client.getKubernetesSerialization().asJson(own.getMetadata().getLabels()))
            .getBytes(StandardCharsets.ISO_8859_1));
    awaitServing(content);
    operator.close();
    startOperator();

    Content next = rollOut("b");

    awaitServing(next);
    assertThat(records()).hasSize(shape + 2);
  }

  /** Whatever they are, which no string can say. */
  private void postBytes(byte[] object) {
    var http = client.getHttpClient();
    var request =
        http.newHttpRequestBuilder()
            .uri(
                client.getMasterUrl()
                    + "apis/apps/v1/namespaces/%s/controllerrevisions".formatted(namespace))
            .post("application/json", object)
            .build();
    assertThat(http.sendAsync(request, byte[].class).join().code()).isEqualTo(201);
  }

  private String uid() {
    return cluster.release(namespace, "model").get().getMetadata().getUid();
  }

  private void awaitServing(Content content) {
    awaitRelease(found -> serves(found, content));
    assertThat(tracker.grant(uid(), "node3").map(Grant::content)).contains(content);
    await()
        .until(() -> tracker.grant(uid(), "node3").orElseThrow().action() == Grant.Action.ACTIVATE);
  }

  private void awaitNoSeeder() {
    await().until(() -> cluster.seeders(namespace, "model").isEmpty());
  }

  /**
   * The release is deleted while no operator looks, as from a cluster that is lost, and is applied
   * again: it has another uid and no status.
   */
  private void comeBack(String source) {
    operator.close();
    Resource<SwarmRelease> release = cluster.release(namespace, "model");
    release.edit(
        found -> {
          found.getMetadata().setFinalizers(List.of());
          return found;
        });
    release.delete();
    await().until(() -> release.get() == null);
    apply(source);
  }

  private void status(String patch) {
    cluster.release(namespace, "model").subresource("status").patch(MERGE, patch);
  }

  private List<GenericKubernetesResource> records() {
    return client
        .genericKubernetesResources("apps/v1", "ControllerRevision")
        .inNamespace(namespace)
        .withLabel("corvid.dev/release", "model")
        .list()
        .getItems();
  }

  private List<GenericKubernetesResource> awaitRecords(int count) {
    return await().until(this::records, records -> records.size() == count);
  }

  private void restore(GenericKubernetesResource record, GenericKubernetesResource as) {
    client.resource(record).delete();
    client.resource(as).create();
  }

  /** As backups write it down. */
  private static GenericKubernetesResource orphaned(GenericKubernetesResource record) {
    var orphan = copy(record, record.getMetadata().getName());
    orphan.getMetadata().setOwnerReferences(List.of());
    return orphan;
  }

  private static GenericKubernetesResource copy(GenericKubernetesResource record, String name) {
    var copy = Serialization.clone(record);
    copy.getMetadata().setName(name);
    copy.getMetadata().setUid(null);
    copy.getMetadata().setResourceVersion(null);
    copy.getMetadata().setCreationTimestamp(null);
    copy.getMetadata().setManagedFields(List.of());
    return copy;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> data(GenericKubernetesResource record) {
    return (Map<String, Object>) record.getAdditionalProperties().get("data");
  }
}
