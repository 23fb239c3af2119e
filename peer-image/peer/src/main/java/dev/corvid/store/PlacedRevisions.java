package dev.corvid.store;

import dev.corvid.store.disk.OpenFileCache;
import dev.corvid.store.state.ReleaseStateStore;
import dev.corvid.store.state.StateStore;
import dev.corvid.store.state.StoredRevision;
import dev.corvid.store.state.StoredRevision.Phase;
import dev.corvid.store.tree.ReleaseDirectory;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The revisions of one release that stand below {@code revisions}, damaged or not. */
final class PlacedRevisions {
  private final StateStore states;
  private final ReleaseStateStore stateStore;
  private final ReleaseDirectory directory;
  private final OpenFileCache openFiles;

  PlacedRevisions(
      StateStore states,
      ReleaseStateStore stateStore,
      ReleaseDirectory directory,
      OpenFileCache openFiles) {
    this.states = states;
    this.stateStore = stateStore;
    this.directory = directory;
    this.openFiles = openFiles;
  }

  Revision of(StoredRevision stored) {
    return new Revision(states, directory, openFiles, stored);
  }

  /** The active one first. */
  List<Revision> all() throws IOException {
    var active = active();
    return stateStore.state().revisions().stream()
        .filter(each -> each.phase() != Phase.STAGED)
        .sorted(Comparator.comparing(each -> active.filter(each::equals).isEmpty()))
        .map(this::of)
        .toList();
  }

  /** The one that {@code current} points to. */
  Optional<StoredRevision> active() throws IOException {
    var name = directory.current();
    return stateStore.state().revisions().stream()
        .filter(each -> each.phase() != Phase.STAGED)
        .filter(each -> name.filter(each.revision()::equals).isPresent())
        .findFirst();
  }
}
