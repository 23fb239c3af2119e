package dev.corvid.store;

import dev.corvid.bittorrent.metainfo.FileKind;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.metainfo.MetainfoException;
import dev.corvid.store.disk.Directory;
import dev.corvid.store.disk.Tree;
import dev.corvid.store.disk.TreeFiles;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.state.ReleaseStateStore;
import dev.corvid.store.state.StateStore;
import dev.corvid.store.state.StoredRevision;
import dev.corvid.store.state.StoredRevision.Phase;
import dev.corvid.store.tree.Damage;
import dev.corvid.store.tree.ReleaseDirectory;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Reconciles the record of a release with what is on the disk. */
final class StartupScan {
  private static final Logger LOG = Logger.getLogger(StartupScan.class.getName());

  private final StateStore states;
  private final ReleaseStateStore stateStore;
  private final ReleaseDirectory directory;
  private final Staging staging;
  private final Set<String> trusted = new HashSet<>();
  private final Map<String, Damage> damages = new HashMap<>();

  StartupScan(
      StateStore states,
      ReleaseStateStore stateStore,
      ReleaseDirectory directory,
      Staging staging) {
    this.states = states;
    this.stateStore = stateStore;
    this.directory = directory;
    this.staging = staging;
  }

  /** This process has finished or inspected the revision, and need not do so again. */
  void trust(StoredRevision stored) {
    trusted.add(stored.content().manifestDigest());
    damages.remove(stored.content().manifestDigest());
  }

  /**
   * After any end of the process before: what was staged may have been renamed into place already,
   * what was there may have gone into the trash.
   */
  void recover() throws IOException {
    for (var stored : stateStore.state().revisions()) {
      var isPlaced = directory.has(stored.revision());
      switch (stored.phase()) {
        case HELD -> {
          if (!isPlaced) {
            stateStore.remove(stored);
          }
        }
        case STAGED, DAMAGED -> {
          var stamp = isPlaced ? staging.placedStamp(stored.content()) : Optional.<Long>empty();
          if (stamp.isPresent()) {
            stateStore.put(stored.held(stamp.get()));
          } else if (!isPlaced && stored.phase() == Phase.DAMAGED) {
            stateStore.put(stored.in(Phase.STAGED));
          }
        }
      }
    }
  }

  /** Whether anything of it stands below {@code revisions}. */
  boolean isPlaced(StoredRevision stored) throws IOException {
    return directory.has(stored.revision());
  }

  /** A check has read all of a held revision, and found damage. */
  void damaged(StoredRevision stored, Damage damage) throws StoreException {
    trusted.remove(stored.content().manifestDigest());
    damages.put(stored.content().manifestDigest(), damage);
    stateStore.put(stored.in(Phase.DAMAGED));
  }

  /** What a check found wrong with it; empty if none has run. */
  Optional<Damage> damage(StoredRevision stored) {
    return Optional.ofNullable(damages.get(stored.content().manifestDigest()));
  }

  /** Marks a held revision as damaged if a file differs in size or modification time. */
  void inspect(StoredRevision stored) throws IOException {
    if (trusted.contains(stored.content().manifestDigest())) {
      return;
    }
    var damage = findDamage(stored);
    if (damage.isEmpty()) {
      trust(stored);
      return;
    }
    LOG.log(
        Level.SEVERE,
        "revision %s of %s: '%s' was changed or removed on this node; it is repaired"
            .formatted(stored.revision(), stateStore.state().release(), damage.get()));
    stateStore.put(stored.in(Phase.DAMAGED));
  }

  /**
   * A process that can write to a finished file can also restore size and time: this finds
   * accidents, not attacks.
   */
  private Optional<String> findDamage(StoredRevision stored) throws IOException {
    var id = Staging.id(directory.release(), stored.content());
    Metainfo metainfo;
    try {
      metainfo = states.info(id);
    } catch (NoSuchFileException | MetainfoException e) {
      return Optional.of(".corvid/state/" + id + ".info");
    }
    try (var tree = new Tree(directory.enter(stored.revision()))) {
      var files = states.files(id, metainfo, tree);
      for (var file = 0; file < metainfo.fileCount(); file++) {
        if (metainfo.kind(file) == FileKind.FILE && !isAsFinished(files, file, stored.stamp())) {
          return Optional.of(metainfo.path(file));
        }
      }
      return Optional.empty();
    }
  }

  private static boolean isAsFinished(TreeFiles files, int file, long stamp) throws IOException {
    var length = files.metainfo().length(file);
    return files
        .find(file)
        .filter(found -> found.kind() == Directory.Kind.FILE && found.size() == length)
        .filter(found -> file == 0 || found.modified() == stamp) // the manifest is not stamped
        .isPresent();
  }
}
