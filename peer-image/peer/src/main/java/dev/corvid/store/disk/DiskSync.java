package dev.corvid.store.disk;

import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Syncs many files at once: a disk serves several together about as fast as one. Whatever fails,
 * all that were begun have ended when this returns.
 */
public final class DiskSync {
  private static final int AT_ONCE = 16;

  private DiskSync() {}

  /** One file or directory to sync. */
  @FunctionalInterface
  public interface Task {
    void run() throws IOException;
  }

  /** Hands out tasks one after the other. */
  @FunctionalInterface
  public interface Tasks {
    void each(Sink sink) throws IOException;
  }

  /** Takes a task; waits while too many are under way. */
  @FunctionalInterface
  public interface Sink {
    void run(Task task) throws IOException;
  }

  /**
   * @throws IOException the first failure
   */
  public static void all(Tasks tasks) throws IOException {
    var slots = new Semaphore(AT_ONCE);
    var failures = new ConcurrentLinkedQueue<Throwable>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      tasks.each(
          task -> {
            slots.acquireUninterruptibly();
            threads.execute(
                () -> {
                  try {
                    task.run();
                  } catch (IOException | RuntimeException | Error e) {
                    failures.add(e);
                  } finally {
                    slots.release();
                  }
                });
          });
    }
    switch (failures.poll()) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IOException(e);
    }
  }

  /** Every directory of the tree, after those that are in it. */
  public static void directories(Directory in) throws IOException {
    for (var name : in.names()) {
      if (in.find(name).map(Directory.Entry::kind).orElse(Directory.Kind.OTHER)
          == Directory.Kind.DIRECTORY) {
        try (var below = in.enter(name)) {
          directories(below);
        }
      }
    }
    in.sync();
  }
}
