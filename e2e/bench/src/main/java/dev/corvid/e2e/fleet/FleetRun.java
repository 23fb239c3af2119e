package dev.corvid.e2e.fleet;

import dev.corvid.e2e.Checkout;
import dev.corvid.e2e.Folders;
import dev.corvid.e2e.cluster.Chart;
import dev.corvid.e2e.cluster.ControlPlane;
import dev.corvid.wire.grant.Content;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** A fleet's life with its releases, from the first node to their deletion, phase by phase. */
final class FleetRun implements AutoCloseable {
  private static final long SEED = 20101208; // the day on which Murder was shown
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Duration LIMIT_OF_A_RELEASE = Duration.ofSeconds(3);

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final List<Phase> phases = new ArrayList<>();
  private final FleetReleases releases;
  private final Duration limit;
  private final Programs programs;
  private final Fleet fleet;
  private final Meter meter;

  /**
   * Returns when every node's peer is known to the tracker.
   *
   * @param count how many releases there will be
   */
  FleetRun(Path binary, int nodes, int count) throws IOException, InterruptedException {
    limit = LIMIT.plus(LIMIT_OF_A_RELEASE.multipliedBy(count - 1));
    var folder = emptied(Checkout.root().resolve("e2e/target/fleet"));
    var start = Instant.now();
    try {
      var control = closing(new ControlPlane(binary, folder));
      var client = control.client();
      new Chart(control.kubeconfig(), Programs.SYSTEM).apply(memoryFor(nodes));
      releases = new FleetReleases(client, count);
      releases.makeNamespaces();
      var kubelets = new Kubelets(client, new NodeObjects(daemonSet(client)));
      var registered = kubelets.register(nodes);
      programs = closing(new Programs(control, folder));
      fleet = closing(new Fleet(programs.trackerAddress(), SEED));
      closing(new PlayedSeeder(client, kubelets, fleet));
      meter = closing(new Meter(programs, control, fleet, start));
      fleet.start(registered);
      var end = fleet.await("know their tracker", SimulatedPeer::isSynced, limit);
      ended("start of the cluster and of %d peers".formatted(nodes), start, end);
    } catch (IOException | RuntimeException | InterruptedException e) {
      close();
      throw e;
    }
  }

  /** As the chart's values advise: as much again for every two thousand nodes. */
  private static Map<String, Object> memoryFor(int nodes) {
    int times = Math.ceilDiv(nodes, 2_000);
    return Map.of(
        "images", Chart.LOCAL_IMAGES,
        "operator", limit(512 * times),
        "tracker", limit(256 * times));
  }

  private static Map<String, Object> limit(int mebibytes) {
    return Map.of("resources", Map.of("limits", Map.of("memory", mebibytes + "Mi")));
  }

  private static DaemonSet daemonSet(KubernetesClient client) {
    return client
        .apps()
        .daemonSets()
        .inNamespace(Programs.SYSTEM)
        .withName("corvid-peer")
        .require();
  }

  private <T extends AutoCloseable> T closing(T part) {
    opened.push(part);
    return part;
  }

  /** All of it, in order. */
  List<Phase> run() throws IOException, InterruptedException {
    var all = releases.count() == 1 ? "" : " of all %d releases".formatted(releases.count());
    ended("first release" + all, releases.apply(1), releases.awaitReady(1, limit));
    ended("edit" + all, releases.apply(2), releases.awaitReady(2, limit));
    reconnect();
    restartTracker();
    trouble();
    var first = releases.first();
    ended("back to the edit", first.apply(2), first.awaitReady(2, limit));
    var deleted = Instant.now();
    releases.delete(limit);
    ended(
        "deletion" + all, deleted, fleet.await("hold nothing", SimulatedPeer::holdsNothing, limit));
    return phases;
  }

  private void reconnect() throws IOException, InterruptedException {
    fleet.breakOff();
    var start = Instant.now();
    fleet.comeBack();
    var end = fleet.await("are back", SimulatedPeer::isSynced, limit);
    ended("all peers restarted at once", start, end);
  }

  private void restartTracker() throws IOException, InterruptedException {
    fleet.breakOff();
    programs.killTracker();
    var start = Instant.now();
    programs.startTracker();
    fleet.comeBack();
    var end = fleet.await("are back", SimulatedPeer::isSynced, limit);
    ended("tracker killed, all come back at once", start, end);
  }

  /** Ready is due when the trouble is over, and is counted from then. */
  private void trouble() throws IOException, InterruptedException {
    var release = releases.first();
    Content content = release.content(3);
    var troubled = fleet.trouble();
    var well = new ArrayList<>(fleet.peers());
    well.removeAll(troubled);
    var start = release.apply(3);
    var end = fleet.await("hold it", well, peer -> peer.holds(content.manifestDigest()), limit);
    ended("a tenth fails, flaps or is slow: the others hold it", start, end);
    var healed = Instant.now();
    fleet.heal();
    fleet.await("hold it", peer -> peer.holds(content.manifestDigest()), limit);
    ended("the trouble ends", healed, release.awaitReady(3, limit));
  }

  private void ended(String phase, Instant start, Instant end)
      throws IOException, InterruptedException {
    phases.add(meter.phase(phase, Duration.between(start, end)));
    System.out.println(phases.getLast());
  }

  private static Path emptied(Path folder) throws IOException {
    Folders.delete(folder);
    return Files.createDirectories(folder);
  }

  @Override
  public void close() {
    for (var part : opened) {
      try {
        part.close();
      } catch (Exception e) {
        throw new IllegalStateException(part.getClass().getSimpleName() + " stays open", e);
      }
    }
  }
}
