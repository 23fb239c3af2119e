package dev.corvid.operator;

import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.ReleaseAnnotations;
import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.testing.ApiServer;
import dev.corvid.operator.testing.RealApi;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.operator.testing.TestTracker;
import dev.corvid.wire.grant.Content;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An operator that runs against a real API server, three nodes, and a namespace for each test. */
@ExtendWith(RealApi.class)
abstract class Installation {
  static final Path CRD = Path.of("../crds/swarmreleases.corvid.dev.yaml");
  static final String ADDRESS = "10.0.0.9";

  @TempDir Path directory;
  KubernetesClient client;
  TestCluster cluster;
  TestTracker tracker;
  RunningOperator operator;
  String namespace;

  @BeforeEach
  void install(ApiServer server) throws Exception {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // a bound, on a busy machine too
    client = server.client();
    cluster = new TestCluster(client);
    removeNodesExcept(Set.of("node1", "node2", "node3"));
    cluster.install(CRD, "node1", "node2", "node3");
    namespace = "test-" + UUID.randomUUID().toString().substring(0, 8);
    cluster.namespace(namespace);
    tracker = new TestTracker("node1", "node2", "node3");
    startOperator();
  }

  /** What a test that failed has left of nodes and their peers. */
  private void removeNodesExcept(Set<String> names) {
    client.nodes().list().getItems().stream()
        .map(node -> node.getMetadata().getName())
        .filter(name -> !names.contains(name))
        .forEach(
            name -> {
              client.nodes().withName(name).delete();
              client
                  .pods()
                  .inNamespace(TestCluster.OPERATOR_NAMESPACE)
                  .withName("corvid-peer-" + name)
                  .withGracePeriod(0)
                  .delete();
            });
  }

  /**
   * Starts an operator while none runs. One that was stopped while it acquired the lease may have
   * left it, since the API server writes it all the same; and it lasts for minutes.
   */
  void startOperator() throws Exception {
    client
        .leases()
        .inNamespace(TestCluster.OPERATOR_NAMESPACE)
        .withName(ResourceNames.OPERATOR)
        .delete();
    operator = new RunningOperator(client, directory, tracker.url(), config());
  }

  String config() {
    return "{\"peerImage\":\"corvid/peer:test\"}";
  }

  /** An operator that stayed would keep the lease, and every test after this one would fail. */
  @AfterEach
  void uninstall() {
    try {
      deleteReleases();
    } finally {
      if (operator != null) {
        operator.close();
      }
      tracker.close();
      client.close();
    }
  }

  private void deleteReleases() {
    client.resources(SwarmRelease.class).inNamespace(namespace).delete();
    await()
        .until(
            () -> {
              cluster.finishDeletions(namespace);
              return client
                  .resources(SwarmRelease.class)
                  .inNamespace(namespace)
                  .list()
                  .getItems()
                  .isEmpty();
            });
  }

  SwarmRelease apply(String source) {
    return applySpec("source: {http: {url: \"https://a/%s.tar.gz\"}}".formatted(source));
  }

  SwarmRelease applySpec(String spec) {
    return cluster.apply(
        """
        apiVersion: corvid.dev/v1alpha1
        kind: SwarmRelease
        metadata: {name: model, namespace: %s}
        spec: {nodes: {selector: {}}, %s}
        """
            .formatted(namespace, spec));
  }

  /** Applies it and plays the seeder, until every node serves it. */
  Content rollOut(String source) throws Exception {
    return rollOut(apply(source), source);
  }

  /** Plays the seeder of what was applied. */
  Content publish(String what) throws Exception {
    var pod = cluster.awaitSeeder(namespace, "model");
    cluster.run(pod, ADDRESS);
    Content content = TestCluster.content(what);
    String uid = cluster.release(namespace, "model").get().getMetadata().getUid();
    tracker.seeder(uid, TestCluster.seeding(pod, ADDRESS, content));
    return content;
  }

  /** Plays the seeder of what was applied, until every node serves it. */
  Content rollOut(SwarmRelease applied, String what) throws Exception {
    Content content = publish(what);
    awaitRelease(release -> serves(release, content));
    return content;
  }

  /**
   * As {@code kubectl annotate --overwrite --field-manager=corvid-user} does.
   *
   * @param value null to remove it
   */
  void annotate(String name, Object value) {
    annotate(name, value, ReleaseAnnotations.FIELD_MANAGER);
  }

  /**
   * @param manager kubectl-annotate if kubectl is told none
   */
  void annotate(String name, Object value, String manager) {
    String json = value == null ? "null" : "\"" + value + "\"";
    cluster
        .release(namespace, "model")
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.JSON_MERGE)
                .withFieldManager(manager)
                .build(),
            "{\"metadata\":{\"annotations\":{\"%s\":%s}}}".formatted(name, json));
  }

  SwarmRelease awaitRelease(Predicate<SwarmRelease> condition) {
    return cluster.awaitRelease(namespace, "model", condition);
  }

  static boolean serves(SwarmRelease release, Content content) {
    return is(release, "True", "Succeeded")
        && content.revision().equals(release.getStatus().currentRevision());
  }

  /** Whether Ready has that status and reason for the spec as it is. */
  static boolean is(SwarmRelease release, String status, String reason) {
    Condition ready = ready(release);
    return ready != null
        && ready.getObservedGeneration().equals(release.getMetadata().getGeneration())
        && status.equals(ready.getStatus())
        && reason.equals(ready.getReason());
  }

  static Condition ready(SwarmRelease release) {
    return release == null || release.getStatus() == null
        ? null
        : release.getStatus().conditions().stream()
            .filter(condition -> "Ready".equals(condition.getType()))
            .findFirst()
            .orElse(null);
  }
}
