package dev.corvid.e2e.scenario.fault;

import dev.corvid.e2e.content.SampleRelease;
import dev.corvid.e2e.scenario.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at what {@code current} of a release points to on a node, again and again until it is
 * closed: always one of the revisions that were released, whole by number and size of its files.
 */
final class TreeGuard implements AutoCloseable {
  private static final long PAUSE_NANOS = 10_000_000;

  private final Path folder;
  private final Set<Shape> released = ConcurrentHashMap.newKeySet();
  private final Queue<String> halves = new ConcurrentLinkedQueue<>();
  private final AtomicLong looks = new AtomicLong();
  private final Thread thread;
  private volatile boolean closed;

  TreeGuard(Path folder) {
    this.folder = folder;
    thread = Thread.ofPlatform().daemon().name("guard of " + folder).start(this::watch);
  }

  /** Announce a revision before it is applied. */
  void released(SampleRelease content) {
    released.add(Shape.of(content));
  }

  private void watch() {
    while (!closed) {
      try {
        var current = Files.readSymbolicLink(folder.resolve("current"));
        look(folder.resolve(current));
      } catch (NoSuchFileException e) {
        looks.incrementAndGet(); // nothing is released yet
      } catch (IOException e) {
        halves.add(e.toString());
      }
      LockSupport.parkNanos(PAUSE_NANOS); // the machine has other things to do
    }
  }

  private void look(Path tree) throws IOException {
    var shape = Shape.of(tree);
    looks.incrementAndGet();
    if (!released.contains(shape)) {
      halves.add(tree.getFileName() + " has " + shape);
    }
  }

  long looks() {
    return looks.get();
  }

  /** What was seen and must never be. */
  Queue<String> halves() {
    return halves;
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
