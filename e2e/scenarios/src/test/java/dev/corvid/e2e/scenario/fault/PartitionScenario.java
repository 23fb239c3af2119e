package dev.corvid.e2e.scenario.fault;

import static dev.corvid.e2e.scenario.Figures.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Nodes lose each other, or everybody, in mid-transfer; what they have is theirs. */
@Scenario(megabits = 50)
class PartitionScenario {
  private static final long BYTES = 40L << 20;
  private static final Duration CUT = Duration.ofSeconds(60);
  private static final Duration MINUTES = Duration.ofMinutes(3);

  private final Tenant tenant;
  private final Lab lab;

  PartitionScenario(Tenant tenant) {
    this.tenant = tenant;
    this.lab = tenant.lab();
  }

  /** To the others it is the same whether it ever returns. */
  @Test
  void aNodeCutOffBlocksNeitherReadyNorDeletionAndConvergesWhenItIsBack() throws Exception {
    tenant.apply("left", tenant.serve("left.tar", SampleRelease.of(70, 20, 1 << 20)));
    tenant.awaitReady("left");
    var node = Peers.of(lab).nodeOfPeersOnly();
    var others = Lab.NODES.stream().filter(other -> !other.equals(node)).toList();
    var content = SampleRelease.of(71, 30, BYTES);
    var placement = Placement.of(tenant, "cut", content);
    var lines = new ArrayList<String>();
    tenant.apply("cut", tenant.serve("cut.tar", content), others.getFirst());
    placement.awaitPercent(node, 30);

    lab.cluster().cut(node);
    var cut = Instant.now();
    try {
      lines.add("cut off with %d %%".formatted(placement.percent(node)));
      placement.awaitActive(others);
      lines.add("the others have it after " + seconds(cut, Instant.now()));
      var status = tenant.awaitReady("cut", MINUTES).getStatus();
      assertThat(status.nodes().unreachable()).isEqualTo(1);
      lines.add("Ready without it after " + seconds(cut, Instant.now()));
      var deleting = Instant.now();
      tenant.delete("left");
      lines.add("another release deleted in " + seconds(deleting, Instant.now()));
      assertThat(Duration.between(deleting, Instant.now())).isLessThan(MINUTES);
      assertThat(tenant.folder(node, "left").resolve("current")).exists();
      // What is measured is what comes after as long an absence as this.
      LockSupport.parkNanos(CUT.minus(Duration.between(cut, Instant.now())).toNanos());
    } finally {
      lab.cluster().heal(node);
    }
    var healed = Instant.now();
    placement.awaitActive(node);
    lines.add("it has all %s after it is back".formatted(seconds(healed, Instant.now())));
    tenant.await("cut", MINUTES, "counts three nodes", release -> updated(release) == 3);
    awaitCleaned(node, "left");
    lines.add("and nothing of what was deleted after " + seconds(healed, Instant.now()));
    tenant.assertEverywhere("cut", content);
    Figures.record("node cut off for a minute in mid-transfer", lines);
  }

  private void awaitCleaned(String node, String release) {
    Awaitility.await(release + " is gone from " + node)
        .atMost(MINUTES)
        .until(() -> !Files.exists(tenant.folder(node, release)));
  }

  @Test
  void aNodeGoneForEverInMidTransferBlocksNothing() throws Exception {
    var lost = lab.cluster().addNode();
    try {
      var all = new ArrayList<>(Lab.NODES);
      all.add(lost);
      Peers.of(lab).awaitOn(lost);
      var content = SampleRelease.of(73, 30, BYTES);
      var placement = Placement.of(tenant, "lost", content, all);
      var lines = new ArrayList<String>();
      tenant.apply("lost", tenant.serve("lost.tar", content), Lab.NODES.getFirst());
      placement.awaitPercent(lost, 30);

      lab.cluster().cut(lost);
      var cut = Instant.now();
      var status = tenant.awaitReady("lost", MINUTES).getStatus();
      assertThat(status.nodes().unreachable()).isEqualTo(1);
      lines.add("Ready without it after " + seconds(cut, Instant.now()));
      tenant.assertEverywhere("lost", content);
      var deleting = Instant.now();
      tenant.delete("lost");
      lines.add("deleted, with no answer from it, in " + seconds(deleting, Instant.now()));
      assertThat(Duration.between(deleting, Instant.now())).isLessThan(MINUTES);
      Figures.record("node cut off for ever in mid-transfer", lines);
    } finally {
      lab.cluster().removeNode(lost);
    }
  }

  @Test
  void twoHalvesGoOnWithWhatTheyHaveAndConverge() throws Exception {
    var added = lab.cluster().addNode();
    try {
      var all = new ArrayList<>(Lab.NODES);
      all.add(added);
      Peers.of(lab).awaitOn(added);
      var far = List.of(Peers.of(lab).nodeOfPeersOnly(), added);
      var near = all.stream().filter(node -> !far.contains(node)).toList();
      var content = SampleRelease.of(72, 30, BYTES);
      var placement = Placement.of(tenant, "halves", content, all);
      var lines = new ArrayList<String>();
      tenant.apply("halves", tenant.serve("halves.tar", content), near.getFirst());
      placement.awaitPercent(far.getFirst(), 40);

      lab.cluster().split(far);
      var cut = Instant.now();
      try {
        lines.add("cut from each other; the side without a seeder: " + percents(placement, far));
        placement.awaitActive(near);
        lines.add("the side with the seeder has all after " + seconds(cut, Instant.now()));
        tenant.awaitReady("halves", MINUTES);
        lines.add("Ready there after " + seconds(cut, Instant.now()));
        lines.add("the other side: " + percents(placement, far));
      } finally {
        lab.cluster().join();
      }
      var healed = Instant.now();
      placement.awaitActive(far);
      lines.add("it has all %s after they met again".formatted(seconds(healed, Instant.now())));
      tenant.await("halves", MINUTES, "counts four nodes", release -> updated(release) == 4);
      lines.add("4/4 after " + seconds(healed, Instant.now()));
      tenant.assertOn(all, "halves", content);
      Figures.record("two halves cut from each other in mid-transfer", lines);
    } finally {
      lab.cluster().removeNode(added);
    }
  }

  private static String percents(Placement placement, List<String> nodes) {
    return nodes.stream().map(node -> placement.percent(node) + " %").toList().toString();
  }

  private static int updated(SwarmRelease release) {
    return release.getStatus() == null || release.getStatus().nodes() == null
        ? 0
        : release.getStatus().nodes().updated();
  }
}
