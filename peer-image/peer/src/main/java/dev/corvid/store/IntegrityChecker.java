package dev.corvid.store;

import dev.corvid.store.disk.DiskError;
import dev.corvid.store.disk.Tree;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.state.ReleaseStateStore;
import dev.corvid.store.state.StoredRevision;
import dev.corvid.store.state.StoredRevision.Phase;
import dev.corvid.store.tree.Damage;
import dev.corvid.store.tree.ReadThrottle;
import dev.corvid.store.tree.ReleaseDirectory;
import dev.corvid.wire.grant.Content;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Checks whether a release's revisions are still what was published. One that is not is no longer
 * held, and its damaged files are replaced in place. Thread-safe.
 */
public final class IntegrityChecker {
  private static final Logger LOG = Logger.getLogger(IntegrityChecker.class.getName());

  private final Release release;
  private final Root root;
  private final ReleaseStateStore stateStore;
  private final ReleaseDirectory directory;
  private final Staging staging;
  private final StartupScan startupScan;

  IntegrityChecker(
      Release release,
      Root root,
      ReleaseStateStore stateStore,
      ReleaseDirectory directory,
      Staging staging,
      StartupScan startupScan) {
    this.release = release;
    this.root = root;
    this.stateStore = stateStore;
    this.directory = directory;
    this.staging = staging;
    this.startupScan = startupScan;
  }

  /**
   * When the revision is to be read again; empty if the root has no recheck interval. Immediately
   * after an unclean end of the machine or the process.
   */
  public Optional<Instant> checkDue(Revision revision) {
    Duration interval = interval();
    if (interval.isZero()) {
      return Optional.empty();
    }
    forgetTheFuture();
    var now = root.options().clock().millis();
    return stateStore
        .state()
        .held(revision.content().manifestDigest())
        .map(each -> Instant.ofEpochMilli(Math.min(each.checkedAt(), now)).plus(interval));
  }

  /** How often a revision is read again; zero for never. */
  public Duration interval() {
    return root.config().recheckedEvery();
  }

  /** Otherwise a clock that was set back would delay checks by as much. */
  private void forgetTheFuture() {
    synchronized (release) {
      try {
        stateStore.notAfter(root.options().clock().millis());
      } catch (StoreException e) {
        LOG.log(Level.FINE, "It is written with the next change, when the disk has space", e);
      }
    }
  }

  /**
   * Remembers what {@link Revision#check} found.
   *
   * @return whether the revision is no longer held because of it
   */
  public boolean checked(Revision revision, Damage damage) throws StoreException {
    synchronized (release) {
      return remember(revision, damage);
    }
  }

  private boolean remember(Revision revision, Damage damage) throws StoreException {
    var held = stateStore.state().held(revision.content().manifestDigest());
    try {
      if (held.isEmpty() || !directory.has(held.get().revision())) {
        return false; // removed while it was read
      }
      if (damage.isNone()) {
        stateStore.put(held.get().checkedAt(root.options().clock().millis()));
        return false;
      }
      startupScan.damaged(held.get(), damage);
      return true;
    } catch (IOException e) {
      throw DiskError.of("cannot look for " + revision, e);
    }
  }

  /**
   * Begins to repair a damaged revision in place; close what is returned. Empty if there is none,
   * or so little of it that it has to be downloaded again.
   *
   * @throws StoreException {@code InsufficientDisk} with figures
   */
  public Optional<Repair> repair(Content content) throws StoreException {
    var found =
        stateStore
            .state()
            .find(content.manifestDigest())
            .filter(each -> each.phase() == Phase.DAMAGED);
    try {
      if (found.isEmpty() || !directory.has(content.revision())) {
        return Optional.empty();
      }
      return root.executors().compute(() -> repair(found.get()));
    } catch (IOException e) {
      throw DiskError.of("cannot repair revision " + content.revision() + " of " + release, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DiskError.of("broken off", new InterruptedIOException());
    }
  }

  /** Its new files are in place, and synced. */
  Revision repaired(StoredRevision damaged) throws IOException {
    synchronized (release) {
      var now = root.options().clock().millis();
      var held =
          stateStore
              .state()
              .find(damaged.content().manifestDigest())
              .orElse(damaged)
              .checkedAt(now);
      stateStore.put(held);
      startupScan.trust(held);
      return release.revision(held);
    }
  }

  /** The repair is closed, finished or not. */
  void repairClosed(Content content) throws IOException {
    staging.dropRepairTree(content);
    root.trash().empty();
  }

  /** The machine or the process ended uncleanly. */
  void suspect() throws StoreException {
    stateStore.unchecked();
  }

  private Optional<Repair> repair(StoredRevision damaged) throws IOException {
    var content = damaged.content();
    Optional<Damage> known;
    synchronized (release) {
      known = startupScan.damage(damaged);
    }
    var damage =
        known.isPresent() ? known.get() : release.revision(damaged).check(ReadThrottle.UNLIMITED);
    if (damage.isDeep()) {
      return Optional.empty();
    }
    var id = staging.id(content);
    var metainfo = root.states().info(id);
    var tree = new Tree(directory.enter(content.revision()));
    var placed = root.states().files(id, metainfo, tree);
    var repair =
        new Repair(root, release, damaged, damage, placed, staging.repairTree(content, metainfo));
    try {
      repair.start();
      return Optional.of(repair);
    } catch (IOException | RuntimeException e) {
      repair.close();
      throw e;
    }
  }
}
