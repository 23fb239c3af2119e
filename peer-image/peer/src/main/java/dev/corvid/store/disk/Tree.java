package dev.corvid.store.disk;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Files below a directory by their paths, walked down component by component without following a
 * link. The last parent stays open: neighbours in path order mostly share it. Thread-safe.
 */
public final class Tree implements Closeable {
  private final Directory top;
  private @Nullable String openPath;
  private @Nullable Directory open;

  /**
   * @param top closed with this tree
   */
  public Tree(Directory top) {
    this.top = top;
  }

  public Directory top() {
    return top;
  }

  /** One thing to do in the directory that a path is in. */
  @FunctionalInterface
  public interface Step<T extends @Nullable Object> {
    T in(Directory parent, String name) throws IOException;
  }

  /** Runs the step where all directories above the path are there. */
  public synchronized <T extends @Nullable Object> T at(String path, Step<T> step)
      throws IOException {
    return step.in(parent(path, false), path.substring(path.lastIndexOf('/') + 1));
  }

  /** Makes the directories above the path where they are missing, then runs the step. */
  public synchronized <T extends @Nullable Object> T making(String path, Step<T> step)
      throws IOException {
    return step.in(parent(path, true), path.substring(path.lastIndexOf('/') + 1));
  }

  public DataFile read(String path) throws IOException {
    return at(path, Directory::read);
  }

  public Optional<Directory.Entry> find(String path) throws IOException {
    return at(path, Directory::find);
  }

  private Directory parent(String path, boolean make) throws IOException {
    var slash = path.lastIndexOf('/');
    if (slash < 0) {
      return top;
    }
    var parentPath = path.substring(0, slash);
    if (open != null && parentPath.equals(openPath)) {
      return open;
    }
    var parent = walk(parentPath, make);
    closeParent();
    open = parent;
    openPath = parentPath;
    return parent;
  }

  private Directory walk(String path, boolean make) throws IOException {
    var at = top;
    for (var name : path.split("/")) {
      var above = at;
      try {
        at = make ? above.make(name) : above.enter(name);
      } finally {
        if (above != top) {
          above.close();
        }
      }
    }
    return at;
  }

  private void closeParent() throws IOException {
    if (open != null) {
      open.close();
      open = null;
      openPath = null;
    }
  }

  @Override
  public synchronized void close() throws IOException {
    closeParent();
    top.close();
  }
}
