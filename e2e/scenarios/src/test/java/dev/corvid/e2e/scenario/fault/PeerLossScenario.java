package dev.corvid.e2e.scenario.fault;

import static dev.corvid.e2e.scenario.Figures.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.reader.Tree;
import dev.corvid.e2e.scenario.Extent;
import dev.corvid.e2e.scenario.Faults;
import dev.corvid.e2e.scenario.Figures;
import dev.corvid.e2e.scenario.Peers;
import dev.corvid.e2e.scenario.Placement;
import dev.corvid.e2e.scenario.PodProcess;
import dev.corvid.e2e.scenario.Scenario;
import dev.corvid.e2e.scenario.Tenant;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * A peer is killed at random moments of download, verification and activation. {@code
 * -Dpeer.kills=20 -Dpeer.seed=…} for more of them, or the same again.
 */
@Scenario(megabits = 50)
class PeerLossScenario {
  private static final int KILLS = Integer.getInteger("peer.kills", Extent.of(3, 20));
  private static final long SEED = Long.getLong("peer.seed", System.nanoTime() & 0xffff);
  private static final long BYTES = 40L << 20;
  private static final String NODE = "node2";
  private static final String TWIN = "node3"; // as far from the seeder
  private static final String SEEDER = "node1";
  private static final String NAME = "killed";

  private final Tenant tenant;
  private final Faults faults;
  private final SplittableRandom random = new SplittableRandom(SEED);
  private final List<Tree> released = new ArrayList<>();

  PeerLossScenario(Tenant tenant) {
    this.tenant = tenant;
    this.faults = Faults.of(tenant.lab());
  }

  /** Where in a roll-out the peer dies, and how far beyond that. */
  private enum Phase {
    DOWNLOAD {
      @Override
      String reach(Placement placement, SplittableRandom random) {
        int percent = random.nextInt(5, 95);
        placement.awaitPercent(NODE, percent);
        return percent + " % of the download";
      }
    },
    VERIFICATION {
      @Override
      String reach(Placement placement, SplittableRandom random) {
        placement.awaitPercent(NODE, 100);
        return pause(random.nextInt(300)) + " ms after the last byte";
      }
    },
    ACTIVATION {
      @Override
      String reach(Placement placement, SplittableRandom random) {
        placement.awaitPlaced(NODE);
        return pause(random.nextInt(1_000)) + " ms after the revision was in its place";
      }
    };

    /** Waits for the moment; what it was. */
    abstract String reach(Placement placement, SplittableRandom random);

    private static int pause(int millis) {
      LockSupport.parkNanos(Duration.ofMillis(millis).toNanos()); // a random moment, not a wait
      return millis;
    }
  }

  @Test
  void killedAtAnyMomentItResumesAndNeverShowsAHalfTree() throws Exception {
    var lines = new ArrayList<String>();
    lines.add("seed " + SEED);
    try (var guard = new TreeGuard(tenant.folder(NODE, NAME))) {
      release(0, guard);
      tenant.awaitReady(NAME, Placement.LIMIT);
      for (int kill = 0; kill < KILLS; kill++) {
        var peer = faults.freshPeer(NODE);
        var phase = Phase.values()[kill % Phase.values().length];
        lines.add(killedIn(phase, kill + 1, peer, guard));
        System.out.println(lines.getLast());
        assertThat(guard.halves()).as("seed %d: half trees", SEED).isEmpty();
      }
      lines.add("current was looked at %d times".formatted(guard.looks()));
    } finally {
      Figures.record("peer killed at random moments", lines);
    }
  }

  private String killedIn(Phase phase, int revision, Pod peer, TreeGuard guard) throws Exception {
    var process = PodProcess.of(peer);
    var placement = release(revision, guard);
    var applied = Instant.now();
    var twin = CompletableFuture.supplyAsync(() -> placement.awaitPlaced(List.of(TWIN)));

    var moment = phase.reach(placement, random);
    var killed = process.kill();
    int had = placement.percent(NODE);
    assertWhole();

    var placed = placement.awaitPlaced(List.of(NODE));
    var next = PodProcess.of(faults.awaitRestarted(peer)).started();
    tenant.awaitReady(NAME, Placement.LIMIT);
    assertThat(tenant.tree(NODE, NAME)).as("seed %d: %s", SEED, moment).isEqualTo(latest());
    var restart = Duration.between(killed, next);
    var own = Duration.between(applied, placed.minus(restart));
    return "%s: had %d %%; restarted after %s; received %.1f MiB more; took %s, its twin %s"
        .formatted(
            moment,
            had,
            seconds(restart),
            Peers.of(tenant.lab()).figures(NODE).received() / 1024.0 / 1024.0,
            seconds(own),
            seconds(applied, twin.join()));
  }

  private Placement release(int revision, TreeGuard guard) throws IOException {
    var content = SampleRelease.of((SEED << 8) + revision, 40, BYTES);
    var placement = Placement.of(tenant, NAME, content);
    released.add(content.tree());
    guard.released(content);
    tenant.apply(NAME, tenant.serve("killed-" + revision + ".tar", content), SEEDER);
    return placement;
  }

  private Tree latest() {
    return released.getLast();
  }

  /** While the peer is dead: every revision that can be seen is one that was released. */
  private void assertWhole() throws IOException {
    try (var revisions = Files.list(tenant.folder(NODE, NAME).resolve("revisions"))) {
      for (var revision : revisions.toList()) {
        assertThat(released).as("seed %d: %s", SEED, revision).contains(Tree.read(revision));
      }
    }
  }
}
