package dev.corvid.store;

import dev.corvid.store.ReleaseState.Phase;
import dev.corvid.store.ReleaseState.Stored;
import dev.corvid.wire.DeletionPolicy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What a release no longer needs leaves the disk; see {@link Release} for the order of steps. */
final class CleanUp {
  private final Root root;
  private final ReleaseMemory memory;
  private final ReleaseDirectory directory;
  private final Staging staging;

  CleanUp(Root root, ReleaseMemory memory, ReleaseDirectory directory, Staging staging) {
    this.root = root;
    this.memory = memory;
    this.directory = directory;
    this.staging = staging;
  }

  /** See {@link Release#retain}. */
  Optional<Instant> retain(Collection<String> manifestDigests) throws IOException {
    var now = root.options().clock().instant();
    Duration keepAfterSwitch = root.config().keptAfterSwitch();
    var current = directory.current();
    Optional<Instant> again = Optional.empty();
    try {
      for (var stored : memory.state().revisions()) {
        if (stored.inherited()
            || manifestDigests.contains(stored.content().manifestDigest())
            || current.filter(stored.revision()::equals).isPresent()) {
          continue;
        }
        var left = Math.min(stored.leftAt(), now.toEpochMilli());
        var due = Instant.ofEpochMilli(left).plus(keepAfterSwitch);
        if (left == 0 || !due.isAfter(now)) {
          drop(stored);
        } else if (again.isEmpty() || due.isBefore(again.get())) {
          again = Optional.of(due);
        }
      }
    } finally {
      root.trash().empty(); // on a full disk that is what makes room for the record
    }
    memory.notAfter(now.toEpochMilli()); // else a clock that was set back kept it for longer
    root.state().keepSpare();
    return again;
  }

  /** See {@link Release#remove}. */
  void remove() throws IOException {
    dropStaged();
    var state = memory.state();
    if (state.deletionPolicy() == DeletionPolicy.RETAIN) {
      memory.removed(state.revisions());
      return;
    }
    removeAll(state);
  }

  /**
   * Removes everything, also what was retained: the namespace that it was retained for is gone. To
   * put it aside instead would let content grow that counts against nobody's quota.
   */
  void evict() throws IOException {
    dropStaged();
    removeAll(memory.state());
  }

  private void dropStaged() throws IOException {
    for (var stored : memory.state().revisions()) {
      if (stored.phase() == Phase.STAGED) {
        drop(stored);
      }
    }
  }

  private void removeAll(ReleaseState state) throws IOException {
    directory.removeAll(state.placedNames(), root.trash());
    root.trash().empty();
    memory.removed(List.of());
    for (var stored : state.revisions()) {
      root.state().forget(staging.id(stored.content()));
    }
  }

  private void drop(Stored stored) throws IOException {
    if (stored.phase() != Phase.STAGED) {
      directory.discard(stored.revision(), root.trash());
    }
    memory.remove(stored);
    staging.drop(stored.content());
    root.state().forget(staging.id(stored.content()));
  }
}
