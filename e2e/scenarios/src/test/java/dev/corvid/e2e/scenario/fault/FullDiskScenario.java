package dev.corvid.e2e.scenario.fault;

import static dev.corvid.e2e.scenario.Figures.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Extent;
import dev.corvid.e2e.scenario.Figures;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Peers;
import dev.corvid.e2e.scenario.Placement;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import io.fabric8.kubernetes.api.model.Event;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One node's disk is a small file system of its own, and somebody else fills it. */
@Scenario
class FullDiskScenario {
  private static final int MEGABITS = 50;
  private static final long MEBIBYTE = 1 << 20;
  private static final long CONTENT = 16 * MEBIBYTE;
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Tenant tenant;
  private final Lab lab;
  private String node;

  FullDiskScenario(Tenant tenant) {
    this.tenant = tenant;
    this.lab = tenant.lab();
  }

  @BeforeAll
  void aNodeWithASmallDisk() {
    node = lab.cluster().addNode(Map.of("DISK_SIZE", "128M"));
    lab.cluster().rate(MEGABITS);
    Peers.of(lab).awaitOn(node);
  }

  @AfterEach
  void nobodyElseFillsIt() throws IOException {
    Files.deleteIfExists(foreign());
  }

  private Path foreign() {
    return lab.cluster().disk(node).resolve("somebody-elses");
  }

  @AfterAll
  void itIsGone() {
    lab.cluster().rate(0);
    lab.cluster().removeNode(node);
  }

  static List<Long> bytesLeft() {
    return Extent.of(List.of(0L, CONTENT / 2));
  }

  @ParameterizedTest(name = "{0} bytes left")
  @MethodSource("bytesLeft")
  void filledBeforeADownload(long left) throws Exception {
    var name = "before-" + left;
    var first = release(name, 1);
    tenant.awaitReady(name, LIMIT);
    var disk = new Foreign(left);

    var second = release(name, 2);
    var said = disk.awaitInsufficient(name);

    assertThat(tenant.tree(node, name)).isEqualTo(first.tree());
    assertThat(disk.file()).hasSize(disk.bytes());
    var freed = disk.free();
    tenant.awaitReady(name, LIMIT);
    assertThat(tenant.tree(node, name)).isEqualTo(second.tree());
    noEviction();
    tenant.delete(name);
    Figures.record(
        "disk with %d bytes left before a download".formatted(left),
        List.of(said, "Ready %s after space returned".formatted(seconds(freed, Instant.now()))));
  }

  @Test
  void filledByAnotherProcessDuringADownload() throws Exception {
    var first = release("during", 3);
    tenant.awaitReady("during", LIMIT);
    var second = SampleRelease.of(94, 20, CONTENT);
    var placement = Placement.of(tenant, "during", second, List.of(node));
    apply("during", tenant.serve("during-4.tar", second));
    placement.awaitPercent(node, 30);
    int had = placement.percent(node);
    var disk = new Foreign(0);

    var said = disk.awaitInsufficient("during");

    assertThat(tenant.tree(node, "during")).isEqualTo(first.tree());
    var freed = disk.free();
    tenant.awaitReady("during", LIMIT);
    assertThat(tenant.tree(node, "during")).isEqualTo(second.tree());
    noEviction();
    tenant.delete("during");
    Figures.record(
        "disk filled at %d %% of a download".formatted(had),
        List.of(said, "Ready %s after space returned".formatted(seconds(freed, Instant.now()))));
  }

  private SampleRelease release(String name, int revision) throws IOException {
    var content = SampleRelease.of(90 + revision, 20, CONTENT);
    apply(name, tenant.serve(name + "-" + revision + ".tar", content));
    return content;
  }

  private void apply(String name, URI url) {
    tenant.apply(
        name,
        """
        source: {http: {url: "%s"}}
        nodes: {selector: {matchLabels: {kubernetes.io/hostname: %s}}}
        seeder: {nodeSelector: {kubernetes.io/hostname: %s}}
        """
            .formatted(url, node, Lab.NODES.getFirst()));
  }

  /** Somebody else's file. */
  private final class Foreign {
    private final Path file;
    private final long bytes;

    /** Leaves so many bytes free; a download may take of them meanwhile. */
    Foreign(long free) throws IOException {
      file = foreign();
      long wanted = file.getParent().toFile().getUsableSpace() - free;
      try (var out = Files.newOutputStream(file)) {
        var zeros = new byte[1 << 16];
        for (long left = wanted; left > 0; left -= zeros.length) {
          out.write(zeros, 0, (int) Math.min(left, zeros.length));
        }
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("No space left on device");
      }
      bytes = Files.size(file);
    }

    Path file() {
      return file;
    }

    long bytes() {
      return bytes;
    }

    /** What the release says then. */
    String awaitInsufficient(String release) {
      var said = tenant.awaitReason(release, "InsufficientDisk", "", LIMIT).getMessage();
      assertThat(said).contains(node, "free", "still active");
      return said;
    }

    Instant free() throws IOException {
      Files.delete(file);
      return Instant.now();
    }
  }

  /** The kubelet has moved nobody out, and sees nothing to do. */
  private void noEviction() {
    assertThat(lab.client().v1().events().inAnyNamespace().list().getItems())
        .extracting(Event::getReason)
        .doesNotContain("Evicted", "EvictionThresholdMet", "NodeHasDiskPressure");
  }
}
