package dev.corvid.store.quota;

import dev.corvid.bittorrent.metainfo.FileKind;
import dev.corvid.bittorrent.metainfo.Metainfo;

/**
 * Disk space of a revision, as quotas count it: computed from the torrent's info dictionary and the
 * manifest, not taken from the publication. Java cannot ask a file system for its inodes, so they
 * are counted here.
 *
 * @param bytes in whole blocks, and one block more for each inode, empty or not
 * @param files files, directories and links
 */
public record Footprint(long bytes, long files) {
  public static final Footprint NOTHING = new Footprint(0, 0);

  private static final int BLOCK = 4096;

  /**
   * Directories of the release, of the revision and of its staging, info, manifest, log, record.
   */
  private static final int OWN_FILES = 10;

  private static final int LOG_RECORD = 16;

  public Footprint {
    if (bytes < 0 || files < 0) {
      throw new IllegalArgumentException("a footprint cannot be negative");
    }
  }

  public Footprint plus(Footprint other) {
    return new Footprint(bytes + other.bytes, files + other.files);
  }

  /** As far as the info dictionary has it: empty directories are only in the manifest. */
  public static Footprint of(Metainfo metainfo) {
    var tree = new Counter();
    for (var file = 1; file < metainfo.fileCount(); file++) {
      if (metainfo.kind(file) != FileKind.PAD) {
        tree.add(metainfo.path(file), metainfo.length(file));
      }
    }
    return ofOwn(metainfo).plus(tree.total());
  }

  /** What Corvid keeps beside the tree: the manifest, the info dictionary, the piece log. */
  public static Footprint ofOwn(Metainfo metainfo) {
    var records = 2L * metainfo.pieceCount() + metainfo.fileCount();
    return new Footprint(
        blocks(metainfo.length(0))
            + blocks(metainfo.infoBytes().remaining())
            + blocks(records * LOG_RECORD)
            + (long) OWN_FILES * BLOCK,
        OWN_FILES);
  }

  private static long blocks(long bytes) {
    return Math.ceilDiv(bytes, (long) BLOCK) * BLOCK;
  }

  /**
   * Counts a tree, and each directory of it once, from its paths in the manifest's order: there all
   * that is below a directory stands together. In another order nothing is counted too little.
   */
  public static final class Counter {
    private String last = "";
    private long bytes;
    private long files;

    /** A file, or a link or an empty directory, which have no length. */
    public void add(String path, long length) {
      var inodes = 1 + newDirectories(path);
      last = path;
      files += inodes;
      bytes += blocks(length) + inodes * BLOCK;
    }

    public Footprint total() {
      return new Footprint(bytes, files);
    }

    private long newDirectories(String path) {
      var at = 0;
      var common = 0;
      while (at < path.length() && at < last.length() && path.charAt(at) == last.charAt(at)) {
        at++;
        common = path.charAt(at - 1) == '/' ? at : common;
      }
      return path.chars().skip(common).filter(each -> each == '/').count();
    }
  }
}
