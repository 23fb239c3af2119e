package dev.corvid.store;

import dev.corvid.metainfo.Metainfo;
import dev.corvid.wire.Content;
import java.io.IOException;

/** One whole, verified, immutable revision on this node's disk. */
public final class Revision {
  private final Root root;
  private final ReleaseDirectory directory;
  private final Staging staging;
  private final ReleaseState.Stored stored;

  Revision(Root root, ReleaseDirectory directory, Staging staging, ReleaseState.Stored stored) {
    this.root = root;
    this.directory = directory;
    this.staging = staging;
    this.stored = stored;
  }

  public Content content() {
    return stored.content();
  }

  public Metainfo metainfo() throws StoreException {
    try {
      return root.state().info(staging.id(content()));
    } catch (IOException e) {
      throw DiskFailure.of("cannot read the metainfo of " + this, e);
    }
  }

  /** For seeding; close it. */
  public SeedStorage open() throws StoreException {
    var metainfo = metainfo();
    try {
      var tree = new Tree(directory.enter(content().revision()));
      var files = root.state().files(staging.id(content()), metainfo, tree);
      return new SeedStorage(new TorrentFiles(metainfo, files, root.openFiles()), tree);
    } catch (IOException e) {
      throw DiskFailure.of("cannot open " + this, e);
    }
  }

  @Override
  public String toString() {
    return "revision " + content().revision() + " of " + directory;
  }
}
