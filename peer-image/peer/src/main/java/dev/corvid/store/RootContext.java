package dev.corvid.store;

import dev.corvid.store.disk.Directory;
import dev.corvid.store.disk.OpenFileCache;
import dev.corvid.store.disk.Trash;
import dev.corvid.store.piece.StoreExecutors;
import dev.corvid.store.quota.DiskQuota;
import dev.corvid.store.state.StateStore;
import dev.corvid.wire.config.Roots;

/**
 * What the releases below a root share. A {@link Release} takes from it what each of its classes
 * needs; those do not see it.
 */
record RootContext(
    Roots.Root config,
    StoreOptions options,
    StoreExecutors executors,
    Directories directories,
    StateStore states,
    DiskQuota quota,
    OpenFileCache openFiles) {
  /**
   * @param top the root itself
   * @param staging unfinished revisions of all releases
   */
  record Directories(Directory top, Directory staging, Trash trash) {}
}
