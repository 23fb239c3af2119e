package dev.corvid.operator;

import static dev.corvid.operator.testing.RefusingPolicy.WORDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.log.JsonLines;
import dev.corvid.operator.testing.RefusingPolicy;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.operator.testing.TestTracker;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.Grant;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A step that the cluster refuses is told in its words, and the other steps are taken. */
class RefusedStepsIT extends Installation {
  private RefusingPolicy policy;

  /** Returns when the API server has let go of it: until then it refuses other tests' volumes. */
  @AfterEach
  void allowEverything() {
    policy.close();
  }

  @Test
  void aSeederThatCannotBeDeleted() throws Exception {
    refuse("", "pods", "DELETE");
    SwarmRelease applied = apply("a");
    Content content = seed(applied);

    SwarmRelease refused = awaitRelease(found -> is(found, "False", "RequestRefused"));

    assertThat(ready(refused).getMessage())
        .contains("delete a seeder's pod")
        .contains(WORDS)
        .contains("is active on 3 of 3 nodes");
    assertThat(refused.getStatus().currentRevision()).isEqualTo(content.revision());
    assertThat(tracker.grant(uid(applied), "node3")).isPresent();
    assertThat(cluster.seeders(namespace, "model")).hasSize(1);
    await().untilAsserted(() -> assertThat(events("RequestRefused")).hasSize(1));
    allowEverything();
    awaitServing(content);
    await().until(() -> cluster.seeders(namespace, "model").isEmpty());
    assertThat(events("RequestRefused")).hasSize(1);
  }

  @Test
  void aVolumeThatCannotBeCreated() throws Exception {
    refuse("", "persistentvolumes", "CREATE");
    SwarmRelease applied = apply("a");
    Content content = seed(applied);

    SwarmRelease refused =
        awaitRelease(found -> is(found, "False", "ClaimRefused") && isDone(found));

    assertThat(ready(refused).getMessage()).contains("volume").contains(WORDS);
    allowEverything();
    awaitServing(content);
  }

  @Test
  void aClaimThatCannotBeDeleted() throws Exception {
    Content content = rollOut("a");
    String uid = uid(awaitRelease(found -> serves(found, content)));
    cluster.makeAvailable(uid);
    await().until(() -> claim() != null);
    refuse("", "persistentvolumeclaims", "DELETE");

    cluster.release(namespace, "model").delete();

    SwarmRelease refused = awaitRelease(found -> is(found, "False", "RequestRefused"));
    assertThat(ready(refused).getMessage()).contains("delete its claim").contains(WORDS);
    allowEverything();
    await()
        .atMost(Duration.ofSeconds(120))
        .until(
            () -> {
              cluster.finishDeletions(namespace);
              return cluster.release(namespace, "model").get() == null;
            });
  }

  /** No pod can mount the release by then: its nodes need not wait for it. */
  @Test
  void aVolumeThatCannotBeDeleted() throws Exception {
    Set<String> removed = ConcurrentHashMap.newKeySet();
    tracker.nodes(
        (node, grant) -> {
          if (grant.action() == Grant.Action.REMOVE) {
            removed.add(node);
          }
          return TestTracker.obedient(node, grant);
        });
    rollOut("a");
    refuse("", "persistentvolumes", "DELETE");

    cluster.release(namespace, "model").delete();

    SwarmRelease refused = awaitRelease(found -> is(found, "False", "RequestRefused"));
    assertThat(ready(refused).getMessage()).contains("delete its volume").contains(WORDS);
    await().until(() -> removed.contains("node3"));
    allowEverything();
    await()
        .atMost(Duration.ofSeconds(120))
        .until(
            () -> {
              cluster.finishDeletions(namespace);
              return cluster.release(namespace, "model").get() == null;
            });
  }

  /** The framework adds it, before the reconciler is called. */
  @Test
  void aFinalizerThatCannotBeAdded() throws Exception {
    refuse("corvid.dev", "swarmreleases", "UPDATE");
    SwarmRelease applied = apply("a");

    SwarmRelease refused = awaitRelease(found -> is(found, "False", "RequestRefused"));

    assertThat(refused.getMetadata().getFinalizers()).isEmpty();
    assertThat(ready(refused).getMessage())
        .contains("refuses to add its finalizer corvid.dev/nodes")
        .contains(WORDS);
    assertThat(refused.getStatus().conditions())
        .anyMatch(found -> "Stalled".equals(found.getType()) && "True".equals(found.getStatus()));
    await().untilAsserted(() -> assertThat(events("RequestRefused")).hasSize(1));
    allowEverything();
    Content content = seed(applied);
    awaitServing(content);
    assertThat(events("RequestRefused")).hasSize(1);
  }

  @Test
  void aFinalizerThatCannotBeRemoved() {
    apply("a");
    cluster.awaitSeeder(namespace, "model");
    refuse("corvid.dev", "swarmreleases", "UPDATE");

    cluster.release(namespace, "model").delete();

    SwarmRelease refused = awaitRelease(found -> is(found, "False", "RequestRefused"));
    assertThat(ready(refused).getMessage()).contains("remove its finalizer").contains(WORDS);
    assertThat(cluster.seeders(namespace, "model")).isEmpty();
    await().untilAsserted(() -> assertThat(events("RequestRefused")).hasSize(1));
    allowEverything();
    await().until(() -> cluster.release(namespace, "model").get() == null);
    assertThat(events("RequestRefused")).hasSize(1);
  }

  /** Nothing can be told then, but the nodes get the release, and it is told when it can be. */
  @Test
  void aStatusThatCannotBeWritten() throws Exception {
    refuse("corvid.dev", "swarmreleases/status", "UPDATE");
    var lines = new Lines(namespace + "/model");
    SwarmRelease applied = apply("a");
    Content content = seed(applied);

    await().until(() -> tracker.grant(uid(applied), "node3").isPresent());
    assertThat(ready(cluster.release(namespace, "model").get())).isNull();
    allowEverything();

    awaitServing(content);
    assertThat(events("Succeeded")).hasSize(1);
    // Not by the next event: that is the end of a question to the tracker, after 45 s.
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> cluster.seeders(namespace, "model").isEmpty());
    assertThat(lines.of("ReleaseSeen")).hasSize(1);
    assertThat(lines.of("ReleaseReady")).hasSize(1);
    assertThat(lines.of("RevisionDecided")).hasSize(1);
  }

  /** What the operator writes of a release, from now on. */
  private static final class Lines extends Handler {
    private static final Logger LOGGER =
        Logger.getLogger("dev.corvid.operator.release.status.StatusLog");

    private final String release;
    private final List<String> all = new CopyOnWriteArrayList<>();

    Lines(String release) {
      this.release = release;
      LOGGER.addHandler(this);
    }

    List<String> of(String event) {
      LOGGER.removeHandler(this);
      return all.stream().filter(line -> line.contains('"' + event + '"')).toList();
    }

    @Override
    public void publish(LogRecord record) {
      String line = new JsonLines().format(record);
      if (line.contains('"' + release + '"')) {
        all.add(line);
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  /** A step that failed is tried again after up to half a minute. */
  private void awaitServing(Content content) {
    cluster.awaitRelease(
        namespace, "model", found -> serves(found, content), Duration.ofSeconds(120));
  }

  private static boolean isDone(SwarmRelease release) {
    return release.getStatus().currentRevision() != null;
  }

  /** Plays the seeder. */
  private Content seed(SwarmRelease applied) throws Exception {
    var pod = cluster.awaitSeeder(namespace, "model");
    cluster.run(pod, ADDRESS);
    Content content = TestCluster.content("a");
    tracker.seeder(uid(applied), TestCluster.seeding(pod, ADDRESS, content));
    return content;
  }

  private static String uid(SwarmRelease release) {
    return release.getMetadata().getUid();
  }

  private HasMetadata claim() {
    return client.persistentVolumeClaims().inNamespace(namespace).withName("model").get();
  }

  private List<Event> events(String reason) {
    return client.events().v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> reason.equals(event.getReason()))
        .toList();
  }

  private void refuse(String group, String resource, String operation) {
    policy = RefusingPolicy.of(client, namespace, group, resource, operation);
  }
}
