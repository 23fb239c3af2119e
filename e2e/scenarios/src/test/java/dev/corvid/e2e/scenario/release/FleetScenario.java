package dev.corvid.e2e.scenario.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Peers;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Nodes come and go; releases are deleted, alone and with their namespace. */
@Scenario
class FleetScenario {
  private static final Duration NEW_NODE = Duration.ofMinutes(3);

  private final Tenant tenant;

  FleetScenario(Tenant tenant) {
    this.tenant = tenant;
  }

  @Test
  void aNodeAddedLaterGetsTheReleaseAndOneGoneForGoodBlocksNothing() throws Exception {
    var content = SampleRelease.of(40, 20, 2 << 20);
    tenant.apply("grown", tenant.serve("grown.tar", content));
    tenant.awaitReady("grown");

    var node = tenant.lab().cluster().addNode();
    tenant.await("grown", NEW_NODE, "counts four nodes", release -> updated(release) == 4);
    assertThat(tenant.tree(node, "grown")).isEqualTo(content.tree());
    assertThat(Tenant.isReady(tenant.release("grown").get())).isTrue();

    tenant.lab().cluster().removeNode(node);
    var edited = SampleRelease.of(41, 20, 2 << 20);
    tenant.apply("grown", tenant.serve("grown-2.tar", edited));
    tenant.awaitReady("grown", NEW_NODE);
    assertThat(tenant.tree("node1", "grown")).isEqualTo(edited.tree());
    tenant.delete("grown");
  }

  @Test
  void aNodeThatIsCutOffIsNotWaitedForAndCatchesUp() throws Exception {
    tenant.apply("cut", tenant.serve("cut-1.tar", SampleRelease.of(42, 20, 1 << 20)));
    tenant.awaitReady("cut");
    var node = Peers.of(tenant.lab()).nodeOfPeersOnly();
    tenant.lab().cluster().cut(node);
    try {
      awaitNotReady(node);
      var edited = SampleRelease.of(43, 20, 1 << 20);
      tenant.apply("cut", tenant.serve("cut-2.tar", edited));
      var status = tenant.awaitReady("cut", NEW_NODE).getStatus();
      assertThat(status.nodes().unreachable()).isEqualTo(1);

      tenant.lab().cluster().heal(node);
      tenant.await("cut", NEW_NODE, "counts three nodes", release -> updated(release) == 3);
      assertThat(tenant.tree(node, "cut")).isEqualTo(edited.tree());
    } finally {
      tenant.lab().cluster().heal(node);
    }
  }

  private void awaitNotReady(String node) {
    tenant
        .lab()
        .kubectl()
        .run("wait", "--for=condition=Ready=Unknown", "node/" + node, "--timeout=60s");
  }

  @Test
  void deletingAReleaseCleansEveryNodeAndReturns() throws Exception {
    tenant.apply("gone", tenant.serve("gone.tar", SampleRelease.of(44, 20, 1 << 20)));
    tenant.awaitReady("gone");

    tenant.delete("gone");

    for (var node : Lab.NODES) {
      assertThat(tenant.folder(node, "gone")).as(node).doesNotExist();
    }
  }

  @Test
  void retainedFilesStayWhenTheReleaseIsDeleted() throws Exception {
    var url = tenant.serve("kept.tar", SampleRelease.of(45, 20, 1 << 20));
    var spec = "source: {http: {url: \"%s\"}}\nnodes: {selector: {}}\ndeletionPolicy: Retain\n";
    tenant.apply("kept", spec.formatted(url));
    tenant.awaitReady("kept");

    tenant.delete("kept");

    for (var node : Lab.NODES) {
      assertThat(tenant.folder(node, "kept").resolve("current/VERSION")).as(node).exists();
    }
  }

  @Test
  void deletingANamespaceCleansTheNodesToo() throws Exception {
    var other = Tenant.in(tenant.lab(), "shortlived");
    other.apply("one", other.serve("one.tar", SampleRelease.of(46, 20, 1 << 20)));
    other.apply("two", other.serve("two.tar", SampleRelease.of(47, 20, 1 << 20)));
    other.awaitReady("one");
    other.awaitReady("two");

    var namespace = tenant.lab().client().namespaces().withName("shortlived");
    namespace.delete();
    namespace.waitUntilCondition(java.util.Objects::isNull, 2, TimeUnit.MINUTES);

    for (var node : Lab.NODES) {
      assertThat(Files.exists(other.folder(node, "one"))).as(node).isFalse();
      assertThat(Files.exists(other.folder(node, "two"))).as(node).isFalse();
    }
  }

  private static int updated(dev.corvid.api.v1alpha1.SwarmRelease release) {
    return release.getStatus() == null || release.getStatus().nodes() == null
        ? 0
        : release.getStatus().nodes().updated();
  }
}
