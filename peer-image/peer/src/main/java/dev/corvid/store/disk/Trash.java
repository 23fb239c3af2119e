package dev.corvid.store.disk;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Deletes whole trees in two steps: a rename, which takes them out of sight at once and whole, and
 * the deletion, which may take its time and be broken off. Thread-safe.
 */
public final class Trash {
  private static final Logger LOG = Logger.getLogger(Trash.class.getName());

  private final Directory trash;
  private final Executor executor;
  private long next;

  public Trash(Directory trash, Executor executor) {
    this.trash = trash;
    this.executor = executor;
  }

  /** Takes what is there, if it is, and begins to delete it. Not durable before both are synced. */
  public synchronized void take(Directory from, String name) throws IOException {
    if (from.find(name).isEmpty()) {
      return;
    }
    while (trash.find(Long.toString(next)).isPresent()) {
      next++;
    }
    from.move(name, trash, Long.toString(next++));
  }

  /** Makes the renames durable; deletes everything afterwards, in the background. */
  public void empty() throws IOException {
    trash.sync();
    executor.execute(this::deleteAll);
  }

  private synchronized void deleteAll() {
    try {
      for (var name : trash.names()) {
        delete(trash, name);
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot empty " + trash + "; it is tried again later", e);
    }
  }

  private static void delete(Directory in, String name) throws IOException {
    var isDirectory =
        in.find(name).filter(entry -> entry.kind() == Directory.Kind.DIRECTORY).isPresent();
    if (!isDirectory) {
      in.delete(name);
      return;
    }
    try (var directory = in.enter(name)) {
      for (var below : directory.names()) {
        delete(directory, below);
      }
    }
    in.deleteDirectory(name);
  }
}
