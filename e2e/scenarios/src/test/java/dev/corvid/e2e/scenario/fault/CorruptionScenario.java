package dev.corvid.e2e.scenario.fault;

import static dev.corvid.e2e.scenario.Figures.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Faults;
import dev.corvid.e2e.scenario.Figures;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Peers;
import dev.corvid.e2e.scenario.Placement;
import dev.corvid.e2e.scenario.PodProcess;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Bytes change where nobody expects it: never are they activated, and it is said where it was. */
@Scenario(megabits = 50)
class CorruptionScenario {
  private static final long BYTES = 24L << 20;
  private static final String SOURCE_NODE = "node1";
  private static final String NODE = "node2";
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Tenant tenant;
  private final Lab lab;

  CorruptionScenario(Tenant tenant) {
    this.tenant = tenant;
    this.lab = tenant.lab();
  }

  /** The checksums of TCP are right: they are computed after the change. */
  @Test
  void onTheWire() throws Exception {
    var content = SampleRelease.of(80, 20, BYTES);
    var since = Instant.now();
    try (var wire = new BadWire(lab.cluster(), SOURCE_NODE)) {
      tenant.apply("wire", tenant.serve("wire.tar", content), SOURCE_NODE);
      tenant.awaitReady("wire", LIMIT);
      assertThat(wire.changed()).isPositive();
      var named = lineOfAPeer(since, "was corrupt and was discarded");
      tenant.assertEverywhere("wire", content);
      Figures.record(
          "bytes changed on the wire",
          List.of("%d packets were changed".formatted(wire.changed()), named));
    }
  }

  @Test
  void inAStagedFile() throws Exception {
    var content = SampleRelease.of(81, 20, BYTES);
    var placement = Placement.of(tenant, "staged", content);
    var since = Instant.now();
    tenant.apply("staged", tenant.serve("staged.tar", content), SOURCE_NODE);
    placement.awaitPercent(NODE, 50);

    flip(largestStaged("staged"));
    var flipped = Instant.now();

    placement.awaitActive(NODE);
    var named = lineOfAPeer(since, "have changed on this disk");
    tenant.assertEverywhere("staged", content);
    tenant.awaitReady("staged", LIMIT);
    Figures.record(
        "a bit flipped in a staged file",
        List.of(named, "active %s after it".formatted(seconds(flipped, Instant.now()))));
  }

  /** After an unclean stop everything is read again; else after {@code recheckInterval}. */
  @Test
  void inAnActiveFile() throws Exception {
    var content = SampleRelease.of(83, 20, BYTES);
    tenant.apply("active", tenant.serve("active.tar", content), SOURCE_NODE);
    tenant.awaitReady("active", LIMIT);
    var peer = Faults.of(lab).freshPeer(NODE);
    var since = Instant.now();
    var file = tenant.folder(NODE, "active").resolve("current/data/shard-2").toRealPath();
    flip(file, Files.size(file) / 2);
    assertThat(tenant.tree(NODE, "active")).isNotEqualTo(content.tree());

    var killed = PodProcess.of(peer).kill();

    var named = lineOfAPeer(since, "data/shard-2");
    Awaitility.await("it is as it was published")
        .atMost(LIMIT)
        .until(() -> tenant.tree(NODE, "active").equals(content.tree()));
    var mended = Instant.now();
    tenant.awaitReady("active", LIMIT);
    Figures.record(
        "a bit flipped in an active file",
        List.of(
            named,
            "mended %s after the kill, of which the restart took some"
                .formatted(seconds(killed, mended))));
  }

  @Test
  void inTheSourceAfterItWasFetched() throws Exception {
    var content = SampleRelease.of(82, 20, BYTES);
    var others = Lab.NODES.stream().filter(node -> !node.equals(SOURCE_NODE)).toList();
    var placement = Placement.of(tenant, "changed", content);
    var url = tenant.serve("changed.tar", content);
    var archive = lab.archives().resolve(tenant.namespace() + "-changed.tar");
    // Without the seeder's node: a peer there has everything at once.
    tenant.apply(
        "changed",
        """
        source: {http: {url: "%1$s"}}
        nodes: {selector: {matchExpressions: [{key: kubernetes.io/hostname, operator: NotIn, values: [%2$s]}]}}
        seeder: {nodeSelector: {kubernetes.io/hostname: %2$s}}
        """
            .formatted(url, SOURCE_NODE));
    tenant.await("changed", LIMIT, "is published", CorruptionScenario::isPublished);
    flip(archive, Files.size(archive) / 2);

    // Another pod has to fetch it again, before the nodes have a copy.
    lab.client()
        .pods()
        .inNamespace(tenant.namespace())
        .withLabel("corvid.dev/release", "changed")
        .withGracePeriod(0)
        .delete();
    var said = tenant.awaitReason("changed", "SourceChanged", "", LIMIT).getMessage();
    assertThat(Lab.NODES).noneMatch(placement::isActive);
    flip(archive, Files.size(archive) / 2);
    var restored = Instant.now();

    tenant.awaitReady("changed", LIMIT);
    tenant.assertOn(others, "changed", content);
    Figures.record(
        "a bit flipped in the source after it was fetched",
        List.of(
            said, "Ready %s after it was as before".formatted(seconds(restored, Instant.now()))));
  }

  private static boolean isPublished(SwarmRelease release) {
    return release.getStatus() != null && release.getStatus().updateRevision() != null;
  }

  /** The file that is written now, or was last. */
  private Path largestStaged(String name) throws IOException {
    var staging = lab.cluster().disk(NODE).resolve(Lab.ROOT).resolve(".corvid/staging");
    try (var files = Files.walk(staging)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().contains("." + name + "."))
          .max(Comparator.comparing(file -> file.toFile().length()))
          .orElseThrow();
    }
  }

  /** In what has bytes already. */
  private static void flip(Path file) throws IOException {
    long at = 0;
    try (var read = new RandomAccessFile(file.toFile(), "r")) {
      while (at < read.length() && read.read() <= 0) {
        at += 1 << 18;
        read.seek(at);
      }
    }
    flip(file, at);
  }

  private static void flip(Path file, long at) throws IOException {
    try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      int old = bytes.read();
      bytes.seek(at);
      bytes.write(old ^ 1);
    }
  }

  /** What a peer's log says of it. */
  private String lineOfAPeer(Instant since, String text) {
    var said = Pattern.compile(".*" + Pattern.quote(text) + ".*");
    return Awaitility.await("a peer says: " + text)
        .atMost(LIMIT)
        .until(() -> lines(since, said), lines -> !lines.isEmpty())
        .getFirst();
  }

  private List<String> lines(Instant since, Pattern said) {
    return Peers.of(lab).pods("peer").stream()
        .flatMap(
            pod -> lab.client().pods().resource(pod).sinceTime(since.toString()).getLog().lines())
        .filter(line -> said.matcher(line).matches())
        .toList();
  }
}
