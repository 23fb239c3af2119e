package dev.corvid.store.disk;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Deletes whole trees in two steps: a rename, which takes them out of sight at once and whole, and
 * the deletion, which may take its time and be broken off. Thread-safe.
 */
public final class Trash implements Closeable {
  private static final Logger LOG = Logger.getLogger(Trash.class.getName());

  private final Directory trash;
  private final Executor executor;
  private long next;
  private volatile boolean closed;

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
    if (closed) {
      return;
    }
    try {
      for (var name : trash.names()) {
        delete(trash, name);
      }
    } catch (IOException e) {
      var level = closed ? Level.FINE : Level.WARNING;
      LOG.log(level, "cannot empty " + trash + "; it is tried again later", e);
    }
  }

  private void delete(Directory in, String name) throws IOException {
    if (closed) {
      throw new IOException(trash + " was closed meanwhile");
    }
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

  /** Breaks a deletion off, after the entry at hand; what is left is deleted at another time. */
  @Override
  public void close() throws IOException {
    closed = true;
    synchronized (this) {
      trash.close();
    }
  }
}
