package dev.corvid.store;

import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.metainfo.MetainfoException;
import dev.corvid.store.disk.DiskError;
import dev.corvid.store.disk.OpenFileCache;
import dev.corvid.store.disk.Tree;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.piece.SeedStorage;
import dev.corvid.store.piece.TorrentFiles;
import dev.corvid.store.state.StateStore;
import dev.corvid.store.state.StoredRevision;
import dev.corvid.store.tree.Damage;
import dev.corvid.store.tree.ReadThrottle;
import dev.corvid.store.tree.ReleaseDirectory;
import dev.corvid.store.tree.TreeCheck;
import dev.corvid.wire.grant.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;

/** One whole, verified, immutable revision on this node's disk. */
public final class Revision {
  private final StateStore states;
  private final ReleaseDirectory directory;
  private final OpenFileCache openFiles;
  private final StoredRevision stored;
  private final String id;

  Revision(
      StateStore states,
      ReleaseDirectory directory,
      OpenFileCache openFiles,
      StoredRevision stored) {
    this.states = states;
    this.directory = directory;
    this.openFiles = openFiles;
    this.stored = stored;
    this.id = Staging.id(directory.release(), stored.content());
  }

  public Content content() {
    return stored.content();
  }

  /** Bytes of it that this node had already when it came. */
  public long bytesReused() {
    return stored.reused();
  }

  public Metainfo metainfo() throws StoreException {
    try {
      return states.info(id);
    } catch (IOException e) {
      throw DiskError.of("cannot read the metainfo of " + this, e);
    }
  }

  /**
   * Reads all of it again and compares it with what was published.
   *
   * @throws StoreException when that was broken off
   */
  public Damage check(ReadThrottle throttle) throws StoreException {
    try (var source = reuseSource()) {
      var digest =
          TreeCheck.sha256(
              source.manifest(), source.manifest().size(), ByteBuffer.allocate(64 << 10), throttle);
      var metainfo = states.info(id);
      if (digest.filter(each -> content().manifestDigest().endsWith(each)).isEmpty()
          || !metainfo.infoHash().hex().equals(content().infoHash())) {
        return Damage.deep(".corvid/state/" + id);
      }
      return new TreeCheck(metainfo, source.tree(), stored.stamp(), throttle).run(source.entries());
    } catch (NoSuchFileException | MetainfoException e) {
      return Damage.deep(".corvid/state/" + id);
    } catch (IOException e) {
      throw DiskError.of("cannot check " + this, e);
    }
  }

  /** For seeding; close it. */
  public SeedStorage open() throws StoreException {
    var metainfo = metainfo();
    try {
      var tree = new Tree(directory.enter(content().revision()));
      var files = states.files(id, metainfo, tree);
      return new SeedStorage(new TorrentFiles(metainfo, files, openFiles), tree);
    } catch (IOException e) {
      throw DiskError.of("cannot open " + this, e);
    }
  }

  /** For another revision that may have files in common with it; close it. */
  ReuseSource reuseSource() throws IOException {
    var manifest = states.manifest(id);
    try {
      return new ReuseSource(toString(), manifest, new Tree(directory.enter(content().revision())));
    } catch (IOException e) {
      manifest.close();
      throw e;
    }
  }

  @Override
  public String toString() {
    return "revision " + content().revision() + " of " + directory;
  }
}
