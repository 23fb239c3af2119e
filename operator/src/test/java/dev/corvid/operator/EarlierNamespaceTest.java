package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.testing.TestTracker;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReport.State;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** A namespace is deleted, and one of the same name becomes another owner's. */
class EarlierNamespaceTest extends Installation {
  private static final List<String> NODES = List.of("node1", "node2", "node3");

  /** By node: uid of the namespace whose content is in the release's directory. */
  private final Map<String, String> content = new ConcurrentHashMap<>();

  private volatile boolean canEvict;

  @Test
  void noPodMountsWhatAFormerNamespaceLeft() throws Exception {
    tracker.nodes(this::answer);
    rollOut("a");
    SwarmRelease former =
        applySpec("source: {http: {url: \"https://a/a.tar.gz\"}}, deletionPolicy: Retain");
    recreateNamespace(former);
    assertThat(content).containsOnlyKeys(NODES);

    SwarmRelease release = apply("unreachable");

    // It has been looked at once, and the nodes have removed nothing yet.
    awaitRelease(found -> ready(found) != null);
    assertThat(volume(release)).isNull();
    String uid = release.getMetadata().getUid();
    await().until(() -> NODES.stream().allMatch(node -> isEvicted(uid, node)));
    assertThat(volume(release)).isNull();

    canEvict = true;
    tracker.nodes(this::answer);
    cluster.makeAvailable(uid);
    await().until(() -> claim() != null);
    assertThat(content).isEmpty();
  }

  @Test
  void aNodeThatComesBackIsToldToRemoveWhatAFormerNamespaceLeft() {
    canEvict = true;
    tracker.nodes(this::answer);
    SwarmRelease release = apply("unreachable");
    await().until(() -> volume(release) != null);

    content.put("node3", "former-namespace");
    tracker.node("node3", formerReport());

    await().until(content::isEmpty);
  }

  private NodeReport formerReport() {
    var grant =
        new Grant(
            "former",
            new ReleaseName(namespace, "model"),
            "former-namespace",
            "default",
            1,
            0,
            Instant.now().minusSeconds(3600).toEpochMilli(),
            Grant.Action.REMOVE,
            null,
            null,
            List.of(),
            DeletionPolicy.RETAIN,
            List.of("node3"));
    return TestTracker.report(grant, State.ACTIVE, null, null).ofNamespace("former-namespace");
  }

  private boolean isEvicted(String uid, String node) {
    Optional<Grant> grant = tracker.grant(uid, node);
    String own = client.namespaces().withName(namespace).get().getMetadata().getUid();
    return grant
        .filter(each -> each.action() == Grant.Action.REMOVE)
        .filter(each -> own.equals(each.namespaceUid()))
        .isPresent();
  }

  /** A node as it is, but that it takes its time to remove what a former namespace left. */
  private NodeReport answer(String node, Grant grant) {
    String before = content.get(node);
    if (before != null && !before.equals(grant.namespaceUid())) {
      if (!canEvict) {
        return null;
      }
      content.remove(node);
    }
    if (grant.action() != Grant.Action.REMOVE) {
      content.put(node, grant.namespaceUid());
    } else if (grant.deletionPolicy() != DeletionPolicy.RETAIN) {
      content.remove(node);
    }
    return TestTracker.obedient(node, grant).ofNamespace(content.get(node));
  }

  private void recreateNamespace(SwarmRelease last) {
    cluster.release(namespace, "model").delete();
    await()
        .until(
            () -> {
              cluster.finishDeletions(namespace);
              return cluster.release(namespace, "model").get() == null;
            });
    cluster.removeNamespace(namespace);
    Instant made = Instant.parse(last.getMetadata().getCreationTimestamp());
    await().until(() -> Instant.now().isAfter(made.plusSeconds(1))); // times are in whole seconds
    cluster.namespace(namespace);
  }

  private PersistentVolume volume(SwarmRelease release) {
    return client.persistentVolumes().withName("corvid-" + release.getMetadata().getUid()).get();
  }

  private Object claim() {
    return client.persistentVolumeClaims().inNamespace(namespace).withName("model").get();
  }
}
