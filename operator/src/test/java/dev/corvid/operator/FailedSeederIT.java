package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.testing.TestCluster;
import dev.corvid.wire.Reason;
import io.fabric8.kubernetes.api.model.Pod;
import org.junit.jupiter.api.Test;

/** A source that is wrong keeps no other release out, and its release does not stop saying so. */
class FailedSeederIT extends Installation {
  private static final String WRONG = "a.tar.gz is not what was pinned";

  /** One for each namespace. */
  @Override
  String config() {
    return "{\"peerImage\":\"corvid/peer:test\",\"limits\":{\"seedersAtOnce\":2}}";
  }

  @Test
  void givesItsPlaceToTheNextAndHasOneAgain() {
    String uid = apply("a").getMetadata().getUid();
    Pod first = cluster.awaitSeeder(namespace, "model");
    cluster.run(first, ADDRESS);
    tracker.seeder(uid, TestCluster.failing(first, ADDRESS, Reason.DigestMismatch, WRONG));
    awaitRelease(found -> is(found, "False", "DigestMismatch"));

    cluster.apply(
        """
        apiVersion: corvid.dev/v1alpha1
        kind: SwarmRelease
        metadata: {name: other, namespace: %s}
        spec: {nodes: {selector: {}}, source: {http: {url: "https://a/b.tar.gz"}}}
        """
            .formatted(namespace));

    cluster.awaitSeeder(namespace, "other");
    var waits =
        awaitRelease(found -> ready(found).getMessage().contains("waits for a seeder slot"));
    assertThat(is(waits, "False", "DigestMismatch")).isTrue();
    assertThat(ready(waits).getMessage()).startsWith(WRONG);

    cluster.release(namespace, "other").delete();

    Pod second = cluster.awaitSeeder(namespace, "model");
    assertThat(second.getMetadata().getUid()).isNotEqualTo(first.getMetadata().getUid());
    var again = awaitRelease(found -> ready(found).getMessage().contains("another seeder tries"));
    assertThat(is(again, "False", "DigestMismatch")).isTrue();

    apply("c");

    awaitRelease(found -> is(found, "False", "Progressing"));
  }
}
