package dev.corvid.store;

import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.store.disk.Directory;
import dev.corvid.store.disk.OpenFileCache;
import dev.corvid.store.disk.Trash;
import dev.corvid.store.disk.Tree;
import dev.corvid.store.disk.TreeFiles;
import dev.corvid.store.piece.PieceLog;
import dev.corvid.store.piece.TorrentFiles;
import dev.corvid.store.state.StateStore;
import dev.corvid.store.tree.ReleaseDirectory;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.ReleaseName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * The unfinished revisions of one release, below {@code .corvid/staging}: for each a tree and its
 * piece log. Manifest and info dictionary are where they stay, with the records.
 */
final class Staging {
  private static final String TREE = "tree";
  private static final String LOG = "log";

  private final ReleaseName release;
  private final Directory staging;
  private final StateStore states;
  private final Trash trash;
  private final OpenFileCache openFiles;
  private final String bootId;

  Staging(
      ReleaseName release,
      Directory staging,
      StateStore states,
      Trash trash,
      OpenFileCache openFiles,
      String bootId) {
    this.release = release;
    this.staging = staging;
    this.states = states;
    this.trash = trash;
    this.openFiles = openFiles;
    this.bootId = bootId;
  }

  /** What a revision's directory and files are called below {@code .corvid}. */
  static String id(ReleaseName release, Content content) {
    return release.namespace() + "." + release.name() + "." + content.revision();
  }

  private String id(Content content) {
    return id(release, content);
  }

  /** The metainfo, once {@link #begin} has kept it. */
  Optional<Metainfo> metainfo(Content content) throws IOException {
    try {
      return Optional.of(states.info(id(content)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  void begin(Content content, Metainfo metainfo) throws IOException {
    states.writeInfo(id(content), metainfo);
  }

  /** Opens what is staged, or begins from nothing. */
  StagedRevision open(Content content, Metainfo metainfo) throws IOException {
    try (var staged = staging.make(id(content))) {
      var log = openLog(staged, content);
      if (log.isEmpty()) {
        trash.take(staged, TREE); // of another torrent, or of unknown origin
      }
      var source = states.files(id(content), metainfo, new Tree(staged.make(TREE)));
      return new StagedRevision(states, source, new TorrentFiles(metainfo, source, openFiles), log);
    }
  }

  /** Renames the tree to where pods see it. */
  void place(Content content, ReleaseDirectory directory, boolean replacing) throws IOException {
    try (var staged = staging.enter(id(content))) {
      directory.place(staged, TREE, content.revision(), replacing ? trash : null);
    }
  }

  /** If the tree was renamed and that is not in the record yet: the stamp of its files. */
  Optional<Long> placedStamp(Content content) throws IOException {
    try (var staged = staging.enter(id(content))) {
      if (staged.find(TREE).isPresent()) {
        return Optional.empty();
      }
      try (var log = openLog(staged, content)) {
        return Optional.of(log.placing()).filter(stamp -> stamp != 0);
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** The files of a revision that was renamed into place. */
  TreeFiles placed(Content content, ReleaseDirectory directory) throws IOException {
    var metainfo = states.info(id(content));
    return states.files(id(content), metainfo, new Tree(directory.enter(content.revision())));
  }

  /** An empty tree in staging, for the new files of a repair. */
  TreeFiles repairTree(Content content, Metainfo metainfo) throws IOException {
    dropRepairTree(content);
    try (var made = staging.make(repairId(content))) {
      return new TreeFiles(metainfo, new Tree(made.make(TREE)));
    }
  }

  void dropRepairTree(Content content) throws IOException {
    trash.take(staging, repairId(content));
  }

  private String repairId(Content content) {
    return id(content) + ".mending";
  }

  void drop(Content content) throws IOException {
    trash.take(staging, id(content));
  }

  /** What is kept of the revision beside the records. */
  void forget(Content content) throws IOException {
    states.forget(id(content));
  }

  private PieceLog openLog(Directory staged, Content content) throws IOException {
    return PieceLog.open(
        staged.write(LOG), content.infoHash().getBytes(StandardCharsets.US_ASCII), bootId);
  }
}
