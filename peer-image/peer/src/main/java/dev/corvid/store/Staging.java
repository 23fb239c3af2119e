package dev.corvid.store;

import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.store.disk.Directory;
import dev.corvid.store.disk.Tree;
import dev.corvid.store.disk.TreeFiles;
import dev.corvid.store.piece.PieceLog;
import dev.corvid.store.piece.TorrentFiles;
import dev.corvid.store.quota.Footprint;
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

  private final Root root;
  private final ReleaseName release;

  Staging(Root root, ReleaseName release) {
    this.root = root;
    this.release = release;
  }

  /** What a revision's directory and files are called below {@code .corvid}. */
  String id(Content content) {
    return release.namespace() + "." + release.name() + "." + content.revision();
  }

  /** The metainfo, once {@link #begin} has kept it. */
  Optional<Metainfo> metainfo(Content content) throws IOException {
    try {
      return Optional.of(root.states().info(id(content)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  void begin(Content content, Metainfo metainfo) throws IOException {
    root.states().writeInfo(id(content), metainfo);
  }

  /** Resumes what is staged, or begins from nothing. */
  RevisionDownload open(Release owner, Content content, Metainfo metainfo, Footprint disk)
      throws IOException {
    try (var staged = root.staging().make(id(content))) {
      var log = openLog(staged, content);
      if (log.isEmpty()) {
        root.trash().take(staged, TREE); // of another torrent, or of unknown origin
      }
      var source = root.states().files(id(content), metainfo, new Tree(staged.make(TREE)));
      var files = new TorrentFiles(metainfo, source, root.openFiles());
      var download = new RevisionDownload(root, owner, content, disk, source, files, log);
      try {
        download.start();
        return download;
      } catch (IOException | RuntimeException e) {
        download.close();
        throw e;
      }
    }
  }

  /** Renames the tree to where pods see it. */
  void place(Content content, ReleaseDirectory directory, boolean replacing) throws IOException {
    try (var staged = root.staging().enter(id(content))) {
      directory.place(staged, TREE, content.revision(), replacing ? root.trash() : null);
    }
  }

  /** If the tree was renamed and that is not in the record yet: the stamp of its files. */
  Optional<Long> placedStamp(Content content) throws IOException {
    try (var staged = root.staging().enter(id(content))) {
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

  /** An empty tree in staging, for the new files of a repair. */
  TreeFiles repairTree(Content content, Metainfo metainfo) throws IOException {
    dropRepairTree(content);
    try (var made = root.staging().make(repairId(content))) {
      return new TreeFiles(metainfo, new Tree(made.make(TREE)));
    }
  }

  void dropRepairTree(Content content) throws IOException {
    root.trash().take(root.staging(), repairId(content));
  }

  private String repairId(Content content) {
    return id(content) + ".mending";
  }

  void drop(Content content) throws IOException {
    root.trash().take(root.staging(), id(content));
  }

  private PieceLog openLog(Directory staged, Content content) throws IOException {
    return PieceLog.open(
        staged.write(LOG),
        content.infoHash().getBytes(StandardCharsets.US_ASCII),
        root.options().bootId());
  }
}
