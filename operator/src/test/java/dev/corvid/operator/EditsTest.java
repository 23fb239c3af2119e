package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.testing.TestCluster;
import org.junit.jupiter.api.Test;

/** Edits that race with what the operator writes: none is lost. */
class EditsTest extends Installation {
  @Test
  void theLastOfManyWins() throws Exception {
    SwarmRelease last = null;
    for (int edit = 1; edit <= 30; edit++) {
      last = apply("edit-" + edit);
    }
    Long generation = last.getMetadata().getGeneration();

    awaitRelease(
        release ->
            release.getStatus() != null
                && generation.equals(release.getStatus().observedGeneration()));
    await()
        .untilAsserted(
            () -> {
              var seeders = cluster.seeders(namespace, "model");
              assertThat(seeders).hasSize(1);
              assertThat(TestCluster.task(seeders.getFirst()).http().urls())
                  .containsExactly("https://a/edit-30.tar.gz");
            });
  }
}
