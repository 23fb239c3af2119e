package dev.corvid.e2e.scenario.fault;

import static dev.corvid.e2e.scenario.Figures.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Extent;
import dev.corvid.e2e.scenario.Faults;
import dev.corvid.e2e.scenario.Figures;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Peers;
import dev.corvid.e2e.scenario.Placement;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import dev.corvid.e2e.source.Answer;
import io.fabric8.kubernetes.api.model.Pod;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any one program but the peers is killed in mid-transfer, over links slow enough to hit it:
 * transfers continue, and the release completes.
 */
@Scenario(megabits = 50)
class LossScenario {
  private static final int MEGABITS = 50;
  private static final int SLOW_MEGABITS = 15;
  private static final long BYTES = 40L << 20;
  private static final Duration STATUS_RIGHT = Duration.ofMinutes(1);
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final String JOINS = "joins";

  private final Tenant tenant;
  private final Lab lab;
  private final Faults faults;
  private final Peers peers;

  LossScenario(Tenant tenant) {
    this.tenant = tenant;
    this.lab = tenant.lab();
    this.faults = Faults.of(lab);
    this.peers = Peers.of(lab);
  }

  @AfterAll
  void putBack() {
    lab.kubectl().run("label", "nodes", "--all", JOINS + "-");
  }

  static List<Integer> ofTheTransfer() {
    return Extent.of(List.of(70, 30));
  }

  @ParameterizedTest
  @MethodSource("ofTheTransfer")
  void theOperator(int percent) throws Exception {
    var name = "operator-" + percent;
    var content = SampleRelease.of(50 + percent, 30, BYTES);
    var placement = Placement.of(tenant, name, content);
    var url = tenant.serve(name + ".tar", content);
    var applied = Instant.now();
    tenant.apply(name, url);
    placement.awaitTransfer(percent);

    var killed = faults.kill(peers.pods("operator").getFirst());

    var operator = CompletableFuture.supplyAsync(() -> faults.awaitOperator(killed));
    var active = placement.awaitActive(Lab.NODES);
    var lease = operator.join();
    tenant.awaitReady(name, LIMIT);
    var right = Duration.between(lease.isAfter(active) ? lease : active, Instant.now());
    tenant.assertEverywhere(name, content);
    Figures.record(
        "operator killed at %d %%".formatted(percent),
        List.of(
            "active on the last node %s after apply".formatted(seconds(applied, active)),
            "lease held %s after the kill".formatted(seconds(killed, lease)),
            "status right %s after both".formatted(seconds(right))));
    assertThat(right).isLessThan(STATUS_RIGHT);
  }

  @ParameterizedTest
  @MethodSource("ofTheTransfer")
  void theTrackerWhileANodeJoins(int percent) throws Exception {
    var name = "tracker-" + percent;
    var content = SampleRelease.of(60 + percent, 30, BYTES);
    var placement = Placement.of(tenant, name, content);
    joins("node1", name);
    joins("node2", name);
    var applied = Instant.now();
    tenant.apply(
        name,
        """
        source: {http: {url: "%s"}}
        nodes: {selector: {matchLabels: {%s: %s}}}
        """
            .formatted(tenant.serve(name + ".tar", content), JOINS, name));
    placement.awaitTransfer(percent);

    var killed = faults.kill(peers.pods("tracker").getFirst());
    joins("node3", name);

    var active = placement.awaitActive(List.of("node1", "node2"));
    var joined = placement.awaitActive("node3");
    tenant.await(name, LIMIT, "counts three nodes", LossScenario::isOnAllNodes);
    Figures.record(
        "tracker killed at %d %%".formatted(percent),
        List.of(
            "active on the others %s after apply".formatted(seconds(applied, active)),
            "active on the node that joined %s after the kill".formatted(seconds(killed, joined)),
            "all reported %s later".formatted(seconds(joined, Instant.now()))));
    tenant.assertEverywhere(name, content);
  }

  private static boolean isOnAllNodes(SwarmRelease release) {
    return Tenant.isReady(release) && release.getStatus().nodes().summary().equals("3/3");
  }

  /** The seeder's node is none of them: a peer there has everything at once. */
  private static String onNodesThatJoin(String release, URI url, String format) {
    return """
        source: {http: {url: "%s"}, unpack: {format: %s}}
        nodes: {selector: {matchLabels: {%s: %s}}}
        seeder: {nodeSelector: {kubernetes.io/hostname: node1}}
        """
        .formatted(url, format, JOINS, release);
  }

  private void joins(String node, String release) {
    lab.kubectl().run("label", "node", node, JOINS + "=" + release, "--overwrite");
  }

  @Test
  void theSeederWhileNodesFetchFromIt() throws Exception {
    var nodes = List.of("node2", "node3");
    nodes.forEach(node -> joins(node, "seeder"));
    var content = SampleRelease.of(56, 30, BYTES);
    var placement = Placement.of(tenant, "seeder", content, nodes);
    var url = tenant.serve("seeder.tar", content);
    var applied = Instant.now();
    tenant.apply("seeder", onNodesThatJoin("seeder", url, "Auto"));
    placement.awaitFirst(30);

    faults.kill(seeder("seeder"));

    var active = placement.awaitActive(nodes);
    tenant.awaitReady("seeder", LIMIT);
    tenant.assertOn(nodes, "seeder", content);
    Figures.record(
        "seeder killed before one copy was out",
        List.of("active on the last node %s after apply".formatted(seconds(applied, active))));
  }

  /**
   * Its replacement has nothing of it on its scratch volume, and the source is as slow as a link;
   * but the file is not unpacked, so what the nodes lack is asked for piece by piece.
   */
  @Test
  void theSeederOfAFileForGoodBeforeOneCopyWasOut() throws Exception {
    var nodes = List.of("node2", "node3");
    nodes.forEach(node -> joins(node, "file"));
    var content = SampleRelease.of(58, 30, BYTES);
    var placement = Placement.of(tenant, "file", content, nodes);
    var url = tenant.serve("file.tar", content);
    lab.cluster().rate(SLOW_MEGABITS, "node1");
    try {
      tenant.apply("file", onNodesThatJoin("file", url, "None"));
      placement.awaitFirst(10);
      int asked = requests(url);
      long sent = lab.source().bytesSent(url.getPath());
      lab.source().rate(SLOW_MEGABITS * 125_000);
      lab.client().resource(seeder("file")).withGracePeriod(0).delete();
      var gone = Instant.now();

      var active = placement.awaitActive(nodes);
      tenant.await("file", LIMIT, "is Ready", Tenant::isReady);

      for (var node : nodes) {
        var file = tenant.folder(node, "file").resolve("current/file.tar");
        assertThat(Files.mismatch(file, tenant.archive("file.tar"))).as(node).isEqualTo(-1);
      }
      var again = lab.source().requests(url.getPath()).stream().skip(asked).toList();
      Figures.record(
          "seeder of a file gone before one copy was out",
          List.of(
              "active on the last node %s after it was gone".formatted(seconds(gone, active)),
              "the source sent %d %% of it again, for %d requests"
                  .formatted(
                      (lab.source().bytesSent(url.getPath()) - sent) * 100 / content.sizeBytes(),
                      again.size())));
      assertThat(again).isNotEmpty();
      assertThat(again)
          .allSatisfy(request -> assertThat(request.header("range")).matches("bytes=\\d+-\\d+"));
    } finally {
      lab.source().rate(0);
      lab.cluster().rate(MEGABITS, "node1");
    }
  }

  /** The source is gone too: what is left is what the nodes have. */
  @Test
  void theSeederForGoodOnceOneNodeHasAll() throws Exception {
    var content = SampleRelease.of(57, 30, BYTES);
    var placement = Placement.of(tenant, "copied", content);
    lab.cluster().rate(SLOW_MEGABITS, "node3");
    try {
      var url =
          applied("copied", content, "seeder: {nodeSelector: {kubernetes.io/hostname: node1}}");
      placement.awaitFirst(100);
      tenant.serve("copied.tar", new Answer.Status(404));
      int had = placement.percent("node3");
      lab.client().resource(seeder("copied")).withGracePeriod(0).delete();
      var gone = Instant.now();

      var active = placement.awaitActive(Lab.NODES);
      tenant.awaitReady("copied", LIMIT);
      tenant.assertEverywhere("copied", content);
      Figures.record(
          "seeder gone once one copy was out",
          List.of(
              "the last node, which had %d %%, has all after %s"
                  .formatted(had, seconds(gone, active)),
              "the source was asked %d times".formatted(requests(url))));
    } finally {
      lab.cluster().rate(MEGABITS, "node3");
    }
  }

  @Test
  void theSeederWhileItFetchesTheSource() throws Exception {
    var content = SampleRelease.of(55, 30, 8 << 20);
    var url = tenant.serve("early.tar", content);
    lab.source().rate(1 << 20);
    try {
      tenant.apply("early", url);
      lab.source().awaitSent(url.getPath(), 3 << 20, Tenant.SOON);
      faults.kill(seeder("early"));
    } finally {
      lab.source().rate(0);
    }
    tenant.awaitReady("early");
    tenant.assertEverywhere("early", content);
  }

  private URI applied(String name, SampleRelease content, String more) throws Exception {
    var url = tenant.serve(name + ".tar", content);
    tenant.apply(
        name, "source: {http: {url: \"%s\"}}\nnodes: {selector: {}}\n".formatted(url) + more);
    return url;
  }

  private int requests(URI url) {
    return lab.source().requests(url.getPath()).size();
  }

  private Pod seeder(String release) {
    return lab.client()
        .pods()
        .inNamespace(tenant.namespace())
        .withLabel("corvid.dev/release", release)
        .list()
        .getItems()
        .getFirst();
  }
}
