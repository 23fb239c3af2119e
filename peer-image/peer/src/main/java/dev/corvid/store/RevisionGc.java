package dev.corvid.store;

import dev.corvid.store.disk.Trash;
import dev.corvid.store.state.ReleaseState;
import dev.corvid.store.state.ReleaseStateStore;
import dev.corvid.store.state.StateStore;
import dev.corvid.store.state.StoredRevision;
import dev.corvid.store.state.StoredRevision.Phase;
import dev.corvid.store.tree.ReleaseDirectory;
import dev.corvid.wire.grant.DeletionPolicy;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Deletes what a release no longer needs; see {@link Release} for the order of steps. */
final class RevisionGc {
  private final Duration keptAfterSwitch;
  private final Clock clock;
  private final StateStore states;
  private final Trash trash;
  private final ReleaseStateStore stateStore;
  private final ReleaseDirectory directory;
  private final Staging staging;

  /**
   * @param keptAfterSwitch how long a revision stays after {@code current} left it
   */
  RevisionGc(
      Duration keptAfterSwitch,
      Clock clock,
      StateStore states,
      Trash trash,
      ReleaseStateStore stateStore,
      ReleaseDirectory directory,
      Staging staging) {
    this.keptAfterSwitch = keptAfterSwitch;
    this.clock = clock;
    this.states = states;
    this.trash = trash;
    this.stateStore = stateStore;
    this.directory = directory;
    this.staging = staging;
  }

  /** See {@link Release#retain}. */
  Optional<Instant> retain(Collection<String> manifestDigests) throws IOException {
    var now = clock.instant();
    var current = directory.current();
    Optional<Instant> again = Optional.empty();
    try {
      for (var stored : stateStore.state().revisions()) {
        if (stored.inherited()
            || manifestDigests.contains(stored.content().manifestDigest())
            || current.filter(stored.revision()::equals).isPresent()) {
          continue;
        }
        var left = Math.min(stored.leftAt(), now.toEpochMilli());
        var due = Instant.ofEpochMilli(left).plus(keptAfterSwitch);
        if (left == 0 || !due.isAfter(now)) {
          drop(stored);
        } else if (again.isEmpty() || due.isBefore(again.get())) {
          again = Optional.of(due);
        }
      }
    } finally {
      trash.empty(); // on a full disk this frees the space for the record
    }
    stateStore.notAfter(
        now.toEpochMilli()); // otherwise a clock that was set back would keep it for longer
    states.keepSpare();
    return again;
  }

  /** See {@link Release#remove}. */
  void remove() throws IOException {
    dropStaged();
    var state = stateStore.state();
    if (state.deletionPolicy() == DeletionPolicy.RETAIN) {
      stateStore.removed(state.revisions());
      return;
    }
    removeAll(state);
  }

  /**
   * Removes everything, also what was retained: the namespace that it was retained for is gone.
   * Content kept instead would grow and count against no quota.
   */
  void evict() throws IOException {
    dropStaged();
    removeAll(stateStore.state());
  }

  private void dropStaged() throws IOException {
    for (var stored : stateStore.state().revisions()) {
      if (stored.phase() == Phase.STAGED) {
        drop(stored);
      }
    }
  }

  private void removeAll(ReleaseState state) throws IOException {
    directory.removeAll(state.placedNames(), trash);
    trash.empty();
    stateStore.removed(List.of());
    for (var stored : state.revisions()) {
      staging.forget(stored.content());
    }
  }

  private void drop(StoredRevision stored) throws IOException {
    if (stored.phase() != Phase.STAGED) {
      directory.discard(stored.revision(), trash);
    }
    stateStore.remove(stored);
    staging.drop(stored.content());
    staging.forget(stored.content());
  }
}
