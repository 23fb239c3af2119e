package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.wire.grant.Content;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Releases that name their content: spec.source.manifestDigest. */
class PinnedContentTest extends Installation {
  @Test
  void contentThatIsKnownIsActiveAgainWithoutAFetchWhateverTheUrl() throws Exception {
    Content first = rollOut("a");
    Content second = rollOut("b");
    var seeders = seeders();

    pin("https://elsewhere/c.zip", first);
    awaitRelease(release -> serves(release, first));
    pin("https://elsewhere/d.bin", second);
    awaitRelease(release -> serves(release, second));

    assertThat(seeders()).isSubsetOf(seeders);
  }

  @Test
  void toPinWhatIsActiveAndToLeaveItFetchesNothing() throws Exception {
    Content content = rollOut("a");
    var seeders = seeders();
    var source = awaitRelease(release -> serves(release, content)).getStatus().source();
    assertThat(source.manifestDigest()).isEqualTo(content.manifestDigest());
    assertThat(source.http().digest()).isEqualTo(TestCluster.digest("archive"));

    pin("https://a/a.tar.gz", content);
    awaitRelease(release -> serves(release, content));
    apply("a");
    awaitRelease(release -> serves(release, content));

    assertThat(seeders()).isSubsetOf(seeders);
  }

  /** As the status prints their digest. */
  @Test
  void toPinTheBytesOfWhatIsActiveFetchesNothing() throws Exception {
    Content content = rollOut("a");
    var seeders = seeders();
    var digest =
        awaitRelease(release -> serves(release, content)).getStatus().source().http().digest();

    for (String version : List.of("version: a", "version: b")) {
      applySpec(
          "source: {http: {url: \"https://a/a.tar.gz\", digest: \"%s\"}}, %s"
              .formatted(digest, version));
      awaitRelease(
          release ->
              serves(release, content)
                  && version.equals(
                      "version: " + release.getStatus().history().getFirst().version()));
    }

    assertThat(seeders()).isSubsetOf(seeders);
  }

  @Test
  void aPinnedRevisionIsTheSameFromAMirrorWithOnePinOfTwoAndRenamedWithNone() throws Exception {
    Content content = rollOut("a");
    var seeders = seeders();
    var source = awaitRelease(release -> serves(release, content)).getStatus().source();
    String bytes = source.http().digest();
    String pin = "manifestDigest: \"" + source.manifestDigest() + '"';

    for (String spec :
        List.of(
            "source: {http: {url: \"https://mirror/x.tgz?sig=1\", digest: \"%s\"}}, version: b",
            "source: {http: {url: \"https://mirror/x.tgz\", digest: \"%s\"}, "
                + pin
                + "}, version: c",
            "source: {http: {url: \"https://mirror/x.tgz?sig=2\", digest: \"%s\"}}, version: d",
            "source: {http: {url: \"https://a/a.tar.gz\"}}, version: d")) {
      applySpec(spec.formatted(bytes));
      String version = spec.substring(spec.length() - 1);
      awaitRelease(
          release ->
              serves(release, content)
                  && version.equals(release.getStatus().history().getFirst().version()));
    }

    assertThat(seeders()).isSubsetOf(seeders);
  }

  @Test
  void anotherVersionOfPinnedContentIsAnotherNameOnly() throws Exception {
    Content content = TestCluster.content("a");
    SwarmRelease applied = pin("https://a/a.tar.gz", content);
    rollOut(applied, "a");
    var seeders = seeders();

    applySpec(source("https://a/a.tar.gz", content) + ", version: 2.0");
    var renamed = awaitRelease(release -> serves(release, content));

    assertThat(renamed.getStatus().history().getFirst().version()).isEqualTo("2.0");
    assertThat(seeders()).isSubsetOf(seeders);
  }

  /** An honest seeder publishes no such thing. */
  @Test
  void believesNoPublicationOfOtherContent() throws Exception {
    Content content = TestCluster.content("a");
    String uid = pin("https://a/a.tar.gz", content).getMetadata().getUid();
    var pod = cluster.awaitSeeder(namespace, "model");
    assertThat(TestCluster.task(pod).manifestDigest()).isEqualTo(content.manifestDigest());
    cluster.run(pod, ADDRESS);
    await().until(() -> tracker.release(uid).isPresent());

    tracker.seeder(uid, TestCluster.seeding(pod, ADDRESS, TestCluster.content("evil")));

    await().until(() -> operator.refusedPublications() == 1);
    assertThat(tracker.release(uid).orElseThrow().grants()).isEmpty();
    tracker.seeder(uid, TestCluster.seeding(pod, ADDRESS, content));
    awaitRelease(release -> serves(release, content));
  }

  @Test
  void believesNoPublicationOfOtherBytesWhereBothArePinned() throws Exception {
    Content content = TestCluster.content("a");
    String pins =
        "source: {http: {url: \"https://a/a.tar.gz\", digest: \"%s\"}, manifestDigest: \"%s\"}";
    String uid =
        applySpec(pins.formatted(TestCluster.digest("other"), content.manifestDigest()))
            .getMetadata()
            .getUid();
    var pod = cluster.awaitSeeder(namespace, "model");
    cluster.run(pod, ADDRESS);
    await().until(() -> tracker.release(uid).isPresent());

    tracker.seeder(uid, TestCluster.seeding(pod, ADDRESS, content));

    await().until(() -> operator.refusedPublications() == 1);
    assertThat(tracker.release(uid).orElseThrow().grants()).isEmpty();
  }

  @Test
  void theApiServerRefusesWhatIsNoDigest() {
    for (String digest : List.of("", "sha256:abc", "a".repeat(64), "md5:" + "a".repeat(32))) {
      assertThatThrownBy(() -> applySpec(source("https://a/a", digest)))
          .as(digest)
          .hasMessageContaining("spec.source.manifestDigest")
          .hasMessageContaining("as status.source.manifestDigest has it");
    }
  }

  private SwarmRelease pin(String url, Content content) {
    return applySpec(source(url, content));
  }

  private static String source(String url, Content content) {
    return source(url, content.manifestDigest());
  }

  private static String source(String url, String manifestDigest) {
    return "source: {http: {url: \"%s\"}, manifestDigest: \"%s\"}".formatted(url, manifestDigest);
  }

  private List<String> seeders() {
    return cluster.seeders(namespace, "model").stream()
        .map(pod -> pod.getMetadata().getUid())
        .toList();
  }
}
