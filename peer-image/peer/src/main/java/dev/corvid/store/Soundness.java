package dev.corvid.store;

import dev.corvid.store.ReleaseState.Phase;
import dev.corvid.store.ReleaseState.Stored;
import dev.corvid.wire.Content;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Whether a release's revisions are still what was published, and what is done when one is not: it
 * is no longer held, and its damaged files are made anew in its place. Thread-safe.
 */
public final class Soundness {
  private static final Logger LOG = Logger.getLogger(Soundness.class.getName());

  private final Release release;
  private final Root root;
  private final ReleaseMemory memory;
  private final ReleaseDirectory directory;
  private final Staging staging;
  private final Inspection inspection;

  Soundness(
      Release release,
      Root root,
      ReleaseMemory memory,
      ReleaseDirectory directory,
      Staging staging,
      Inspection inspection) {
    this.release = release;
    this.root = root;
    this.memory = memory;
    this.directory = directory;
    this.staging = staging;
    this.inspection = inspection;
  }

  /**
   * When the revision is to be read again; empty if this root does not want that. At once after the
   * machine or the process ended without warning.
   */
  public Optional<Instant> checkDue(Revision revision) {
    Duration interval = root.config().recheckedEvery();
    if (interval.isZero()) {
      return Optional.empty();
    }
    forgetTheFuture();
    var now = root.options().clock().millis();
    return memory
        .state()
        .held(revision.content().manifestDigest())
        .map(each -> Instant.ofEpochMilli(Math.min(each.checkedAt(), now)).plus(interval));
  }

  /** Else a clock that was set back would put checks off for as long as it was set back. */
  private void forgetTheFuture() {
    synchronized (release) {
      try {
        memory.notAfter(root.options().clock().millis());
      } catch (StoreException e) {
        LOG.log(Level.FINE, "It is written with the next change, when the disk has room", e);
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
    var held = memory.state().held(revision.content().manifestDigest());
    try {
      if (held.isEmpty() || !directory.has(held.get().revision())) {
        return false; // removed while it was read
      }
      if (damage.isNone()) {
        memory.put(held.get().checkedAt(root.options().clock().millis()));
        return false;
      }
      inspection.damaged(held.get(), damage);
      return true;
    } catch (IOException e) {
      throw DiskFailure.of("cannot look for " + revision, e);
    }
  }

  /**
   * Begins to mend a damaged revision in its place; close what is returned. Empty if there is none,
   * or so little of it that it has to be downloaded anew.
   *
   * @throws StoreException {@code InsufficientDisk} with figures
   */
  public Optional<Repair> repair(Content content) throws StoreException {
    var found =
        memory.state().find(content.manifestDigest()).filter(each -> each.phase() == Phase.DAMAGED);
    try {
      if (found.isEmpty() || !directory.has(content.revision())) {
        return Optional.empty();
      }
      return root.background().compute(() -> repair(found.get()));
    } catch (IOException e) {
      throw DiskFailure.of("cannot mend revision " + content.revision() + " of " + release, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DiskFailure.of("broken off", new InterruptedIOException());
    }
  }

  /** Its new files are in their places, and synced. */
  Revision mended(Stored damaged) throws IOException {
    synchronized (release) {
      var now = root.options().clock().millis();
      var held =
          memory.state().find(damaged.content().manifestDigest()).orElse(damaged).checkedAt(now);
      memory.put(held);
      inspection.trust(held);
      return release.revision(held);
    }
  }

  /** The repair is closed, finished or not. */
  void repaired(Content content) throws IOException {
    staging.dropMending(content);
    root.trash().empty();
  }

  /** The machine or the process ended without warning. */
  void suspect() throws StoreException {
    memory.unchecked();
  }

  private Optional<Repair> repair(Stored damaged) throws IOException {
    var content = damaged.content();
    Optional<Damage> known;
    synchronized (release) {
      known = inspection.damage(damaged);
    }
    var damage = known.isPresent() ? known.get() : release.revision(damaged).check(Pace.UNBOUND);
    if (damage.isDeep()) {
      return Optional.empty();
    }
    var id = staging.id(content);
    var metainfo = root.state().info(id);
    var tree = new Tree(directory.enter(content.revision()));
    var placed = root.state().files(id, metainfo, tree);
    var repair =
        new Repair(root, release, damaged, damage, placed, staging.mending(content, metainfo));
    try {
      repair.start();
      return Optional.of(repair);
    } catch (IOException | RuntimeException e) {
      repair.close();
      throw e;
    }
  }
}
