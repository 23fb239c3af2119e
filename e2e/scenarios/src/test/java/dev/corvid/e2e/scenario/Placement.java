package dev.corvid.e2e.scenario;

import dev.corvid.e2e.Command;
import dev.corvid.e2e.content.SampleRelease;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/**
 * How far the nodes are with the next revision of a release, as their disks show it: true also
 * while no program of Corvid's answers, and no API server.
 */
public final class Placement {
  public static final Duration LIMIT = Duration.ofMinutes(3);

  private static final Duration LOOK = Duration.ofMillis(50);

  private final Tenant tenant;
  private final String name;
  private final long bytes;
  private final Map<String, Before> before = new TreeMap<>();

  /**
   * @param current empty when there was none
   */
  private record Before(String current, Set<String> revisions) {}

  private Placement(Tenant tenant, String name, long bytes, Collection<String> nodes) {
    this.tenant = tenant;
    this.name = name;
    this.bytes = bytes;
    nodes.forEach(node -> before.put(node, new Before(current(node), revisions(node))));
  }

  /** Ask for it before the content is applied. */
  public static Placement of(
      Tenant tenant, String name, SampleRelease content, Collection<String> nodes) {
    return new Placement(tenant, name, content.sizeBytes(), nodes);
  }

  public static Placement of(Tenant tenant, String name, SampleRelease content) {
    return of(tenant, name, content, Lab.NODES);
  }

  /** Whether {@code current} points to another revision than at the beginning. */
  public boolean isActive(String node) {
    var now = current(node);
    return !now.isEmpty() && !now.equals(before.get(node).current());
  }

  /** How much of the content a node's disk holds, 0 to 100. */
  public int percent(String node) {
    if (isActive(node) || isPlaced(node)) {
      return 100;
    }
    return (int) Math.min(100, stagedBytes(node) * 100 / bytes);
  }

  /** Waits until a node has so much of it. */
  public void awaitPercent(String node, int percent) {
    await(node + " has " + percent + " %", () -> percent(node) >= percent);
  }

  /**
   * Waits until so much of it has crossed a link: the node of the seeder has everything at once, so
   * it is the second of all nodes that counts.
   */
  public void awaitTransfer(int percent) {
    await(
        "two nodes have " + percent + " %",
        () -> before.keySet().stream().filter(node -> percent(node) >= percent).count() > 1);
  }

  /** Waits until the first of all nodes has so much of it. */
  public void awaitFirst(int percent) {
    await(
        "a node has " + percent + " %",
        () -> before.keySet().stream().anyMatch(node -> percent(node) >= percent));
  }

  /** Waits until a new revision lies on a node, whole and verified, active or not. */
  public void awaitPlaced(String node) {
    await(node + " holds it", () -> isActive(node) || isPlaced(node));
  }

  /** Waits until it is on all of them; when that was. */
  public Instant awaitPlaced(Collection<String> nodes) {
    nodes.forEach(this::awaitPlaced);
    return Instant.now();
  }

  /** Waits until it is active on a node; when that was. */
  public Instant awaitActive(String node) {
    await("it is active on " + node, () -> isActive(node));
    return Instant.now();
  }

  /** Waits until it is active on all of them; when that was. */
  public Instant awaitActive(Collection<String> nodes) {
    nodes.forEach(this::awaitActive);
    return Instant.now();
  }

  private void await(String what, BooleanSupplier condition) {
    Awaitility.await(name + ": " + what)
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(LOOK)
        .atMost(LIMIT)
        .until(condition::getAsBoolean);
  }

  private String current(String node) {
    try {
      return Files.readSymbolicLink(tenant.folder(node, name).resolve("current")).toString();
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Set<String> revisions(String node) {
    var names = new TreeSet<String>();
    try (var folders = Files.newDirectoryStream(tenant.folder(node, name).resolve("revisions"))) {
      folders.forEach(folder -> names.add(folder.getFileName().toString()));
    } catch (NoSuchFileException e) {
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return names;
  }

  private boolean isPlaced(String node) {
    return !before.get(node).revisions().containsAll(revisions(node));
  }

  /** Blocks that its unfinished files have; they are as long as they will be from the start. */
  private long stagedBytes(String node) {
    var staging = tenant.lab().cluster().disk(node).resolve(Lab.ROOT).resolve(".corvid/staging");
    var unfinished = new ArrayList<String>();
    try (var folders = Files.newDirectoryStream(staging, tenant.namespace() + "." + name + ".*")) {
      folders.forEach(folder -> unfinished.add(folder.toString()));
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (unfinished.isEmpty()) {
      return 0;
    }
    // It may be renamed into place while it is counted: what is left counts.
    var used = Command.of("du", "-s", "-c", "-B1").and(unfinished.toArray(String[]::new));
    var total = used.outcome("").out().lines().toList().getLast();
    return Long.parseLong(total.split("\\s+")[0]);
  }
}
