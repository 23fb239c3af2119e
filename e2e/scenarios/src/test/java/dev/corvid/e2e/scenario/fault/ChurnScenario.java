package dev.corvid.e2e.scenario.fault;

import static dev.corvid.e2e.scenario.Figures.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.Folders;
import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Figures;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Peers;
import dev.corvid.e2e.scenario.Placement;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What people and machines do to nodes: each converges by itself. */
@Scenario(megabits = 50)
class ChurnScenario {
  private static final String TEAM = "team";
  private static final String POOL = "pool";
  private static final long BYTES = 40L << 20;
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Tenant tenant;
  private final Lab lab;

  ChurnScenario(Tenant tenant) {
    this.tenant = tenant;
    this.lab = tenant.lab();
  }

  @AfterAll
  void putBack() {
    lab.kubectl().run("label", "nodes", "--all", TEAM + "-", POOL + "-");
    Lab.NODES.forEach(node -> lab.kubectl().run("uncordon", node));
  }

  @Test
  void relabelledInAndOut() throws Exception {
    var content = SampleRelease.of(120, 20, 4 << 20);
    label("node1", TEAM + "=ranking");
    label("node2", TEAM + "=ranking");
    tenant.apply(
        "labelled",
        """
        source: {http: {url: "%s"}}
        nodes: {selector: {matchLabels: {%s: ranking}}}
        """
            .formatted(tenant.serve("labelled.tar", content), TEAM));
    assertThat(tenant.awaitReady("labelled").getStatus().nodes().summary()).isEqualTo("2/2");
    assertThat(tenant.folder("node3", "labelled")).doesNotExist();

    var labelled = Instant.now();
    label("node3", TEAM + "=ranking");
    awaitSummary("labelled", "3/3");
    var joined = Instant.now();
    assertThat(tenant.tree("node3", "labelled")).isEqualTo(content.tree());

    var unlabelled = Instant.now();
    label("node2", TEAM + "-");
    Awaitility.await("node2 has none of it")
        .atMost(LIMIT)
        .until(() -> !Files.exists(tenant.folder("node2", "labelled")));
    var left = Instant.now();
    awaitSummary("labelled", "2/2");
    assertThat(tenant.tree("node1", "labelled")).isEqualTo(content.tree());
    Figures.record(
        "nodes relabelled",
        List.of(
            "in: active after " + seconds(labelled, joined),
            "out: cleaned after " + seconds(unlabelled, left),
            "counted in the status after " + seconds(unlabelled, Instant.now())));
  }

  /** Two edits that look alike: after a typo nothing is served elsewhere, after a move it is. */
  @Test
  void aTypoRemovesNothingAndAMoveLeavesTheOldPool() throws Exception {
    var content = SampleRelease.of(125, 20, 4 << 20);
    var url = tenant.serve("moved.tar", content);
    var spec = "source: {http: {url: \"%s\"}}\nnodes: {selector: {matchLabels: {%s: %s}}}\n";
    label("node1", POOL + "=old");
    label("node2", POOL + "=new");
    tenant.apply("moved", spec.formatted(url, POOL, "old"));
    tenant.awaitReady("moved");

    tenant.apply("moved", spec.formatted(url, POOL, "odl"));
    var held =
        tenant.await(
            "moved",
            LIMIT,
            "holds the removal",
            it -> Tenant.condition(it, "RemovalHeld").isPresent());
    assertThat(Tenant.condition(held, "RemovalHeld").orElseThrow().getMessage())
        .contains("node1", "corvid.dev/allow-removal=" + held.getMetadata().getGeneration());
    assertThat(tenant.tree("node1", "moved")).isEqualTo(content.tree());

    var edited = Instant.now();
    tenant.apply("moved", spec.formatted(url, POOL, "new"));
    Awaitility.await("node1 has none of it")
        .atMost(LIMIT)
        .until(() -> !Files.exists(tenant.folder("node1", "moved")));
    var left = Instant.now();
    assertThat(tenant.tree("node2", "moved")).isEqualTo(content.tree());
    awaitSummary("moved", "1/1");
    Figures.record(
        "a release moved from one node to another",
        List.of("the old one cleaned %s after the edit".formatted(seconds(edited, left))));
  }

  /** With all that runs there; the peer stays, as DaemonSets do. */
  @Test
  void drainedInMidTransfer() throws Exception {
    var node = Peers.of(lab).pods("tracker").getFirst().getSpec().getNodeName();
    var content = SampleRelease.of(121, 30, BYTES);
    var placement = Placement.of(tenant, "drained", content);
    tenant.apply("drained", tenant.serve("drained.tar", content));
    placement.awaitTransfer(30);

    var drained = Instant.now();
    lab.kubectl()
        .run(
            "drain",
            node,
            "--ignore-daemonsets",
            "--delete-emptydir-data",
            "--force",
            "--timeout=120s");
    placement.awaitActive(Lab.NODES);
    var active = Instant.now();
    tenant.awaitReady("drained", LIMIT);
    tenant.assertEverywhere("drained", content);
    Figures.record(
        "the tracker's node drained in mid-transfer",
        List.of(
            "active on all nodes, that one among them, after " + seconds(drained, active),
            "Ready after " + seconds(drained, Instant.now())));
    lab.kubectl().run("uncordon", node);
  }

  @Test
  void powerFailsInMidTransfer() throws Exception {
    var node = Peers.of(lab).nodeOfPeersOnly();
    var content = SampleRelease.of(122, 30, BYTES);
    var placement = Placement.of(tenant, "rebooted", content);
    tenant.apply("rebooted", tenant.serve("rebooted.tar", content), other(node));
    placement.awaitPercent(node, 50);

    lab.cluster().stop(node);
    int had = placement.percent(node);
    lab.cluster().start(node);
    var started = Instant.now();

    placement.awaitActive(node);
    var active = Instant.now();
    awaitSummary("rebooted", "3/3");
    tenant.assertEverywhere("rebooted", content);
    Figures.record(
        "a node's power failed in mid-transfer",
        List.of(
            "it had %d %%".formatted(had),
            "it has all %s after it was switched on".formatted(seconds(started, active)),
            "3/3 after " + seconds(started, Instant.now())));
  }

  @Test
  void aNodeComesBackWithAnEmptyDisk() throws Exception {
    var node = Peers.of(lab).nodeOfPeersOnly();
    var one = SampleRelease.of(123, 20, 4 << 20);
    var two = SampleRelease.of(124, 20, 4 << 20);
    tenant.apply("emptied-1", tenant.serve("emptied-1.tar", one));
    tenant.apply("emptied-2", tenant.serve("emptied-2.tar", two));
    tenant.awaitReady("emptied-1");
    tenant.awaitReady("emptied-2");

    lab.cluster().stop(node);
    Folders.delete(lab.cluster().disk(node).resolve(Lab.ROOT));
    lab.cluster().start(node);
    var started = Instant.now();

    Awaitility.await("it has both again")
        .atMost(LIMIT)
        .until(() -> has(node, "emptied-1") && has(node, "emptied-2"));
    var back = Instant.now();
    awaitSummary("emptied-1", "3/3");
    awaitSummary("emptied-2", "3/3");
    tenant.assertEverywhere("emptied-1", one);
    tenant.assertEverywhere("emptied-2", two);
    Figures.record(
        "a node came back with an empty disk",
        List.of(
            "it has both releases %s after it was switched on".formatted(seconds(started, back))));
  }

  private boolean has(String node, String name) {
    return Files.exists(tenant.folder(node, name).resolve("current/VERSION"));
  }

  private static String other(String node) {
    return Lab.NODES.stream().filter(each -> !each.equals(node)).findFirst().orElseThrow();
  }

  private void label(String node, String label) {
    lab.kubectl().run("label", "--overwrite", "node", node, label);
  }

  private void awaitSummary(String name, String summary) {
    tenant.await(
        name,
        LIMIT,
        "is Ready on " + summary,
        it -> Tenant.isReady(it) && it.getStatus().nodes().summary().equals(summary));
  }
}
