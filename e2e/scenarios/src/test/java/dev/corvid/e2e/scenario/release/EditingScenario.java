package dev.corvid.e2e.scenario.release;

import static dev.corvid.e2e.scenario.Figures.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Figures;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Placement;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * People change their minds while nodes are at work: the last word counts, nothing is left over.
 */
@Scenario(megabits = 50)
class EditingScenario {
  private static final int EDITS = 30;
  private static final String SEEDER = "node1";
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Tenant tenant;
  private final Lab lab;

  EditingScenario(Tenant tenant) {
    this.tenant = tenant;
    this.lab = tenant.lab();
  }

  @Test
  void theLastOfThirtyEditsWins() throws Exception {
    var urls = new ArrayList<URI>();
    for (int edit = 0; edit < EDITS; edit++) {
      urls.add(tenant.serve("edit-%d.tar".formatted(edit), content(edit)));
    }
    int leases = leases();
    var begin = Instant.now();
    urls.forEach(url -> tenant.apply("edited", url));
    var end = Instant.now();

    tenant.awaitReady("edited", LIMIT);
    var ready = Instant.now();
    tenant.assertEverywhere("edited", content(EDITS - 1));
    awaitNoSeeder("edited");
    for (var node : Lab.NODES) {
      assertThat(staged(node, "edited")).as("unfinished on " + node).isEmpty();
    }
    assertThat(leases()).isEqualTo(leases);
    tenant.delete("edited");
    assertNothingIsLeft("edited");
    Figures.record(
        "thirty edits",
        List.of(
            "made within " + seconds(begin, end),
            "the last one Ready %s after it".formatted(seconds(end, ready))));
  }

  private static SampleRelease content(int edit) {
    return SampleRelease.of(100 + edit, 12, 2 << 20);
  }

  @Test
  void suspendedInMidTransferItGoesOnWhenItIsResumed() throws Exception {
    var content = SampleRelease.of(140, 20, 24L << 20);
    var placement = Placement.of(tenant, "paused", content);
    var spec =
        """
        source: {http: {url: "%s"}}
        nodes: {selector: {}}
        seeder: {nodeSelector: {kubernetes.io/hostname: %s}}
        suspend: %s
        """
            .formatted(tenant.serve("paused.tar", content), SEEDER, "%s");
    tenant.apply("paused", spec.formatted(false));
    placement.awaitPercent("node2", 30);

    tenant.apply("paused", spec.formatted(true));
    tenant.awaitReason("paused", "Suspended");
    // The node beside the seeder had all of it in no time.
    assertThat(List.of("node2", "node3")).noneMatch(placement::isActive);

    tenant.apply("paused", spec.formatted(false));
    tenant.awaitReady("paused", LIMIT);
    tenant.assertEverywhere("paused", content);
  }

  @Test
  void deletedInMidTransfer() throws Exception {
    var content = SampleRelease.of(141, 20, 24L << 20);
    var placement = Placement.of(tenant, "dropped", content);
    tenant.apply("dropped", tenant.serve("dropped.tar", content));
    placement.awaitTransfer(40);

    delete("dropped", "a download");
  }

  @Test
  void deletedWhileNodesSwitch() throws Exception {
    tenant.apply("switched", tenant.serve("switched-1.tar", SampleRelease.of(142, 20, 1 << 20)));
    tenant.awaitReady("switched", LIMIT);
    var content = SampleRelease.of(143, 20, 4 << 20);
    var placement = Placement.of(tenant, "switched", content);
    tenant.apply("switched", tenant.serve("switched-2.tar", content));
    placement.awaitPlaced("node1");

    delete("switched", "activation");
  }

  private void delete(String name, String during) throws IOException {
    var begin = Instant.now();
    tenant.delete(name);
    var end = Instant.now();
    assertNothingIsLeft(name);
    Figures.record("deleted during " + during, List.of("gone after " + seconds(begin, end)));
    assertThat(Duration.between(begin, end)).isLessThan(LIMIT);
  }

  private void assertNothingIsLeft(String name) throws IOException {
    for (var node : Lab.NODES) {
      assertThat(tenant.folder(node, name)).as(node).doesNotExist();
      assertThat(staged(node, name)).as("unfinished on " + node).isEmpty();
    }
    awaitNoSeeder(name);
    var client = lab.client();
    assertThat(client.persistentVolumeClaims().inNamespace(tenant.namespace()).withName(name).get())
        .isNull();
    assertThat(client.persistentVolumes().list().getItems())
        .filteredOn(volume -> volume.getSpec().getClaimRef() != null)
        .noneMatch(volume -> volume.getSpec().getClaimRef().getName().equals(name));
  }

  /** A pod that was told to end may take a moment. */
  private void awaitNoSeeder(String name) {
    Awaitility.await("no seeder of " + name)
        .atMost(Tenant.SOON)
        .until(
            () ->
                lab.client()
                    .pods()
                    .inNamespace(tenant.namespace())
                    .withLabel("corvid.dev/release", name)
                    .list()
                    .getItems()
                    .isEmpty());
  }

  private int leases() {
    return lab.client().leases().inAnyNamespace().list().getItems().size();
  }

  private Stream<Path> staged(String node, String name) throws IOException {
    var staging = lab.cluster().disk(node).resolve(Lab.ROOT).resolve(".corvid/staging");
    try (var folders = Files.newDirectoryStream(staging, tenant.namespace() + "." + name + ".*")) {
      var all = new ArrayList<Path>();
      folders.forEach(all::add);
      return all.stream();
    }
  }
}
