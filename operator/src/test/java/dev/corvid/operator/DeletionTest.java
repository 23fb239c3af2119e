package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.testing.TestTracker;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** A release ends: pods first, then nodes. */
class DeletionTest extends Installation {
  private final Map<String, Grant> removals = new ConcurrentHashMap<>();

  @Test
  void removesItFromEveryNodeAndReturns() throws Exception {
    SwarmRelease release = rolledOut("a");

    cluster.release(namespace, "model").delete();

    await().until(() -> cluster.release(namespace, "model").get() == null);
    assertThat(removals).containsOnlyKeys("node1", "node2", "node3");
    await().until(() -> tracker.release(release.getMetadata().getUid()).isEmpty());
  }

  @Test
  void leavesTheFilesWhereThePolicySaysSo() throws Exception {
    rolledOut("a");
    applySpec("source: {http: {url: \"https://a/a.tar.gz\"}}, deletionPolicy: Retain");

    cluster.release(namespace, "model").delete();

    await().until(() -> cluster.release(namespace, "model").get() == null);
    assertThat(removals.get("node1").deletionPolicy()).isEqualTo(DeletionPolicy.RETAIN);
  }

  @Test
  void waitsForThePodsThatUseIt() throws Exception {
    SwarmRelease release = rolledOut("a");
    cluster.makeAvailable(release.getMetadata().getUid());
    await()
        .until(
            () ->
                client.persistentVolumeClaims().inNamespace(namespace).withName("model").get()
                    != null);
    client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName("reader")
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withNodeName("node1")
                .addNewContainer()
                .withName("reader")
                .withImage("reader")
                .endContainer()
                .addNewVolume()
                .withName("model")
                .withNewPersistentVolumeClaim("model", true)
                .endVolume()
                .endSpec()
                .build())
        .create();

    cluster.release(namespace, "model").delete();

    awaitRelease(
        found ->
            is(found, "False", "Deleting")
                && ready(found).getMessage().contains("in use by reader"));
    assertThat(removals).isEmpty();
    cluster.finishDeletions(namespace);
    await().until(() -> cluster.release(namespace, "model").get() == null);
    assertThat(removals).hasSize(3);
  }

  /** A node that can be reached is waited for, but not for ever. */
  @Test
  void goesOnWithoutNodesThatDoNotAnswer() throws Exception {
    rollOut("a");
    tracker.nodes(
        (node, grant) ->
            grant.action() == Grant.Action.REMOVE ? null : TestTracker.obedient(node, grant));

    cluster.release(namespace, "model").delete();

    awaitRelease(
        found -> is(found, "False", "Deleting") && ready(found).getMessage().contains("3"));
    await().until(() -> cluster.release(namespace, "model").get() == null);
  }

  @Test
  void removesNothingWhenTheDefinitionItselfGoes() throws Exception {
    rolledOut("a");

    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("swarmreleases.corvid.dev")
        .delete();

    await()
        .until(
            () ->
                client
                        .apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .withName("swarmreleases.corvid.dev")
                        .get()
                    == null);
    assertThat(removals).isEmpty();
    cluster.install(CRD);
  }

  private SwarmRelease rolledOut(String source) throws Exception {
    tracker.nodes(
        (node, grant) -> {
          if (grant.action() == Grant.Action.REMOVE) {
            removals.put(node, grant);
          }
          return TestTracker.obedient(node, grant);
        });
    rollOut(source);
    return cluster.release(namespace, "model").get();
  }
}
