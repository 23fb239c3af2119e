package dev.corvid.e2e.scenario.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Faults;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An edited spec is a new revision; a reverted one is the old revision, without a byte fetched. */
@Scenario
class RevisionScenario {
  private final Tenant tenant;

  RevisionScenario(Tenant tenant) {
    this.tenant = tenant;
  }

  @Test
  void aRevertedEditNeedsNoDownload() throws Exception {
    var first = SampleRelease.of(10, 30, 2 << 20);
    var second = SampleRelease.of(11, 30, 2 << 20);
    backAndForth("unpinned", first, second, false);
  }

  @Test
  void aRevertedEditNeedsNoDownloadAfterTheOperatorRestarted() throws Exception {
    var first = SampleRelease.of(12, 30, 2 << 20);
    var second = SampleRelease.of(13, 30, 2 << 20);
    backAndForth("restarted", first, second, true);
  }

  private void backAndForth(
      String name, SampleRelease first, SampleRelease second, boolean restartOperator)
      throws Exception {
    var one = tenant.serve(name + "-1.tar.gz", first);
    var two = tenant.serve(name + "-2.tar.gz", second);
    tenant.apply(name, one);
    var firstRevision = tenant.awaitReady(name).getStatus().currentRevision();
    tenant.assertEverywhere(name, first);
    tenant.apply(name, two);
    var secondRevision = tenant.awaitReady(name).getStatus().currentRevision();
    assertThat(secondRevision).isNotEqualTo(firstRevision);
    tenant.assertEverywhere(name, second);
    if (restartOperator) {
      Faults.of(tenant.lab()).restartOperator();
    }
    var before = places(name, firstRevision);
    int requests = tenant.lab().source().requests(one.getPath()).size();

    tenant.apply(name, one);
    assertThat(tenant.awaitReady(name).getStatus().currentRevision()).isEqualTo(firstRevision);

    tenant.assertEverywhere(name, first);
    assertThat(tenant.lab().source().requests(one.getPath())).hasSize(requests);
    assertThat(places(name, firstRevision)).as("nothing was written anew").isEqualTo(before);
  }

  @Test
  void aPinnedDigestIsTheSameRevisionFromAnyMirror() throws Exception {
    var content = SampleRelease.of(14, 20, 1 << 20);
    var url = tenant.serve("pinned.tar", content);
    var archive = tenant.lab().archives().resolve(tenant.namespace() + "-pinned.tar");
    var sha256 = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(archive));
    var digest = "sha256:" + HexFormat.of().formatHex(sha256);
    tenant.apply("pinned", pinned("1.0", url, digest));
    var first = tenant.awaitReady("pinned").getStatus();
    assertThat(first.currentVersion()).isEqualTo("1.0");

    tenant.apply("pinned", pinned("1.1", URI.create(url + "?mirror"), digest));

    var second = tenant.awaitReady("pinned").getStatus();
    assertThat(second.currentRevision()).isEqualTo(first.currentRevision());
    assertThat(second.currentVersion()).isEqualTo("1.1");
    assertThat(second.source().http().digest()).isEqualTo(digest);

    tenant.apply("pinned", pinnedContent("1.2", second.source().manifestDigest()));

    var third = tenant.awaitReady("pinned").getStatus();
    assertThat(third.currentRevision()).isEqualTo(first.currentRevision());
    assertThat(third.currentVersion()).isEqualTo("1.2");
    assertThat(tenant.lab().source().requests(url.getPath())).hasSize(1);
  }

  private static String pinned(String version, URI url, String digest) {
    return """
        version: "%s"
        source:
          http: {url: "%s", digest: %s}
        nodes: {selector: {}}
        """
        .formatted(version, url, digest);
  }

  private static String pinnedContent(String version, String manifestDigest) {
    return """
        version: "%s"
        source:
          http: {url: "https://elsewhere.invalid/packed-again.tar.zst"}
          manifestDigest: %s
        nodes: {selector: {}}
        """
        .formatted(version, manifestDigest);
  }

  /** Where the revision lies on the disks: other inodes if it were fetched again. */
  private List<Object> places(String name, String revision) throws IOException {
    var places = new ArrayList<>();
    for (var node : Lab.NODES) {
      var version = tenant.folder(node, name).resolve("revisions/" + revision + "/VERSION");
      places.add(Files.readAttributes(version, BasicFileAttributes.class).fileKey());
    }
    return places;
  }
}
