package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.NodeLimits;
import dev.corvid.wire.operator.Push;
import dev.corvid.wire.seeder.SeederLimits;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How {@code spec.bandwidth} is written, and that an edit of it reaches whom it limits. */
class BandwidthTest extends Installation {
  private static final String SOURCE = "source: {http: {url: \"https://a/a.tar.gz\"}}";

  @ParameterizedTest
  @ValueSource(strings = {"nodeDownload", "nodeUpload", "origin"})
  void isANumberOfBytesPerSecondThatATransferCanKeep(String field) {
    for (String wrong :
        new String[] {"0", "1", "65535", "63Ki", "\"-1Gi\"", "2Ti", "400m", "fast", "\"\""}) {
      assertThatThrownBy(() -> create(field, wrong))
          .as(wrong)
          .isInstanceOf(KubernetesClientException.class)
          .hasMessageContaining("spec.bandwidth." + field)
          .hasMessageMatching(
              "(?s).*(a bandwidth is from 64Ki to 1Ti bytes per second, such as 100Mi"
                  + "|at least 1 chars long).*");
    }
    for (String right : new String[] {"65536", "64Ki", "1Ti", "0.5Gi", "10M", "\"1e9\""}) {
      create(field, right);
    }
  }

  private void create(String field, String value) {
    client
        .resource(
            """
            apiVersion: corvid.dev/v1alpha1
            kind: SwarmRelease
            metadata: {name: dry, namespace: %s}
            spec:
              source: {http: {url: "https://a/a.tar"}}
              nodes: {selector: {}}
              bandwidth: {%s: %s}
            """
                .formatted(namespace, field, value))
        .dryRun()
        .create();
  }

  @Test
  void isInForceWithTheSeedersFirstByteAndChangesWithoutAnotherPod() throws Exception {
    var applied = applySpec(SOURCE + ", bandwidth: {origin: 1Mi}");
    String uid = applied.getMetadata().getUid();
    var pod = cluster.awaitSeeder(namespace, "model");

    assertThat(TestCluster.task(pod).limits()).isEqualTo(new SeederLimits(1 << 20, 0));
    awaitSeederLimits(uid, new SeederLimits(1 << 20, 0));

    applySpec(SOURCE + ", bandwidth: {origin: 2Mi, nodeUpload: 3Mi}");
    awaitSeederLimits(uid, new SeederLimits(2 << 20, 3 << 20));
    applySpec(SOURCE);
    awaitSeederLimits(uid, null);

    assertThat(cluster.seeders(namespace, "model"))
        .singleElement()
        .satisfies(
            same -> assertThat(same.getMetadata().getUid()).isEqualTo(pod.getMetadata().getUid()));
  }

  @Test
  void reachesEveryNodeAndIsNoRollOut() throws Exception {
    Content content = rollOut("a");
    SwarmRelease before = awaitRelease(ready -> "3/3".equals(ready.getStatus().nodes().summary()));
    String uid = before.getMetadata().getUid();

    SwarmRelease edited = applySpec(SOURCE + ", bandwidth: {nodeDownload: 10M}");
    awaitNodeLimits(uid, new NodeLimits(10_000_000, 0));

    SwarmRelease after =
        awaitRelease(
            release ->
                serves(release, content)
                    && edited
                        .getMetadata()
                        .getGeneration()
                        .equals(release.getStatus().observedGeneration()));
    assertThat(after.getStatus().history()).hasSize(1);
    assertThat(after.getStatus().rolloutStartTime())
        .isEqualTo(before.getStatus().rolloutStartTime());

    applySpec(SOURCE);
    awaitNodeLimits(uid, NodeLimits.NONE);
  }

  private void awaitNodeLimits(String uid, NodeLimits limits) {
    for (String node : new String[] {"node1", "node2", "node3"}) {
      await().until(() -> tracker.grant(uid, node).map(Grant::pace), Optional.of(limits)::equals);
    }
  }

  private void awaitSeederLimits(String uid, SeederLimits limits) {
    await()
        .until(
            () ->
                tracker
                    .release(uid)
                    .map(Push.Release::seeder)
                    .filter(seeder -> Objects.equals(seeder.limits(), limits))
                    .isPresent());
  }
}
