package dev.corvid.store;

import dev.corvid.store.disk.OpenFileCache;
import dev.corvid.store.disk.Trash;
import dev.corvid.store.piece.StoreExecutors;
import dev.corvid.store.quota.DiskQuota;
import dev.corvid.store.state.StoredRevision;
import dev.corvid.store.tree.Damage;
import dev.corvid.store.tree.FileRepair;
import dev.corvid.store.tree.ReleaseDirectory;
import dev.corvid.store.tree.RepairFiles;
import dev.corvid.wire.grant.Content;
import java.io.IOException;
import java.util.Optional;

/** Opens repairs of damaged revisions, and renames what they made into place. */
final class RepairFactory {
  private final ReleaseDirectory directory;
  private final Staging staging;
  private final Trash trash;
  private final DiskQuota quota;
  private final OpenFileCache openFiles;
  private final StoreExecutors executors;

  RepairFactory(
      ReleaseDirectory directory,
      Staging staging,
      Trash trash,
      DiskQuota quota,
      OpenFileCache openFiles,
      StoreExecutors executors) {
    this.directory = directory;
    this.staging = staging;
    this.trash = trash;
    this.quota = quota;
    this.openFiles = openFiles;
    this.executors = executors;
  }

  /** Remembers that a revision is whole again. */
  @FunctionalInterface
  interface Repaired {
    Revision of(StoredRevision damaged) throws IOException;
  }

  /**
   * Empty if so little of the revision is left that it has to be downloaded again.
   *
   * @param damage finds it; may take as long as reading all of the revision
   */
  Optional<Repair> open(
      StoredRevision damaged, StoreExecutors.Task<Damage> damage, Repaired repaired)
      throws IOException, InterruptedException {
    return executors.compute(
        () -> {
          var found = damage.run();
          return found.isDeep()
              ? Optional.empty()
              : Optional.of(open(damaged, found, new Owner(repaired)));
        });
  }

  private Repair open(StoredRevision damaged, Damage damage, Repair.Owner owner)
      throws IOException {
    var content = damaged.content();
    var placed = staging.placed(content, directory);
    var staged = staging.repairTree(content, placed.metainfo());
    var repair =
        new Repair(
            owner,
            damaged,
            damage,
            new RepairFiles(placed, staged, damage.files()),
            quota,
            openFiles);
    try {
      repair.start();
      return repair;
    } catch (IOException | RuntimeException e) {
      repair.close();
      throw e;
    }
  }

  private final class Owner implements Repair.Owner {
    private final Repaired repaired;

    Owner(Repaired repaired) {
      this.repaired = repaired;
    }

    @Override
    public Revision finish(StoredRevision damaged, RepairFiles files)
        throws IOException, InterruptedException {
      return executors.compute(
          () -> {
            new FileRepair(files.placed(), files.staged(), files.damaged(), trash)
                .run(damaged.stamp());
            return repaired.of(damaged);
          });
    }

    @Override
    public void closed(Content content) throws IOException {
      staging.dropRepairTree(content);
      trash.empty();
    }

    @Override
    public String toString() {
      return directory.release().toString();
    }
  }
}
