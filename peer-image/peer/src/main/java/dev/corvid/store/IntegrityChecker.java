package dev.corvid.store;

import dev.corvid.store.disk.DiskError;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.piece.StoreExecutors;
import dev.corvid.store.state.ReleaseStateStore;
import dev.corvid.store.state.StoredRevision;
import dev.corvid.store.state.StoredRevision.Phase;
import dev.corvid.store.tree.Damage;
import dev.corvid.store.tree.ReadThrottle;
import dev.corvid.wire.grant.Content;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
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

  private final ReleaseLock lock;
  private final ReleaseStateStore stateStore;
  private final StartupScan startupScan;
  private final PlacedRevisions revisions;
  private final RepairFactory repairs;
  private final Duration interval;
  private final Clock clock;

  /** Runs a task while no other thread changes the release. */
  interface ReleaseLock {
    <T> T locked(StoreExecutors.Task<T> task) throws IOException;
  }

  /**
   * @param interval how often a revision is read again; zero for never
   */
  IntegrityChecker(
      ReleaseLock lock,
      ReleaseStateStore stateStore,
      StartupScan startupScan,
      PlacedRevisions revisions,
      RepairFactory repairs,
      Duration interval,
      Clock clock) {
    this.lock = lock;
    this.stateStore = stateStore;
    this.startupScan = startupScan;
    this.revisions = revisions;
    this.repairs = repairs;
    this.interval = interval;
    this.clock = clock;
  }

  /**
   * When the revision is to be read again; empty if the root has no recheck interval. Immediately
   * after an unclean end of the machine or the process.
   */
  public Optional<Instant> checkDue(Revision revision) {
    if (interval.isZero()) {
      return Optional.empty();
    }
    forgetTheFuture();
    var now = clock.millis();
    return stateStore
        .state()
        .held(revision.content().manifestDigest())
        .map(each -> Instant.ofEpochMilli(Math.min(each.checkedAt(), now)).plus(interval));
  }

  /** How often a revision is read again; zero for never. */
  public Duration interval() {
    return interval;
  }

  /** Otherwise a clock that was set back would delay checks by as much. */
  private void forgetTheFuture() {
    try {
      lock.locked(
          () -> {
            stateStore.notAfter(clock.millis());
            return stateStore.state();
          });
    } catch (IOException e) {
      LOG.log(Level.FINE, "It is written with the next change, when the disk has space", e);
    }
  }

  /**
   * Remembers what {@link Revision#check} found.
   *
   * @return whether the revision is no longer held because of it
   */
  public boolean checked(Revision revision, Damage damage) throws StoreException {
    try {
      return lock.locked(() -> remember(revision, damage));
    } catch (IOException e) {
      throw DiskError.of("cannot look for " + revision, e);
    }
  }

  private boolean remember(Revision revision, Damage damage) throws IOException {
    var held = stateStore.state().held(revision.content().manifestDigest());
    if (held.isEmpty() || !startupScan.isPlaced(held.get())) {
      return false; // removed while it was read
    }
    if (damage.isNone()) {
      stateStore.put(held.get().checkedAt(clock.millis()));
      return false;
    }
    startupScan.damaged(held.get(), damage);
    return true;
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
      if (found.isEmpty() || !startupScan.isPlaced(found.get())) {
        return Optional.empty();
      }
      return repairs.open(found.get(), () -> damage(found.get()), this::repaired);
    } catch (IOException e) {
      throw DiskError.of(
          "cannot repair revision " + content.revision() + " of " + stateStore.state().release(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DiskError.of("broken off", new InterruptedIOException());
    }
  }

  /** The machine or the process ended uncleanly. */
  void suspect() throws StoreException {
    stateStore.unchecked();
  }

  private Damage damage(StoredRevision damaged) throws IOException {
    var known = lock.locked(() -> startupScan.damage(damaged));
    return known.isPresent() ? known.get() : revisions.of(damaged).check(ReadThrottle.UNLIMITED);
  }

  /** Its new files are in place, and synced. */
  private Revision repaired(StoredRevision damaged) throws IOException {
    return lock.locked(
        () -> {
          var held =
              stateStore
                  .state()
                  .find(damaged.content().manifestDigest())
                  .orElse(damaged)
                  .checkedAt(clock.millis());
          stateStore.put(held);
          startupScan.trust(held);
          return revisions.of(held);
        });
  }
}
