package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.wire.grant.Content;
import java.util.List;
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
              assertThat(TestCluster.task(seeders.getFirst()).http().url())
                  .isEqualTo("https://a/edit-30.tar.gz");
            });
  }

  @Test
  void ofMirrorsFetchNothingAgain() throws Exception {
    Content content = rollOut("a");
    var seeders = seeders();

    for (String mirrors : List.of("b, c", "c, b", "c")) {
      applySpec(source(mirrors));
      awaitRelease(release -> serves(release, content));
    }

    assertThat(seeders()).isSubsetOf(seeders);
  }

  @Test
  void ofTheVersionRenameWhatIsPinned() throws Exception {
    String pinned =
        "source: {http: {url: \"https://a/a.tar.gz\", digest: \"%s\"}}"
            .formatted(TestCluster.digest("archive"));
    Content content = rollOut(applySpec(pinned + ", version: 1.0.0"), "a");
    var seeders = seeders();

    applySpec(pinned + ", version: 1.0.1");
    var renamed = awaitRelease(release -> serves(release, content));

    assertThat(renamed.getStatus().history()).hasSize(1);
    assertThat(renamed.getStatus().history().getFirst().version()).isEqualTo("1.0.1");
    assertThat(seeders()).isSubsetOf(seeders);
  }

  @Test
  void ofTheVersionFetchAgainWhatIsNotPinned() throws Exception {
    String source = "source: {http: {url: \"https://a/a.tar.gz\"}}";
    rollOut(applySpec(source + ", version: 1.0.0"), "a");
    var seeders = seeders();

    applySpec(source + ", version: 1.0.1");

    await()
        .untilAsserted(() -> assertThat(seeders()).anyMatch(seeder -> !seeders.contains(seeder)));
  }

  private static String source(String mirrors) {
    return "source: {http: {url: \"https://a/a.tar.gz\", mirrors: [%s]}}"
        .formatted(mirrors.replaceAll("[a-z]", "\"https://$0/a.tar.gz\""));
  }

  private List<String> seeders() {
    return cluster.seeders(namespace, "model").stream()
        .map(pod -> pod.getMetadata().getUid())
        .toList();
  }
}
