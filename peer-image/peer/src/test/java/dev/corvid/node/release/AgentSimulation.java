package dev.corvid.node.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.node.LoopbackCluster;
import dev.corvid.node.SampleRelease;
import dev.corvid.node.SimulatedTime;
import dev.corvid.store.CrashingDisk;
import dev.corvid.store.Release;
import dev.corvid.store.state.ReleaseState;
import dev.corvid.trust.TestCluster;
import dev.corvid.trust.TrustFile;
import dev.corvid.wire.Reason;
import dev.corvid.wire.config.Roots;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.Grant.Action;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodeReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The releases of one node through half an hour of faults, in simulated time: grants are lost,
 * late, doubled, reordered and forged, disks are full, damaged and gone, processes and machines
 * end. Then all is well, and what the last grants want must come about. Seeded: the same run again
 * is the same to the step.
 */
final class AgentSimulation {
  private static final Duration FAULTS = Duration.ofMinutes(30);
  private static final Duration QUIET = Duration.ofHours(3);
  private static final int LIVELOCK = 50_000;

  private final List<SampleRelease> contents;
  private final Path directory;
  private final SplittableRandom random;
  private final SimulatedTime time = new SimulatedTime();
  private final TrustFile trust;
  private final PlayedOperator operator;
  private final Roots config;
  private final Path root;
  private final Map<ReleaseName, String> current = new HashMap<>();
  private final Map<ReleaseName, Set<String>> served = new HashMap<>();
  private final Set<Path> tampered = new HashSet<>();
  private final List<String> trace = new ArrayList<>();
  private CrashingDisk disk;
  private SimulatedSwarm swarm;
  private SimulatedPeer peer;
  private boolean faulty = true;
  private boolean handling;
  private long interruptedAt = -1;
  private int machine;
  private int steps;

  AgentSimulation(
      long seed,
      List<SampleRelease> contents,
      TestCluster keys,
      TestCluster stranger,
      Path directory)
      throws IOException {
    this.contents = contents;
    this.directory = directory;
    random = new SplittableRandom(seed);
    trust = new TrustFile(keys.trustFile());
    operator = new PlayedOperator(random.split(), keys, stranger, contents);
    root = Files.createDirectories(directory.resolve("models"));
    String keptAfterSwitch = random.nextBoolean() ? "0s" : "10m";
    config =
        new Roots(
            List.of(
                new Roots.Root(
                    "models",
                    "/models",
                    List.of(),
                    "0",
                    null,
                    keptAfterSwitch,
                    null,
                    null,
                    "1h",
                    Roots.Root.Sharing.NAMESPACE)));
  }

  /** What happened, a line for each change that can be seen from outside. */
  List<String> trace() {
    return trace;
  }

  void run() throws IOException {
    start();
    fault();
    runFor(FAULTS);
    faulty = false;
    note("the faults end");
    rootIsThere(true);
    end(random.nextInt(3));
    start();
    deliver(operator.slice());
    runFor(Duration.ofMinutes(10));
    operator.hear(peer.reports());
    deliver(operator.slice());
    runFor(QUIET);
    for (Grant grant : operator.grants().values()) {
      assertCameAbout(grant);
    }
    peer.close();
    disk.close();
  }

  private void runFor(Duration duration) throws IOException {
    long end = time.nanoTime() + duration.toNanos();
    while (time.nanoTime() < end) {
      try {
        if (time.runDue() || step()) {
          assertThat(++steps).as("steps").isLessThan(LIVELOCK);
          look();
        } else {
          time.advance(Math.min(end, peer.nextAlarm()));
        }
      } catch (CrashingDisk.PowerOff e) {
        restart(1 + random.nextInt(2));
      }
    }
  }

  private boolean step() {
    handling = true;
    try {
      return peer.step();
    } finally {
      handling = false;
    }
  }

  /** In the middle of what an agent does for one event, such as a copy, another one arrives. */
  private void interrupt() {
    if (!handling || !faulty || interruptedAt == time.nanoTime() || random.nextInt(4) > 0) {
      return;
    }
    interruptedAt = time.nanoTime();
    if (random.nextBoolean()) {
      operator.signAgain(PlayedOperator.NAMES.get(random.nextInt(PlayedOperator.NAMES.size())));
    }
    deliver(operator.slice());
  }

  private void fault() {
    if (!faulty) {
      return;
    }
    time.after(Duration.ofMillis(random.nextInt(60_000)), this::fault);
    try {
      switch (random.nextInt(20)) {
        case 0 -> restart(0);
        case 1 -> restart(1 + random.nextInt(2));
        case 2 -> disk.fill();
        case 3 -> disk.drain();
        case 4 -> swarm.online(random.nextInt(3) > 0);
        case 5 -> rootIsThere(random.nextInt(3) > 0);
        case 6 -> tamper();
        case 7 -> arrive(operator.forged());
        case 8, 9, 10, 11 -> arrive(operator.slice());
        default -> change();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void change() {
    ReleaseName name = PlayedOperator.NAMES.get(random.nextInt(PlayedOperator.NAMES.size()));
    operator.change(name, release(name).map(each -> each.state().releaseUid()).orElse(null));
    note("granted " + text(operator.grants().get(name.toString())));
    arrive(operator.slice());
  }

  /** By a network that loses, doubles and delays, and so reorders. */
  private void arrive(NodeAssignments slice) {
    for (int copies = random.nextInt(5); copies > 1; copies -= 2) {
      boolean late = random.nextInt(3) == 0;
      time.after(
          Duration.ofMillis(random.nextInt(late ? 300_000 : 2000)),
          () -> {
            if (faulty) {
              deliver(slice);
            }
          });
    }
  }

  private void deliver(NodeAssignments slice) {
    try {
      peer.obey(slice);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void restart(int how) throws IOException {
    rootIsThere(true);
    end(how);
    start();
  }

  /**
   * @param how 0 as asked, 1 killed, 2 with the machine
   */
  private void end(int how) throws IOException {
    note("the process ends " + how);
    try {
      if (how == 0) {
        peer.close();
      }
    } catch (CrashingDisk.PowerOff e) {
      note("and crashes");
    }
    peer.kill();
    disk.drain();
    disk.close();
    if (how == 2) {
      disk.losePower(random.nextBoolean());
      machine++;
    }
  }

  private void start() throws IOException {
    boolean running = false;
    while (!running) {
      int stopBefore = faulty && random.nextInt(3) == 0 ? 1 + random.nextInt(600) : 1 << 30;
      disk = new CrashingDisk(root, stopBefore);
      disk.beforeEachWrite(this::interrupt);
      swarm = new SimulatedSwarm(time, random.split(), contents);
      peer =
          new SimulatedPeer(
              time, random.split(), swarm, trust, config, directory, disk, "boot-" + machine);
      try {
        peer.open();
        running = true;
      } catch (CrashingDisk.PowerOff e) {
        end(1 + random.nextInt(2));
      }
    }
    for (ReleaseName name : PlayedOperator.NAMES) {
      String there = current(name);
      if (there != null) {
        assertThat(
                served.getOrDefault(name, Set.of()).contains(there)
                    || wantedBy(release(name).orElseThrow()).equals(there))
            .as("%s of %s after a restart", there, name)
            .isTrue();
        served.computeIfAbsent(name, key -> new HashSet<>()).add(there);
        assertWhole(name, there);
      }
      current.put(name, there);
    }
  }

  private void rootIsThere(boolean there) throws IOException {
    Path gone = directory.resolve("gone");
    if (there && Files.exists(gone)) {
      Files.move(gone, root);
      note("the root is back");
    } else if (!there && Files.exists(root)) {
      Files.move(root, gone);
      note("the root is gone");
    }
  }

  /** The disk changes a byte of what is active. */
  private void tamper() throws IOException {
    ReleaseName name = PlayedOperator.NAMES.get(random.nextInt(PlayedOperator.NAMES.size()));
    Path link = root.resolve(name.toString()).resolve("current");
    if (!Files.exists(link)) {
      return;
    }
    Path tree = link.toRealPath();
    Path victim = tree.resolve(contents.getFirst().files.firstKey());
    byte[] bytes = Files.readAllBytes(victim);
    bytes[0] ^= 1;
    var modified = Files.getLastModifiedTime(victim);
    var mode = Files.getPosixFilePermissions(victim);
    Files.delete(victim);
    Files.write(victim, bytes);
    Files.setPosixFilePermissions(victim, mode);
    if (random.nextBoolean()) {
      Files.setLastModifiedTime(victim, modified);
    }
    tampered.add(tree);
    note("damaged " + name);
  }

  /** What must be so after every step. */
  private void look() {
    for (NodeReport report : peer.reports()) {
      assertThat(report.reason()).as("%s", report).isNotEqualTo(Reason.InternalError);
    }
    for (ReleaseName name : PlayedOperator.NAMES) {
      String there = current(name);
      if (!Files.exists(root) || java.util.Objects.equals(there, current.get(name))) {
        continue;
      }
      note("current of " + name + " is " + there);
      if (there != null) {
        assertThat(wantedBy(release(name).orElseThrow())).as("%s", name).isEqualTo(there);
        served.computeIfAbsent(name, key -> new HashSet<>()).add(there);
        assertWhole(name, there);
      }
      current.put(name, there);
    }
    noteStates();
  }

  private void noteStates() {
    Map<String, String> states = new TreeMap<>();
    peer.reports()
        .forEach(
            report ->
                states.put(
                    report.releaseUid(),
                    report.state() + " " + report.epoch() + " " + report.reason()));
    note(states.toString());
  }

  /** The revision that the recorded grant wants active: one that the operator signed. */
  private String wantedBy(Release release) {
    ReleaseState state = release.state();
    assertThat(operator.hasSigned(state.grant())).as("%s", state).isTrue();
    try {
      Grant grant = state.grant().unverified();
      assertThat(grant.rank()).isEqualTo(state.rank());
      return grant.action() == Action.ACTIVATE ? grant.content().revision() : "nothing";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertWhole(ReleaseName name, String revision) {
    try {
      Path tree = root.resolve(name.toString()).resolve("current").toRealPath();
      if (!tampered.contains(tree)) {
        LoopbackCluster.assertIsThere(
            tree,
            contents.stream()
                .filter(each -> each.content.revision().equals(revision))
                .findFirst()
                .orElseThrow());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertCameAbout(Grant grant) {
    Optional<NodeReport> report =
        peer.reports().stream()
            .filter(each -> each.releaseUid().equals(grant.releaseUid()))
            .findFirst();
    tampered.clear();
    String there = current(grant.release());
    switch (grant.action()) {
      case REMOVE -> {
        assertThat(release(grant.release()).orElseThrow().state().removed()).isTrue();
        assertThat(report.map(NodeReport::state)).hasValue(NodeReport.State.REMOVED);
      }
      case HOLD, ACTIVATE -> {
        assertThat(report).as("%s", text(grant)).isPresent();
        assertThat(report.get().epoch()).isEqualTo(grant.epoch());
        // What was mended is reported until the next grant.
        assertThat(report.get().reason()).as("%s", report.get()).isIn(null, Reason.Corrupted);
        assertThat(report.get().held()).contains(grant.content().manifestDigest());
        boolean active = grant.content().revision().equals(there);
        assertThat(active || grant.action() == Action.HOLD).as("%s", report.get()).isTrue();
        assertThat(report.get().state())
            .isEqualTo(active ? NodeReport.State.ACTIVE : NodeReport.State.VERIFIED);
        if (active) {
          assertWhole(grant.release(), there);
        }
      }
    }
  }

  private Optional<Release> release(ReleaseName name) {
    return peer.root().stream()
        .flatMap(each -> each.releases().stream())
        .filter(each -> each.state().release().equals(name))
        .findFirst();
  }

  /** The revision that pods read; null for none. */
  private String current(ReleaseName name) {
    Path link = root.resolve(name.toString()).resolve("current");
    try {
      return Files.exists(link, LinkOption.NOFOLLOW_LINKS)
          ? Files.readSymbolicLink(link).getFileName().toString()
          : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void note(String what) {
    String line = time.nanoTime() / 1_000_000 + " ms: " + what;
    if (trace.isEmpty() || !trace.getLast().endsWith(": " + what)) {
      trace.add(line);
    }
  }

  private static String text(Grant grant) {
    return "%s %s %d %s %s"
        .formatted(
            grant.release(),
            grant.releaseUid(),
            grant.epoch(),
            grant.action(),
            grant.content() == null ? grant.deletionPolicy() : grant.content().revision());
  }
}
