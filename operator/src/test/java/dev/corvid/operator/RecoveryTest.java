package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.operator.trust.TrustAnchor;
import dev.corvid.wire.config.Trust;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.Grant;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is lost comes back, and nothing on any node is lost with it. */
class RecoveryTest extends Installation {
  private static final String OWN = TestCluster.OPERATOR_NAMESPACE;

  @Test
  void tellsANewTrackerEverything() throws Exception {
    Content content = rollOut("a");
    String uid = awaitRelease(release -> true).getMetadata().getUid();

    tracker.restart();

    await().until(() -> tracker.isComplete() && tracker.grant(uid, "node3").isPresent());
    assertThat(tracker.grant(uid, "node3").orElseThrow().content()).isEqualTo(content);
    assertThat(serves(awaitRelease(release -> true), content)).isTrue();
  }

  @Test
  void staysReadyAcrossARestartOfTheOperator() throws Exception {
    Content content = rollOut("a");
    String uid = awaitRelease(release -> true).getMetadata().getUid();
    long epoch = tracker.grant(uid, "node1").orElseThrow().epoch();
    operator.close();
    startOperator();

    await().until(() -> tracker.grant(uid, "node1").orElseThrow().epoch() > epoch);

    Grant grant = tracker.grant(uid, "node1").orElseThrow();
    assertThat(grant.action()).isEqualTo(Grant.Action.ACTIVATE);
    assertThat(serves(awaitRelease(release -> true), content)).isTrue();
    assertThat(cluster.seeders(namespace, "model")).isEmpty();
  }

  @Test
  void makesTheTrustAnchorAgainWithTheSameKey() throws Exception {
    await().until(() -> trust() != null);
    String trusted = trust();

    client.configMaps().inNamespace(OWN).withName(ResourceNames.TRUST).delete();
    await().until(() -> trusted.equals(trust()));

    client.secrets().inNamespace(OWN).withName(ResourceNames.SIGNING).delete();
    await()
        .until(
            () -> client.secrets().inNamespace(OWN).withName(ResourceNames.SIGNING).get() != null);
    assertThat(trust()).isEqualTo(trusted);
  }

  @Test
  void aReignThatAnAdminRaisesOutranksEveryGrant() throws Exception {
    Content content = rollOut("a");
    String uid = awaitRelease(release -> true).getMetadata().getUid();
    long before = tracker.grant(uid, "node1").orElseThrow().reign();

    long raised = before + 7;
    annotateTrust(Long.toString(raised));
    await()
        .until(
            () ->
                Stream.of("node1", "node2", "node3")
                    .map(node -> tracker.grant(uid, node).orElseThrow())
                    .allMatch(grant -> grant.reign() == raised && grant.content().equals(content)));

    // What is no number, none that a grant can have, or a lower one, is written over.
    for (String wrong : List.of("the third", "-1", Long.toString(Long.MAX_VALUE), "0")) {
      annotateTrust(wrong);
      await().until(() -> Long.toString(raised).equals(annotatedReign()));
    }
    assertThat(tracker.grant(uid, "node1").orElseThrow().reign()).isEqualTo(raised);
    assertThat(serves(awaitRelease(release -> true), content)).isTrue();
  }

  private void annotateTrust(String reign) {
    client
        .configMaps()
        .inNamespace(OWN)
        .withName(ResourceNames.TRUST)
        .edit(
            found ->
                new ConfigMapBuilder(found)
                    .editMetadata()
                    .addToAnnotations(TrustAnchor.REIGN, reign)
                    .endMetadata()
                    .build());
  }

  private String annotatedReign() {
    return client
        .configMaps()
        .inNamespace(OWN)
        .withName(ResourceNames.TRUST)
        .get()
        .getMetadata()
        .getAnnotations()
        .get(TrustAnchor.REIGN);
  }

  @Test
  void makesTheTrackerAgain() {
    var deployment = client.apps().deployments().inNamespace(OWN).withName(ResourceNames.TRACKER);
    await().until(() -> deployment.get() != null);
    String uid = deployment.get().getMetadata().getUid();

    deployment.delete();

    await()
        .until(
            () -> deployment.get() != null && !uid.equals(deployment.get().getMetadata().getUid()));
    assertThat(client.services().inNamespace(OWN).withName(ResourceNames.TRACKER).get())
        .isNotNull();
  }

  @Test
  void bringsTheReleaseToANodeThatJoins() throws Exception {
    rollOut("a");
    cluster.node("node4", java.util.Map.of());
    cluster.peer("node4");

    tracker.join("node4");

    SwarmRelease grown =
        awaitRelease(release -> "4/4".equals(release.getStatus().nodes().summary()));
    assertThat(is(grown, "True", "Succeeded")).isTrue();
    client.nodes().withName("node4").delete();
    client.pods().inNamespace(OWN).withName("corvid-peer-node4").withGracePeriod(0).delete();
  }

  @Test
  void countsANodeThatIsNotReadyAsUnreachable() throws Exception {
    rollOut("a");

    cluster.ready("node3", false);

    SwarmRelease release =
        cluster.awaitRelease(
            namespace,
            "model",
            found -> Integer.valueOf(1).equals(found.getStatus().nodes().unreachable()),
            Duration.ofSeconds(80));
    assertThat(is(release, "True", "Succeeded")).isTrue();
    cluster.ready("node3", true);
  }

  private String trust() {
    var map = client.configMaps().inNamespace(OWN).withName(ResourceNames.TRUST).get();
    return map == null ? null : map.getData().get(Trust.FILE);
  }
}
