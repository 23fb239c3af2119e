package dev.corvid.e2e.scenario.soak;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Lab;
import dev.corvid.e2e.scenario.Shape;
import dev.corvid.e2e.scenario.Tenant;
import dev.corvid.e2e.scenario.hostile.NamespaceIsolation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What is true at every moment, whatever happens: {@code current} on every node is one whole
 * revision of those released, and no status says more than the disks show for longer than it takes
 * to be told.
 */
final class Invariants implements AutoCloseable {
  /** Looks in a row, one a second, at which a status may be ahead of a disk. */
  private static final int LATENESS = 90;

  private final Tenant tenant;
  private final NamespaceIsolation apart;
  private final Map<String, Set<Shape>> released = new ConcurrentHashMap<>();
  private final Map<String, Integer> ahead = new ConcurrentHashMap<>();
  private final Queue<String> broken = new ConcurrentLinkedQueue<>();
  private final AtomicInteger looks = new AtomicInteger();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  /**
   * @param apart checked at each look, too; null for none
   */
  Invariants(Tenant tenant, NamespaceIsolation apart) {
    this.apart = apart;
    this.tenant = tenant;
  }

  /** Announce a revision before it is applied. */
  void released(String name, SampleRelease content) {
    released.computeIfAbsent(name, _ -> ConcurrentHashMap.newKeySet()).add(Shape.of(content));
  }

  void start() {
    clock.scheduleWithFixedDelay(this::look, 0, 1, TimeUnit.SECONDS);
  }

  private void look() {
    try {
      for (var release : released.entrySet()) {
        for (var node : Lab.NODES) {
          lookAt(node, release.getKey(), release.getValue());
        }
      }
      releases().forEach(this::lookAt);
      if (apart != null) {
        apart.stolen().forEach(file -> broken.add("content of another namespace: " + file));
      }
      looks.incrementAndGet();
    } catch (IOException | RuntimeException e) {
      broken.add("could not be checked: " + e);
    }
  }

  private void lookAt(String node, String name, Set<Shape> released) throws IOException {
    try {
      var folder = tenant.folder(node, name);
      var revision = folder.resolve(Files.readSymbolicLink(folder.resolve("current")));
      var shape = Shape.of(revision);
      if (!released.contains(shape)) {
        broken.add("%s on %s is %s: %s".formatted(name, node, revision.getFileName(), shape));
      }
    } catch (NoSuchFileException e) {
      return; // not there yet, or not any more
    }
  }

  private List<SwarmRelease> releases() {
    return tenant
        .lab()
        .client()
        .resources(SwarmRelease.class)
        .inNamespace(tenant.namespace())
        .list()
        .getItems();
  }

  private void lookAt(SwarmRelease release) {
    var name = release.getMetadata().getName();
    if (!Tenant.isReady(release) || !isAhead(release, name)) {
      ahead.remove(name);
    } else if (ahead.merge(name, 1, Integer::sum) == LATENESS) {
      broken.add(
          "%s counts %d nodes with %s for %d s, and fewer have it"
              .formatted(
                  name,
                  release.getStatus().nodes().updated(),
                  release.getStatus().currentRevision(),
                  LATENESS));
    }
  }

  private boolean isAhead(SwarmRelease release, String name) {
    var wanted = release.getStatus().currentRevision();
    long active = Lab.NODES.stream().filter(node -> isActive(node, name, wanted)).count();
    return active < release.getStatus().nodes().updated();
  }

  private boolean isActive(String node, String name, String revision) {
    try {
      var current = tenant.folder(node, name).resolve("current");
      return Files.readSymbolicLink(current).getFileName().toString().equals(revision);
    } catch (IOException e) {
      return false;
    }
  }

  int looks() {
    return looks.get();
  }

  /** What was seen and must never be. */
  Queue<String> broken() {
    return broken;
  }

  @Override
  public void close() throws InterruptedException {
    clock.shutdown();
    clock.awaitTermination(Duration.ofSeconds(30).toSeconds(), TimeUnit.SECONDS);
  }
}
