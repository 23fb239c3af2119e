package dev.corvid.node.root;

import static java.util.Objects.requireNonNull;

import dev.corvid.lifecycle.OpenParts;
import dev.corvid.store.Root;
import dev.corvid.store.StoreOptions;
import dev.corvid.store.disk.FileSystemLocation;
import dev.corvid.store.error.StoreException;
import dev.corvid.wire.Reason;
import dev.corvid.wire.config.Roots;
import dev.corvid.wire.grant.Grant;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.logging.Logger;

/**
 * The roots that the cluster's admin opened on this node. One that fails to open is tried again
 * whenever a release needs it, so a repaired disk needs no restart. Thread-safe.
 */
public final class RootRegistry implements Closeable {
  private static final Logger log = Logger.getLogger(RootRegistry.class.getName());

  private final Roots roots;
  private final Path directory;
  private final StoreOptions options;
  private final Opener opener;
  private final Consumer<Root> opened;
  private final Map<String, Root> open = new ConcurrentHashMap<>();

  /** Where each open root was when it was opened. */
  private final Map<String, FileSystemLocation> locations = new HashMap<>();

  /** Opens one root: a boundary to the disk. */
  @FunctionalInterface
  public interface Opener {
    Root open(Roots.Root config, Path directory, StoreOptions options) throws StoreException;
  }

  /**
   * @param opened receives each root once, when it first opens
   */
  public RootRegistry(
      Roots roots, Path directory, StoreOptions options, Opener opener, Consumer<Root> opened) {
    this.roots = roots;
    this.directory = directory;
    this.options = options;
    this.opener = opener;
    this.opened = opened;
  }

  /**
   * Opens every root that can be opened; the others are logged, and reported by each release that
   * needs them.
   */
  public void openAll() {
    for (Roots.Root root : roots.roots()) {
      try {
        open(root);
      } catch (StoreException e) {
        log.warning(() -> "root " + root.name() + " cannot be used: " + e.getMessage());
      }
    }
  }

  /**
   * The root that a grant names.
   *
   * @throws StoreException {@code RootUnknown}, {@code RootNotAllowed} or {@code RootNotWritable}
   */
  public Root open(Grant grant) throws StoreException {
    Roots.Root root =
        roots
            .find(grant.root())
            .orElseThrow(
                () ->
                    new StoreException(
                        Reason.RootUnknown,
                        "this node has no root "
                            + grant.root()
                            + "; open it in the chart's value roots, or name another one"));
    if (!root.allows(grant.release().namespace())) {
      throw new StoreException(
          Reason.RootNotAllowed,
          "root "
              + root.name()
              + " is not open to namespace "
              + grant.release().namespace()
              + "; add it to the root's namespaces in the chart's values");
    }
    return open(root);
  }

  /** How many open roots are elsewhere than when they were opened, or not to be found. */
  public synchronized int moved() {
    return (int) open.values().stream().filter(root -> isMoved(root.config())).count();
  }

  private boolean isMoved(Roots.Root config) {
    try {
      requireUnmoved(config);
      return false;
    } catch (StoreException e) {
      return true;
    }
  }

  /** Whether the root of that name has been opened. Waits for no disk. */
  public boolean isOpen(String name) {
    return open.containsKey(name);
  }

  @Override
  public synchronized void close() throws IOException {
    var parts = new OpenParts();
    open.values().forEach(root -> parts.add("root " + root.config().name(), root));
    open.clear();
    locations.clear();
    parts.close();
  }

  /**
   * The values are checked for this, but through links and mounts of the node one root can be in
   * another all the same: what counts for the one would be in the other, and open to its
   * namespaces.
   */
  private FileSystemLocation requireApart(Roots.Root config) throws StoreException {
    try {
      var location = FileSystemLocation.of(directory.resolve(config.name()));
      for (Roots.Root other : roots.roots()) {
        Path path = directory.resolve(other.name());
        if (other != config
            && Files.exists(path)
            && location.overlaps(FileSystemLocation.of(path))) {
          throw new StoreException(
              Reason.RootNotWritable,
              "on this node the roots %s (%s) and %s (%s) are the same directory, or one is in the other; neither is used until each has a directory of its own"
                  .formatted(config.name(), config.hostPath(), other.name(), other.hostPath()));
        }
      }
      return location;
    } catch (StoreException e) {
      throw e;
    } catch (IOException e) {
      throw unseen(config, e);
    }
  }

  private static StoreException unseen(Roots.Root config, IOException e) {
    return new StoreException(
        Reason.RootNotWritable,
        "cannot see where root " + config.name() + " is mounted (" + e + "); see that it is there",
        e);
  }

  /**
   * A disk that is mounted on the root, or taken away, under a running peer: pods would read
   * another directory than the one that is written to.
   */
  private void requireUnmoved(Roots.Root config) throws StoreException {
    FileSystemLocation then = requireNonNull(locations.get(config.name()), "it is open");
    try {
      FileSystemLocation now = FileSystemLocation.of(directory.resolve(config.name()));
      if (!now.equals(then)) {
        throw new StoreException(
            Reason.RootNotWritable,
            "what is mounted at root %s (%s) has changed since this node's peer started, from %s of device %s to %s of %s: see that the right disk is mounted, then delete the peer's pod"
                .formatted(
                    config.name(),
                    config.hostPath(),
                    then.path(),
                    then.device(),
                    now.path(),
                    now.device()));
      }
    } catch (StoreException e) {
      throw e;
    } catch (IOException e) {
      throw unseen(config, e);
    }
  }

  private Root open(Roots.Root config) throws StoreException {
    Root root;
    synchronized (this) {
      root = open.get(config.name());
      if (root != null) {
        requireUnmoved(config);
        return root;
      }
      FileSystemLocation location = requireApart(config);
      root = opener.open(config, directory.resolve(config.name()), options);
      open.put(config.name(), root);
      locations.put(config.name(), location);
    }
    opened.accept(root);
    return root;
  }
}
